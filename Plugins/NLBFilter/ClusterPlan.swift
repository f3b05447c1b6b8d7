import Weir
import WeirWire

/// What the parameters come to, after the checks that need more than one of them.
struct ClusterPlan {
    /// The first IPv4 address.
    let primary: IPv4Address?
    let mac: MACAddress?
    let rules: [PortRule]
    let bucketCount: Int
    let steps: [MembershipStep]
    let tracks: Bool
    /// By phase, and of clients by rule, in ticks.
    let idle: [UInt32]
    let clientIdle: [UInt32]

    init(_ configuration: NLBFilter.Configuration) throws {
        try Self.checkHosts(configuration)
        primary = configuration.cluster.lazy.compactMap(\.ipv4).first
        mac = try Self.mac(configuration, primary)
        rules = try Self.rules(configuration)
        bucketCount = configuration.hash == .clusterMatch ? configuration.hosts.count : BucketMap.bucketCount
        try Self.checkHash(configuration, rules)
        steps = try Self.steps(configuration)
        let mayChange = !steps.isEmpty || rules.contains { $0.timeout != nil }
        tracks = mayChange && configuration.connections > 0
        idle = FlowEntry.Phase.allCases.map { phase in
            switch phase {
            case .opening, .closing: FlowClock.ticks(configuration.tcpTransitory)
            case .established: FlowClock.ticks(configuration.tcpIdle)
            case .datagrams: FlowClock.ticks(configuration.udpIdle)
            case .client, .fragments: 0
            }
        }
        clientIdle = rules.map { $0.timeout.map { FlowClock.ticks($0) } ?? 0 }
    }

    private static func checkHosts(_ configuration: NLBFilter.Configuration) throws {
        guard configuration.hosts.contains(configuration.hostID) else {
            throw ConfigurationError(
                parameter: "host-id", "host \(configuration.hostID) is not among the hosts",
                help: "add it to `hosts` on every host of the cluster, or it would answer nothing",
                related: [.init(parameter: "hosts", message: "the hosts")])
        }
        guard !configuration.cluster.isEmpty else {
            throw ConfigurationError(parameter: "cluster", "a cluster has an address at least")
        }
        for (index, address) in configuration.cluster.enumerated() {
            if let other = configuration.cluster[..<index].firstIndex(of: address) {
                throw ConfigurationError(
                    parameter: "cluster[\(index)]", "`\(address)` is listed twice", help: "leave one of them out",
                    related: [.init(parameter: "cluster[\(other)]", message: "the first time")])
            }
            if address.isMulticast || address.isUnspecified {
                throw ConfigurationError(
                    parameter: "cluster[\(index)]", "`\(address)` is no address that a cluster can have",
                    help: "hosts share unicast addresses")
            }
        }
    }

    private static func mac(_ configuration: NLBFilter.Configuration, _ primary: IPv4Address?) throws -> MACAddress? {
        if let mac = configuration.mac { return mac }
        guard let mode = configuration.mode else { return nil }
        guard let primary else {
            throw ConfigurationError(
                parameter: "mode", "a mode's MAC address comes from an IPv4 address, and the cluster has none",
                help: "write the address as `mac`", related: [.init(parameter: "cluster", message: "the addresses")])
        }
        return NLBAddresses(cluster: primary).mac(in: mode)
    }

    private static func rules(_ configuration: NLBFilter.Configuration) throws -> [PortRule] {
        guard let rules = configuration.rules else {
            var all = PortRule()
            all.ports = IntegerRanges([0...65535])
            all.affinity = configuration.affinity
            return [all]
        }
        if configuration.$affinity.isGiven {
            throw ConfigurationError(
                parameter: "affinity", "with `rules`, each of them has its affinity",
                help: "write `affinity` in the rules that it is for",
                related: [.init(parameter: "rules", message: "the rules")])
        }
        guard rules.count <= RuleIndex.ruleLimit else {
            throw ConfigurationError(
                parameter: "rules", "there are \(rules.count) rules, and at most \(RuleIndex.ruleLimit) can be had",
                help: "a rule takes many ranges: `ports: \"80,443,8000-8099\"`")
        }
        try PortRule.check(rules, cluster: configuration.cluster, hosts: configuration.hosts)
        if configuration.connections == 0, let index = rules.firstIndex(where: { $0.timeout != nil }) {
            throw ConfigurationError(
                parameter: "rules[\(index)].timeout", "clients are remembered among connections, and none are",
                help: "leave one of the two out",
                related: [.init(parameter: "connections", message: "this rules it out")])
        }
        return rules
    }

    /// xt_cluster knows nothing of ports, weights and ids with gaps.
    private static func checkHash(_ configuration: NLBFilter.Configuration, _ rules: [PortRule]) throws {
        func fault(_ parameter: String, _ message: String, help: String) -> ConfigurationError {
            ConfigurationError(
                parameter: parameter, message, help: help, related: [.init(parameter: "hash", message: "the hash")])
        }
        if configuration.key != nil, configuration.hash != .toeplitz {
            throw fault("key", "a key is for `hash: toeplitz`", help: "`seed` is for the others")
        }
        if configuration.$seed.isGiven, configuration.hash == .toeplitz {
            throw fault("seed", "`toeplitz` has no seed", help: "it has a `key`")
        }
        guard configuration.hash == .clusterMatch else { return }
        guard configuration.hosts.ranges == [1...configuration.hosts.count] else {
            throw fault(
                "hosts", "xt_cluster counts its nodes from 1",
                help: "write `hosts: 1-N`; who is down is said by `membership`")
        }
        for (index, rule) in rules.enumerated() where rule.filtering == .multiple {
            let place = configuration.rules == nil ? "" : "rules[\(index)]."
            if rule.affinity != .single {
                throw fault(
                    place + "affinity", "xt_cluster hashes the source address alone", help: "write `affinity: single`")
            }
            if rule.weights != nil {
                throw fault(place + "weights", "xt_cluster has no weights", help: "leave them out")
            }
        }
    }

    private static func steps(_ configuration: NLBFilter.Configuration) throws -> [MembershipStep] {
        if configuration.changes != nil, configuration.membership != nil {
            throw ConfigurationError(
                parameter: "changes", "changes are either in a file or here", help: "leave one of the two out",
                related: [.init(parameter: "membership", message: "the file")])
        }
        guard let steps = configuration.membership?.value ?? configuration.changes else { return [] }
        guard let fault = MembershipStep.fault(in: steps, hosts: configuration.hosts) else { return steps }
        let isFile = configuration.membership != nil
        let related: ConfigurationError.Related? =
            switch fault.against {
            case .hosts: .init(parameter: "hosts", message: "the hosts")
            case .step(let number, let key) where !isFile:
                .init(parameter: "changes[\(number)].\(key)", message: "this rules it out")
            case .step, .nothing: nil
            }
        throw ConfigurationError(
            parameter: isFile ? "membership" : "changes[\(fault.step)].\(fault.key)",
            (isFile ? "step \(fault.step + 1): " : "") + fault.message, related: related.map { [$0] } ?? [])
    }
}

extension AnyIPAddress {
    var ipv4: IPv4Address? { if case .ipv4(let address) = self { address } else { nil } }
}
