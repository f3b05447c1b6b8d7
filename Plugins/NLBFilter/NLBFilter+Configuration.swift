import Weir
import WeirWire

extension NLBFilter {
    public enum Others: String, CaseIterable, ParameterWord { case pass, drop }

    public struct Configuration: StageConfiguration {
        @Parameter("The cluster's virtual addresses; the first one of IPv4 gives the cluster's MAC address.")
        public var cluster: [AnyIPAddress]
        @Parameter("This host's id.", in: 1...32) public var hostID: Int
        @Parameter("The ids of all hosts of the cluster.", in: 1...32) public var hosts: IntegerRanges

        @Parameter("The mode whose MAC address packets to the cluster must have; any MAC address will do without it.")
        public var mode: ClusterMode?
        @Parameter("The MAC address that packets to the cluster must have, in place of the mode's.") public var mac:
            MACAddress?
        @Parameter(
            "What happens to what is not for the cluster's addresses, ARP and other protocols too.", default: .pass)
        public var others: Others

        @Parameter("What packets of one client have in common, if there are no `rules`.", default: .single)
        public var affinity: Affinity
        @Parameter(
            "What happens to packets for some ports. Those that no rule is for belong to the default host, the one with the "
                + "lowest id that takes new connections. Without rules, all ports are shared by `affinity`.")
        public var rules: [PortRule]?

        @Parameter("How a packet becomes a bucket.", default: .fast) public var hash: HashMethod
        @Parameter("The seed of the hash, for `fast` and `cluster-match`.", default: 0, in: 0...0xffff_ffff) public
            var seed: Int
        @Parameter("The key of the hash, for `toeplitz`; that of Microsoft's verification suite without it.")
        public var key: ToeplitzKey?

        @Parameter("Who is up, a list of such steps in a file of its own. Everybody is, without it and `changes`.")
        public var membership: WatchedFile<[MembershipStep]>?
        @Parameter("Time between two looks at the file.", default: .seconds(1), in: .milliseconds(1)...)
        public var membershipPoll: Duration
        @Parameter("The same as `membership` in place, for what is known beforehand.") public var changes:
            [MembershipStep]?

        @Parameter(
            "Connections that are remembered at most; 0 lets them move with their buckets.", default: 1_000_000,
            in: 0...16_000_000)
        public var connections: Int
        @Parameter(
            "Time after which a silent TCP connection is forgotten (RFC 5382 REQ-5).", key: "tcp-idle",
            default: .seconds(7440), in: .seconds(1)...)
        public var tcpIdle: Duration
        @Parameter(
            "The same while it opens or closes (RFC 5382 REQ-5).", key: "tcp-transitory", default: .seconds(240),
            in: .seconds(1)...)
        public var tcpTransitory: Duration
        @Parameter(
            "The same for UDP and tunnels (RFC 4787 REQ-5).", key: "udp-idle", default: .seconds(300),
            in: .seconds(1)...)
        public var udpIdle: Duration
        @Parameter(
            "Time after a bucket has moved for which unknown TCP connections are left to the host that had it.",
            default: .seconds(300))
        public var cleanupDelay: Duration
        public init() {}
    }
}

/// The key of a Toeplitz hash, 40 octets in hexadecimal, with or without colons.
public struct ToeplitzKey: Hashable, Sendable, TextParameterValue {
    public let octets: [UInt8]

    public static var type: ParameterType {
        ParameterType(.custom, "key of 40 octets in hexadecimal", examples: [])
    }

    public init?(_ description: String) {
        let digits = description.unicodeScalars.filter { $0 != ":" }.compactMap { Character($0).hexDigitValue }
        guard digits.count == 2 * ToeplitzHash.keyLength,
            description.unicodeScalars.allSatisfy({ $0 == ":" || Character($0).hexDigitValue != nil })
        else { return nil }
        octets = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
