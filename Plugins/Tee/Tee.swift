import Weir

/// `- tee` with `to: { copy: ID }`: sends every packet two ways.
public struct Tee: BatchStage {
    public static let kind = "tee"
    public static let summary = "Sends every packet on and a second time to the output `copy`."
    public static let details = """
        Nothing is copied until one side writes to a packet that the other still holds; that packet is copied then.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - tee:
            to: { copy: [{ counter: }, { discard: }] }
          - vlan-isolation: { allow: [10] }
          - discard
        """

    public enum Output: String, StageWord { case copy = "a second reference to every packet" }

    public init(_ configuration: NoParameters) {}

    public mutating func process(_ batch: inout Batch, _ context: Context) {
        context.copy(&batch, to: .copy)
    }
}
