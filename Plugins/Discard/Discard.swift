import Weir

/// `- discard`: ends a chain. What comes here goes nowhere, and is counted.
public struct Discard: Sink {
    public static let kind = "discard"
    public static let summary = "Ends a chain: drops every packet and counts it."
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - discard
        """

    public enum Drop: String, StageWord { case discarded = "the packet reached a stage that discards" }

    public init(_ configuration: NoParameters) {}

    public mutating func consume(_ batch: borrowing Batch, _ context: Context) {
        context.dropped(batch.count, .discarded)
    }
}
