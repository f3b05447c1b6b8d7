import Weir

/// `- counter`: counts packets and octets and passes them on.
public struct PacketCounter: BatchStage {
    public static let kind = "counter"
    public static let summary = "Counts packets and octets and passes them on."
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - counter
          - discard
        """

    public enum Counter: String, StageWord {
        case packets = "packets seen"
        case octets = "captured octets of those packets"
    }

    public init(_ configuration: NoParameters) {}

    public mutating func process(_ batch: inout Batch, _ context: Context) {
        context.count(.packets, by: batch.count)
        context.count(.octets, by: batch.totalLength)
    }
}
