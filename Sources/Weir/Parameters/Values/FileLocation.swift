/// A file that a stage reads or writes; `-` is standard input or output.
///
/// A relative path starts from the folder of the pipeline file that it is written in, and on the command line from the
/// working folder.
public struct FileLocation: Hashable, Sendable {
    /// The path as it was written.
    public let text: String
    /// The path from the working folder.
    public let path: String

    /// A path from the working folder.
    public init(_ path: String) { (text, self.path) = (path, path) }

    /// Whether this is `-`.
    public var isStandardStream: Bool { text == "-" }
}

extension FileLocation: ParameterValue {
    public static var type: ParameterType { ParameterType(.file, "file", examples: ["frames.pcap", "-"]) }

    public init(node: Node) throws(ValueError) {
        guard let text = node.text, !text.isEmpty else { throw ValueError(expected: Self.type, found: node) }
        guard !text.utf8.contains(0) else { throw ValueError("a path has no zero bytes", at: node) }
        self.text = text
        path = text == "-" ? text : node.home.resolve(text)
    }

    public var canonicalText: String { text }
}
