import Weir
import WeirMembership
import WeirWire

extension Switch {
    public enum Unknown: String, CaseIterable, ParameterWord { case flood, drop }
    public enum Unregistered: String, CaseIterable, ParameterWord { case routerPorts = "router-ports", flood }

    /// An address whose ports are known without learning.
    public struct StaticEntry: ParameterGroup {
        @Parameter("A group that has members on the ports for ever.") public var group: IPv4Address?
        @Parameter("A MAC address whose frames leave by just these ports, whatever is learnt.") public var mac:
            MACAddress?
        @Parameter("The ports.", in: 1...PortSet.capacity) public var ports: IntegerRanges
        @Parameter("The VLAN; every one without it.", in: 1...4094) public var vlan: Int?
        public init() {}
    }

    /// The VLANs of some ports.
    public struct PortVLANs: ParameterGroup {
        @Parameter("The ports.", in: 1...PortSet.capacity) public var ports: IntegerRanges
        @Parameter("The VLAN of frames without a tag, in and out.", in: 1...4094) public var untagged: Int?
        @Parameter("VLANs whose frames have a tag, in and out.", in: 1...4094) public var tagged: IntegerRanges?
        public init() {}
    }

    // Defaults without another source are those of the Linux bridge (br_multicast.c), which follow RFC 2236 §8.
    public struct Configuration: StageConfiguration {
        @Parameter("How many ports: `port1` and so on.", in: 1...PortSet.capacity) public var ports: Int
        @Parameter("VLANs of ports; a port that isn't named is untagged in VLAN 1.", default: [])
        public var vlans: [PortVLANs]
        @Parameter("Which ports may reach which inside a VLAN (RFC 5517).") public var `private`: PrivateVLANPorts?

        @Parameter("Whether source addresses are learnt; otherwise every unicast address is unknown.", default: true)
        public var learning: Bool
        @Parameter(
            "Time after which an address is forgotten that sends nothing (IEEE 802.1Q §8.8.3).",
            default: .seconds(300), in: .milliseconds(1)...)
        public var macAgeing: Duration
        @Parameter("What happens to frames for unknown unicast addresses.", default: .flood)
        public var unknownUnicast: Unknown
        @Parameter("Addresses whose ports are known without learning.", key: "static", default: [])
        public var staticEntries: [StaticEntry]

        @Parameter("Whether membership of IPv4 groups is learnt from IGMP; otherwise groups flood.", default: true)
        public var snooping: Bool
        @Parameter("What groups are known by: their MAC address or the destination IP address.", default: .mac)
        public var key: GroupKeying
        @Parameter(
            "Where frames of a group go that has no member on the VLAN (RFC 4541 §2.1.2).", default: .routerPorts)
        public var unregistered: Unregistered
        @Parameter("Ports with routers behind them, beside those that queries come in by.", in: 1...PortSet.capacity)
        public var routerPorts: IntegerRanges?
        @Parameter(
            "Time without a query after which a port is none of a router's (RFC 2236 §8.5).",
            default: .seconds(255), in: .milliseconds(1)...)
        public var routerPortTimeout: Duration

        @Parameter("When a member is given up.", default: .robustness) public var ageing: Ageing
        @Parameter("Time without a report, for `fixed`.", default: .seconds(260), in: .milliseconds(1)...)
        public var timeout: Duration
        @Parameter("Queries that may go unanswered, for `robustness` (RFC 2236 §8.1).", default: 2, in: 1...7)
        public var robustness: Int
        @Parameter(
            "Time between queries, for `robustness` (RFC 2236 §8.2).", default: .seconds(125), in: .milliseconds(1)...)
        public var queryInterval: Duration
        @Parameter(
            "Whether a general query of version 3 tells robustness and query interval (RFC 3376 §4.1.6, §4.1.7).",
            default: true)
        public var learnTimers: Bool
        @Parameter("How late an answer may be, for `per-query`.", default: .milliseconds(100)) public var slack:
            Duration
        @Parameter(
            "Last Member Query Interval (RFC 3376 §8.8): a leave or a specific query leaves a member "
                + "`last-member-count` times this time.", default: .seconds(1), in: .milliseconds(1)...)
        public var lastMemberInterval: Duration
        @Parameter("Last Member Query Count (RFC 3376 §8.9).", default: 2, in: 1...255) public var lastMemberCount: Int
        @Parameter("Whether a leave ends the membership of its port at once.", default: false)
        public var immediateLeave: Bool
        public init() {}
    }
}

extension Switch.Configuration {
    var policy: AgeingPolicy {
        AgeingPolicy(
            ageing: ageing, timeout: timeout, robustness: robustness, queryInterval: queryInterval, slack: slack)
    }

    /// The ports with these numbers, which count from 1. Throws when there are not as many ports.
    func portSet(_ numbers: IntegerRanges?, parameter: String) throws -> PortSet {
        var set = PortSet()
        for number in numbers?.numbers ?? [] {
            guard 1...ports ~= number else {
                throw ConfigurationError(
                    parameter: parameter, "there is no port \(number)",
                    help: ports == 1 ? "the switch has one port, 1" : "the switch has the ports 1 to \(ports)")
            }
            set.insert(number - 1)
        }
        return set
    }
}
