import Weir
import WeirWire

/// A parameter of a pipeline: what a user may set, and how the stages use it as `$name`.
struct ParameterDeclaration {
    let name: String
    let span: SourceSpan
    /// Nil when the declaration is wrong, which has been reported.
    let type: DeclaredType?
    let fallback: Node?
    let help: String

    /// What may be said of a parameter.
    struct Body: ParameterGroup {
        @Parameter("What the parameter takes.") var type: DeclaredType
        @Parameter("The value when nobody sets one.", key: "default") var fallback: WrittenValue?
        @Parameter("One sentence about the parameter.") var help: String?
    }

    /// Reads the map under `parameters`.
    static func read(_ node: Node, _ findings: Findings) -> [ParameterDeclaration] {
        guard let entries = node.entries else {
            findings.error(
                "`parameters` takes a map, found \(node.summary)", at: node.span,
                help: "write `name: { type: integer, default: 1, help: … }`")
            return []
        }
        return entries.map { ParameterDeclaration($0, findings) }
    }

    private init(_ entry: Node.Entry, _ findings: Findings) {
        let body = Body()
        let isMap = entry.value.entries?.isEmpty == false
        if isMap {
            let faults = body.fill(from: entry.value, missingAt: entry.keySpan) { .unknownKey($0, known: $1) }
            findings.report(faults.map { $0.inside(entry.key) })
        } else {
            findings.error(
                "the parameter `\(entry.key)` is declared with a map, found \(entry.value.summary)",
                at: entry.value.summary == "nothing" ? entry.keySpan : entry.value.span,
                help: "write `\(entry.key): { type: …, default: … }`")
        }
        if !isParameterName(entry.key) {
            findings.error(
                "\(quoted(entry.key)) cannot be the name of a parameter", at: entry.keySpan,
                help: "a name has letters, digits, `-` and `_`, and begins with a letter")
        }
        name = entry.key
        span = entry.keySpan
        type = body.$type.isGiven ? body.type : nil
        fallback = body.fallback?.node
        help = body.help ?? ""
    }

    /// The environment variable that sets the parameter.
    var environmentVariable: String { "WEIR_" + name.uppercased().replacing("-", with: "_") }
}

/// Whether `name` can stand behind a dollar.
func isParameterName(_ name: String) -> Bool {
    name.unicodeScalars.first.map(isNameStart) == true && name.unicodeScalars.allSatisfy(isNamePart)
}

func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
}

func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    isNameStart(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
}

/// The types that a pipeline's parameter can be declared with.
enum DeclaredType: String, ParameterWord {
    case ipv4, ipv6, mac, prefix, integer, number, boolean, string, duration, bytes, rate, ranges, path

    /// What is wrong with `node` as a value of the type.
    func faults(of node: Node) -> [Diagnostic] {
        do {
            switch self {
            case .ipv4: _ = try IPv4Address(node: node)
            case .ipv6: _ = try IPv6Address(node: node)
            case .mac: _ = try MACAddress(node: node)
            case .prefix: if (try? IPv6Prefix(node: node)) == nil { _ = try IPv4Prefix(node: node) }
            case .integer: _ = try Int(node: node)
            case .number: _ = try Double(node: node)
            case .boolean: _ = try Bool(node: node)
            case .string: _ = try String(node: node)
            case .duration: _ = try Duration(node: node)
            case .bytes: _ = try ByteCount(node: node)
            case .rate: _ = try Rate(node: node)
            case .ranges: _ = try IntegerRanges(node: node)
            case .path: _ = try FileLocation(node: node)
            }
            return []
        } catch {
            return error.diagnostics
        }
    }
}
