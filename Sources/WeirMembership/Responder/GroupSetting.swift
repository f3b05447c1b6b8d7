import Weir
import WeirWire

/// What a host wants of a group from some time on, as YAML has it:
///
/// | written | means |
/// |---|---|
/// | `239.255.0.100` | a member for any source |
/// | `{ group: 232.1.1.1, include: [192.0.2.7] }` | for these sources only |
/// | `{ group: 239.1.1.1, exclude: [192.0.2.9] }` | for all but these |
/// | `{ group: 239.1.1.1, include: [], at: 60s }` | no longer, from a minute after the start |
public struct GroupSetting<Address: GroupAddress>: ParameterValue {
    public let group: Address
    public let filter: SourceFilter<Address>
    /// From the time when the host joins its first groups.
    public let time: Duration

    public init(_ group: Address, _ filter: SourceFilter<Address> = .everything, at time: Duration = .zero) {
        self.group = group
        self.filter = filter
        self.time = time
    }

    struct Parts: ParameterGroup {
        @Parameter("The group.") var group: Address
        @Parameter("The sources that are wanted; none at all to leave.") var include: [Address]?
        @Parameter("The sources that are not wanted.") var exclude: [Address]?
        @Parameter("When, after the host has joined its first groups.", default: .zero) var at: Duration
    }

    public static var type: ParameterType {
        let example = Address.exampleGroup
        return ParameterType(
            .custom, "group", examples: [example, "{ group: \(example), include: [], at: 60s }"])
    }

    public init(node: Node) throws(ValueError) {
        guard node.entries != nil, node.text == nil else {
            self.init(try Address(node: node))
            return
        }
        let parts = try Parts(node: node)
        if let include = parts.include {
            guard parts.exclude == nil else {
                throw ValueError([
                    .error("a group has either `include` or `exclude`", at: node, help: ["leave one of them out"])
                ])
            }
            self.init(parts.group, SourceFilter(.include, include), at: parts.at)
        } else {
            self.init(parts.group, SourceFilter(.exclude, parts.exclude ?? []), at: parts.at)
        }
    }

    public var canonicalText: String {
        let key = filter.mode == .include ? "include" : "exclude"
        if filter == .everything, time == .zero { return group.canonicalText }
        let sources = filter == .everything ? "" : ", \(key): \(filter.sources.canonicalText)"
        let at = time == .zero ? "" : ", at: \(time.canonicalText)"
        return "{ group: \(group.canonicalText)\(sources)\(at) }"
    }
}
