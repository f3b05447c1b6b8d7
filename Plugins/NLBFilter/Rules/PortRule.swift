import Weir
import WeirWire

/// What happens to packets for some ports of the cluster, as YAML has it.
public struct PortRule: ParameterGroup {
    public enum Transport: String, CaseIterable, ParameterWord { case tcp, udp, both }

    public enum Filtering: String, CaseIterable, ParameterWord { case multiple, single, disabled }

    @Parameter("The cluster address that the rule is for; all without it.") public var address: AnyIPAddress?
    @Parameter("The ports at the cluster.", in: 0...65535) public var ports: IntegerRanges
    @Parameter("The protocol.", default: .both) public var `protocol`: Transport
    @Parameter(
        "`multiple` hosts share the packets, a `single` host handles them, or the ports are `disabled`.",
        default: .multiple)
    public var filtering: Filtering
    @Parameter(
        "What packets of one client have in common, for `multiple`: `none`, `single` or `network`.", default: .single)
    public var affinity: Affinity
    @Parameter("Load weights from 0 to 100 by host, for `multiple`; 50 for hosts that are not named.")
    public var weights: HostWeights?
    @Parameter(
        "The hosts in the order in which they handle the ports, for `single`: the first that is up does.", in: 1...32)
    public var handling: [Int]?
    @Parameter(
        "Extended affinity: time after a client's last packet for which it keeps its host.", in: .seconds(1)...)
    public var timeout: Duration?
    public init() {}
}

extension PortRule {
    /// What the rule says of hosts, without the ports.
    enum Sharing: Hashable {
        case multiple(HostWeights?)
        case single([Int])
        case disabled
    }

    var sharing: Sharing {
        switch filtering {
        case .multiple: .multiple(weights)
        case .single: .single(handling ?? [])
        case .disabled: .disabled
        }
    }

    /// For the summary of a map: `80/tcp`.
    var name: String {
        let transport = `protocol` == .both ? "" : "/\(`protocol`.rawValue)"
        return (address.map { "\($0) " } ?? "") + ports.canonicalText + transport
    }

    /// What is wrong with the rule, which is the one with this `index`, by itself.
    func check(index: Int, cluster: [AnyIPAddress], hosts: IntegerRanges) throws {
        func fault(_ parameter: String, _ message: String, help: String, against other: String? = nil)
            -> ConfigurationError
        {
            let related = other.map {
                [ConfigurationError.Related(parameter: "rules[\(index)].\($0)", message: "this rules it out")]
            }
            return ConfigurationError(
                parameter: "rules[\(index)].\(parameter)", message, help: help, related: related ?? [])
        }
        if let address, !cluster.contains(address) {
            throw fault("address", "`\(address)` is not an address of the cluster", help: "add it to `cluster`")
        }
        let isMultiple = filtering == .multiple
        for (parameter, isGiven) in [
            ("affinity", $affinity.isGiven), ("weights", weights != nil), ("timeout", timeout != nil),
        ] where isGiven && !isMultiple {
            throw fault(
                parameter, "`\(parameter)` is for `filtering: multiple`", help: "leave one of the two out",
                against: "filtering")
        }
        if timeout != nil, affinity == .none {
            throw fault(
                "timeout", "without affinity there is nothing to extend", help: "write `affinity: single` or `network`",
                against: "affinity")
        }
        if handling != nil, filtering != .single {
            throw fault(
                "handling", "`handling` is for `filtering: single`", help: "write `filtering: single`",
                against: $filtering.isGiven ? "filtering" : nil)
        }
        if let handling {
            if let stranger = handling.first(where: { !hosts.contains($0) }) {
                throw fault("handling", "host \(stranger) is not among the hosts", help: "`hosts` lists them all")
            }
            if Set(handling).count < handling.count {
                throw fault("handling", "a host is named twice", help: "name each host once, the first one handles")
            }
        }
        if let weights {
            if let stranger = weights.weights.keys.sorted().first(where: { !hosts.contains($0) }) {
                throw fault("weights", "host \(stranger) is not among the hosts", help: "`hosts` lists them all")
            }
            if hosts.numbers.allSatisfy({ weights.weights[$0] == 0 }) {
                throw fault(
                    "weights", "no host has any weight", help: "to answer nobody, write `filtering: disabled`")
            }
        }
    }

    /// Whether the rule is for all that have ports.
    var isForAll: Bool { address == nil && `protocol` == .both && ports.count == 1 << 16 }

    /// Whether there are packets that both rules are for, and neither is the more specific one.
    func overlaps(_ other: PortRule) -> Bool {
        address == other.address && (`protocol` == .both || other.protocol == .both || `protocol` == other.protocol)
            && ports.ranges.contains { mine in other.ports.ranges.contains { $0.overlaps(mine) } }
    }

    /// Checks all rules, each by itself and each against those before it.
    static func check(_ rules: [PortRule], cluster: [AnyIPAddress], hosts: IntegerRanges) throws {
        for (index, rule) in rules.enumerated() {
            try rule.check(index: index, cluster: cluster, hosts: hosts)
            if let other = rules[..<index].firstIndex(where: { $0.overlaps(rule) }) {
                throw ConfigurationError(
                    parameter: "rules[\(index)].ports", "this rule and another are for the same packets",
                    help: "ports may belong to one rule of an address and a protocol",
                    related: [.init(parameter: "rules[\(other)].ports", message: "the other rule")])
            }
        }
    }
}
