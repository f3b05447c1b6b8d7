import Weir

/// `- bpf: { filter: "tcp port 80" }`: passes the packets that a tcpdump expression matches.
///
/// The expression is that of pcap-filter(7), compiled by libpcap when the pipeline is checked and run by its
/// interpreter. Packets that do not match are dropped as `not-matched`; wire that reason to have the other half of the
/// traffic too.
public struct BPFFilter: PacketStage {
    public static let kind = "bpf"
    public static let summary = "Passes packets that a tcpdump expression matches."
    public static let details = """
        `filter` is what one would give tcpdump (pcap-filter(7)), compiled by libpcap for Ethernet. As with tcpdump, an
        expression without `vlan` does not look behind a VLAN tag: `igmp` matches untagged frames only, `vlan and igmp`
        tagged ones, and `igmp or (vlan and igmp)` both. `vlan` moves all that comes after it in the expression, so put
        the untagged case first. An expression of no words matches everything.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - bpf: { filter: "igmp or (vlan and igmp)" }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The packets that pass, as a tcpdump expression.") public var filter: String
        public init() {}
    }

    public enum Drop: String, StageWord { case notMatched = "the expression does not match the packet" }

    private let filter: CompiledFilter

    public init(_ configuration: Configuration) throws {
        do {
            filter = try CompiledFilter(configuration.filter)
        } catch {
            throw ConfigurationError(
                parameter: "filter", "libpcap cannot compile the expression: \(error.text)",
                help: "`tcpdump -d '\(configuration.filter)'` tries it; pcap-filter(7) explains the language")
        }
    }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        filter.matches(packet.bytes, wireLength: packet.wireLength) ? .forward : .drop(.notMatched)
    }
}
