import Weir
import WeirWire

/// `- igmp-querier: { interval: 125s }`: a router's general queries, so that a pipeline can be tried without a router.
///
/// Queries go to the next stage, in their place in time among the packets that pass (RFC 2236 §3, RFC 3376 §6).
public struct IGMPQuerier: ProtocolStage {
    public static let kind = "igmp-querier"
    public static let summary = "Sends general IGMP queries on its interval, and passes on what comes in."
    public static let details = """
        The first two queries are a quarter of the interval apart (RFC 2236 §8.6, §8.7). The querier doesn't listen: there
        is no election, and leaves are not followed by specific queries. Its timer alone doesn't keep a run going after the
        last packet; `--duration` does.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - igmp-querier: { interval: 20s, response-time: 5s, source: 10.0.0.1, vlan: 10 }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("Time between general queries.", default: .seconds(125), in: .milliseconds(100)...)
        public var interval: Duration
        @Parameter(
            "The longest delay that hosts may answer after, in tenths of a second on the wire.", default: .seconds(10),
            in: .milliseconds(100) ... .milliseconds(3_174_400))
        public var responseTime: Duration
        @Parameter("The IGMP version of the queries.", default: 2, in: 1...3) public var version: Int
        @Parameter("The querier's IP address.", default: .unspecified) public var source: IPv4Address
        @Parameter("The querier's MAC address.", default: MACAddress(0x02, 0, 0, 0, 0, 0xfe)) public var mac: MACAddress
        @Parameter("The VLAN of the queries; untagged without it.", in: 1...4094) public var vlan: Int?
        public init() {}
    }

    public enum Counter: String, StageWord { case queries = "general queries sent" }

    private static let robustness = 2

    private let query: IGMPFrame
    private let interval: Duration
    private var startupQueriesLeft = IGMPQuerier.robustness

    public init(_ configuration: Configuration) throws {
        guard configuration.responseTime < configuration.interval else {
            throw ConfigurationError(
                parameter: "response-time", "the response time is not shorter than the interval",
                help: "hosts would still be answering one query when the next comes (RFC 2236 §8.3)")
        }
        let version = IGMPVersion(rawValue: UInt8(configuration.version)) ?? .version2
        let tenths = Int(configuration.responseTime / .milliseconds(100))
        guard version != .version2 || tenths <= 255 else {
            throw ConfigurationError(
                parameter: "response-time", "a version 2 query can ask for 25.5 s at most",
                help: "use `version: 3` for longer response times")
        }
        var query = IGMPQuery(version: version, maxResponseTime: tenths)
        query.querierRobustnessVariable = UInt8(Self.robustness)
        query.querierQueryInterval = Int(configuration.interval.components.seconds)
        self.query = IGMPFrame(
            sourceHardwareAddress: configuration.mac, source: configuration.source,
            tag: configuration.vlan.map { VLANTag(identifier: UInt16($0)) }, contents: .query(query))
        interval = configuration.interval
    }

    public mutating func start(_ context: Context) { timerFired(0, context) }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        context.count(.queries)
        context.send(length: query.encodedLength) { [query] in _ = query.encode(into: &$0, at: 0) }
        startupQueriesLeft = max(startupQueriesLeft - 1, 0)
        context.schedule(0, at: context.now + (startupQueriesLeft > 0 ? interval / 4 : interval), background: true)
    }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}
