import Weir
import WeirWire

/// `- generator: { interval: 1s, destination: 10.0.0.100 }`: a client that sends UDP datagrams at an even pace.
///
/// A source without a file: labs run on it, and pipelines can be tried before there is a capture.
public struct Generator: Source {
    public static let kind = "generator"
    public static let summary = "Makes UDP datagrams at an even pace, from a number of flows."
    public static let details = """
        The clock starts at zero. The first datagram is made `after` that, the others `interval` apart, for as long as `for` or as many as `count` say;
        at least one of the two must. Datagram number n belongs to flow n modulo `flows`: its source port is `source-port` + that
        number. They have right lengths and checksums; the payload is zeros, and its first eight octets are the number n.

        Without `destination-mac` frames have the destination 00-00-00-00-00-00: put `arp-resolver` behind, which finds it.
        """
    public static let example = """
        weir: 1
        stages:
          - generator: { interval: 10ms, for: 1s, destination: 10.0.0.100, destination-mac: 03-bf-0a-00-00-64, flows: 100 }
          - nlb-filter: { cluster: 10.0.0.100, host-id: 1, hosts: 1-4, affinity: none }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("Time between datagrams.", default: .seconds(1), in: .microseconds(1)...)
        public var interval: Duration
        @Parameter(
            "How long datagrams are made; without it until `count` is reached.", key: "for", in: .microseconds(1)...)
        public var length: Duration?
        @Parameter("The time of the first datagram.", default: .zero) public var after: Duration
        @Parameter("How many datagrams are made; without it for as long as `for` says.", in: 1...)
        public var count: Int?
        @Parameter("Where they go.") public var destination: IPv4Address
        @Parameter("The MAC address they go to; open without it.", default: MACAddress(rawValue: 0))
        public var destinationMAC: MACAddress
        @Parameter("Where they come from.", default: IPv4Address(10, 0, 0, 9)) public var source: IPv4Address
        @Parameter("The MAC address they come from.", default: MACAddress(0x02, 0, 0, 0, 0, 0x09)) public var mac:
            MACAddress
        @Parameter("How many flows there are.", default: 1, in: 1...64_000) public var flows: Int
        @Parameter("The source port of the first flow.", default: 1024, in: 1...1535) public var sourcePort: Int
        @Parameter("The destination port.", default: 80, in: 1...65_535) public var destinationPort: Int
        @Parameter("Octets of payload.", default: 18, in: 8...1472) public var payload: Int
        public init() {}
    }

    private let interval: UInt64
    private let count: UInt64
    private let first: Instant
    private let flows: Int
    private let datagram: Datagram
    private var next: UInt64 = 0

    public init(_ configuration: Configuration) throws {
        guard configuration.length != nil || configuration.count != nil else {
            throw ConfigurationError(
                "a generator without an end", help: "say how long or how many: `for: 60s` or `count: 1000`")
        }
        let interval = configuration.interval.wholeNanoseconds
        self.interval = interval
        // The last datagram's time must lie on the clock.
        let fitting = configuration.length.map { ($0.wholeNanoseconds - 1) / interval + 1 } ?? (.max / interval)
        count = min(fitting, configuration.count.map { UInt64($0) } ?? .max)
        first = Instant(nanoseconds: 0) + configuration.after
        flows = configuration.flows
        datagram = Datagram(configuration)
    }

    public mutating func start(_ context: Context) { context.medium.begins = Instant(nanoseconds: 0) }

    public mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        guard next < count else { return false }
        guard var block = context.takeBlock() else { return true }
        let stride = (datagram.length + Self.headroom + 15) & ~15
        let most = min(batch.room, block.size / stride, Int(clamping: count - next))
        for place in 0..<most {
            let number = next + UInt64(place)
            var octets = block.mutableBytes
            datagram.encode(
                number, flow: Int(number % UInt64(flows)), into: &octets, at: place * stride + Self.headroom)
        }
        block.listFrames(into: &batch) { lister in
            for place in 0..<most {
                let time = first.after(nanoseconds: (next + UInt64(place)) &* interval)
                lister.list(
                    at: place * stride + Self.headroom, length: datagram.length, wireLength: datagram.length,
                    timestamp: time, headroom: Self.headroom)
            }
        }
        next += UInt64(most)
        return true
    }

    /// Room for a tag, and for a capture's record header.
    private static let headroom = 32
}
