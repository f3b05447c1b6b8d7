import Weir

/// `- rate-limit: { rate: 10kpps, burst: 100 }`: passes packets up to a rate.
///
/// A token bucket on the clock of the packets' time stamps: full at the start, it lets `burst` packets through at once
/// and fills again at `rate`. Packets that find too few tokens are dropped as `over-rate`.
public struct RateLimit: PacketStage {
    public static let kind = "rate-limit"
    public static let summary = "Passes packets up to a rate and drops the rest."
    public static let details = """
        A token bucket that runs on the packets' time stamps, so that the same capture always gives the same result. It
        is full at the start, holds `burst` packets, and fills at `rate`. A rate in `pps` counts packets. A rate in
        `bps` counts bits of the whole frame as it was on the wire, without preamble and FCS, and the bucket then holds
        `burst` frames of 1514 octets.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - rate-limit: { rate: 100pps, burst: 10 }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("How much may pass in a second.") public var rate: Rate
        @Parameter("How many packets may pass at once after a pause.", default: 32, in: 1...700_000)
        public var burst: Int
        public init() {}
    }

    public enum Drop: String, StageWord { case overRate = "more came than the rate allows" }

    /// The longest frame of plain Ethernet without FCS, in bits.
    private static let bitsOfFrame: UInt64 = 1514 * 8

    private let countsBits: Bool
    private var bucket: TokenBucket

    public init(_ configuration: Configuration) throws {
        let rate = configuration.rate
        guard rate.perSecond > 0 else {
            throw ConfigurationError(
                parameter: "rate", "a rate of \(rate.perSecond) lets nothing pass after the first burst",
                help: "give a rate above 0; `discard` ends a chain")
        }
        countsBits = rate.measure == .bits
        let burst = UInt64(configuration.burst)
        bucket = TokenBucket(
            rate: UInt64(rate.perSecond), depth: countsBits ? burst * RateLimit.bitsOfFrame : burst)
    }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        let cost = countsBits ? UInt64(packet.wireLength) * 8 : 1
        return bucket.take(cost, at: packet.timestamp) ? .forward : .drop(.overRate)
    }
}
