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
        "The hosts in the order in which they handle the ports, for `single`: the first that is up does. Those that are "
            + "not named come last, by their ids.", in: 1...32)
    public var handling: [Int]?
    @Parameter(
        "Extended affinity: time after a client's last packet for which it keeps its host.", in: .seconds(1)...)
    public var timeout: Duration?
    public init() {}
}

extension PortRule {
    /// For the summary of a map: `80/tcp`.
    var name: String {
        let transport = `protocol` == .both ? "" : "/\(`protocol`.rawValue)"
        return (address.map { "\($0) " } ?? "") + ports.canonicalText + transport
    }

    /// What is wrong with the rule, which is the one with this `index`, by itself.
    func check(index: Int, cluster: [AnyIPAddress], hosts: IntegerRanges) throws {
        typealias Related = ConfigurationError.Related
        func fault(_ parameter: String, _ message: String, help: String, _ related: Related? = nil)
            -> ConfigurationError
        {
            ConfigurationError(
                parameter: "rules[\(index)].\(parameter)", message, help: help, related: related.map { [$0] } ?? [])
        }
        func against(_ other: String) -> Related {
            Related(parameter: "rules[\(index)].\(other)", message: "this rules it out")
        }
        func stranger(_ parameter: String, _ host: Int) -> ConfigurationError {
            fault(
                parameter, "host \(host) is not among the hosts", help: "`hosts` lists them all",
                Related(parameter: "hosts", message: "the hosts"))
        }
        if let address, !cluster.contains(address) {
            throw fault(
                "address", "`\(address)` is not an address of the cluster", help: "add it to `cluster`",
                Related(parameter: "cluster", message: "the addresses"))
        }
        let isMultiple = filtering == .multiple
        for (parameter, isGiven) in [
            ("affinity", $affinity.isGiven), ("weights", weights != nil), ("timeout", timeout != nil),
        ] where isGiven && !isMultiple {
            throw fault(
                parameter, "`\(parameter)` is for `filtering: multiple`", help: "leave one of the two out",
                against("filtering"))
        }
        if timeout != nil, affinity == .none {
            throw fault(
                "timeout", "without affinity there is nothing to extend", help: "write `affinity: single` or `network`",
                against("affinity"))
        }
        if handling != nil, filtering != .single {
            throw fault(
                "handling", "`handling` is for `filtering: single`", help: "write `filtering: single`",
                $filtering.isGiven ? against("filtering") : nil)
        }
        if let handling {
            if handling.isEmpty {
                throw fault("handling", "nobody is named", help: "leave it out, and the lowest id that is up handles")
            }
            if let host = handling.first(where: { !hosts.contains($0) }) { throw stranger("handling", host) }
            if Set(handling).count < handling.count {
                throw fault("handling", "a host is named twice", help: "name each host once, the first one handles")
            }
        }
        if let weights {
            if let host = weights.stranger(to: hosts) { throw stranger("weights", host) }
            if hosts.numbers.allSatisfy({ weights.weights[$0] == 0 }) {
                throw fault(
                    "weights", "no host has any weight", help: "to answer nobody, write `filtering: disabled`")
            }
        }
    }

    /// Whether the rule is for all that have ports.
    var isForAll: Bool { address == nil && `protocol` == .both && ports.count == 1 << 16 }

    /// The first ports that both rules are for, if neither is the more specific one, as in `80-89/tcp`.
    func overlap(with other: PortRule) -> String? {
        guard address == other.address else { return nil }
        guard `protocol` == .both || other.protocol == .both || `protocol` == other.protocol else { return nil }
        for mine in ports.ranges {
            guard let theirs = other.ports.ranges.first(where: { $0.overlaps(mine) }) else { continue }
            let transport = `protocol` == .both ? other.protocol : `protocol`
            return IntegerRanges([mine.clamped(to: theirs)]).canonicalText
                + (transport == .both ? "" : "/\(transport.rawValue)")
        }
        return nil
    }

    /// Checks all rules, each by itself and each against those before it.
    static func check(_ rules: [PortRule], cluster: [AnyIPAddress], hosts: IntegerRanges) throws {
        for (index, rule) in rules.enumerated() {
            try rule.check(index: index, cluster: cluster, hosts: hosts)
            for (other, earlier) in rules[..<index].enumerated() {
                guard let ports = rule.overlap(with: earlier) else { continue }
                let place = rule.address.map { " of \($0)" } ?? ""
                throw ConfigurationError(
                    parameter: "rules[\(index)].ports", "two rules are for `\(ports)`\(place)",
                    help: "ports belong to one rule of an address and a protocol",
                    related: [.init(parameter: "rules[\(other)].ports", message: "the other rule")])
            }
        }
    }
}
