import Weir

/// `- sample: { every: 100 }`: passes one packet in so many.
public struct Sample: PacketStage {
    public static let kind = "sample"
    public static let summary = "Passes one packet in every so many."
    public static let details = "The first packet passes, then each `every`-th after it, in the order of arrival."
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - sample: { every: 100 }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("Of how many packets one passes.", in: 1...1_000_000_000) public var every: Int
        public init() {}
    }

    public enum Drop: String, StageWord { case notSampled = "it was not this packet's turn" }

    private let every: Int
    private var untilNext = 0

    public init(_ configuration: Configuration) { every = configuration.every }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard untilNext == 0 else {
            untilNext -= 1
            return .drop(.notSampled)
        }
        untilNext = every - 1
        return .forward
    }
}
