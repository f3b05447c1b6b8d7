import Weir
import WeirWire

extension IGMPQuerier {
    public struct Configuration: StageConfiguration {
        @Parameter("The IGMP version of the queries.", default: 2, in: 1...3) public var version: Int
        @Parameter("Query Interval: time between general queries.", default: .seconds(125), in: .milliseconds(100)...)
        public var interval: Duration
        @Parameter(
            "Query Response Interval: the longest delay of an answer, in whole tenths of a second.",
            default: .seconds(10), in: .milliseconds(100) ... .milliseconds(3_174_400))
        public var responseTime: Duration
        @Parameter("Robustness Variable: one more than the messages in a row that may be lost.", default: 2, in: 1...7)
        public var robustness: Int
        @Parameter("Time between the first queries; a quarter of `interval` without it.", in: .milliseconds(1)...)
        public var startupInterval: Duration?
        @Parameter("How many first queries there are; `robustness` without it.", in: 1...255)
        public var startupCount: Int?
        @Parameter(
            "Last Member Query Interval: time between the queries after a leave, and for an answer to them.",
            default: .seconds(1), in: .milliseconds(100) ... .milliseconds(3_174_400))
        public var lastMemberInterval: Duration
        @Parameter("How many queries follow a leave; `robustness` without it.", in: 1...255)
        public var lastMemberCount: Int?
        @Parameter(
            "Time that a report keeps a group; `robustness` x `interval` + `response-time` without it.",
            in: .milliseconds(1)...)
        public var groupMembershipInterval: Duration?
        @Parameter(
            "Time without another querier after which this one asks again; `robustness` x `interval` + half the "
                + "`response-time` without it.", in: .milliseconds(1)...)
        public var otherQuerierTimeout: Duration?
        @Parameter("Whether a querier with a lower address silences this one.", default: true) public var election: Bool
        @Parameter("The querier's IP address; with 0.0.0.0 it takes no part in an election.", default: .unspecified)
        public var source: IPv4Address
        @Parameter("The querier's MAC address.", default: MACAddress(0x02, 0, 0, 0, 0, 0xfe)) public var mac: MACAddress
        @Parameter("The VLAN that is queried and listened to; frames without a tag without it.", in: 1...4094)
        public var vlan: Int?
        @Parameter("How many groups are known at most.", default: 4096, in: 1...1_000_000) public var groupsLimit: Int
        // 366 are what a query of 1500 octets holds (RFC 3376 §4.1.8): a list never has to be split.
        @Parameter("How many sources of a group are known at most.", default: 64, in: 1...366)
        public var sourcesLimit: Int
        public init() {}
    }
}

extension IGMPQuerier.Configuration {
    /// What its own limits don't tell about a parameter.
    func check() throws {
        guard responseTime < interval else {
            throw ConfigurationError(
                parameter: "response-time", "the response time is not shorter than the interval",
                help: "hosts would still be answering one query when the next comes (RFC 2236 §8.3)")
        }
        guard version != 1 || responseTime == .seconds(10) else {
            throw ConfigurationError(
                parameter: "response-time", "a version 1 query can't ask for another time than 10s",
                help: "use `version: 2` or `version: 3` (RFC 2236 §4)")
        }
        for (key, time) in [("response-time", responseTime), ("last-member-interval", lastMemberInterval)] {
            guard version != 2 || time < .milliseconds(25_600) else {
                throw ConfigurationError(
                    parameter: key, "a version 2 query can ask for 25.5 s at most",
                    help: "use `version: 3` for longer response times")
            }
        }
        guard !source.isMulticast, !source.isBroadcast else {
            throw ConfigurationError(parameter: "source", "\(source) is not the address of a router")
        }
        guard !mac.isMulticast else {
            throw ConfigurationError(parameter: "mac", "\(mac) is the address of a group, which sends nothing")
        }
    }
}
