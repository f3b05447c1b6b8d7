import Weir
import WeirWire

/// `- transmit: { file: host.pcap }`: writes packets to a capture file; `- transmit: { interface: eth0 }`: sends them.
///
/// What arrives is written in order, as classic pcap: little endian, link type Ethernet, with the precision and the
/// snap length of the input. A packet counts as consumed once all its octets were written; until then it is held. When
/// a write fails, the packets that were not written and all that come later are dropped as `write-failed`.
public struct Transmit: Sink {
    public static let kind = "transmit"
    public static let summary = "Writes packets to a capture file, or sends them by an interface."
    public static let details = """
        The file is a classic capture file with the precision and the snap length of the input; `-` is the standard
        output. An existing file is replaced, but never one that the run reads from. A packet that has become longer
        than the snap length is cut to it, and counted. A pipe or a terminal is given each batch at once, so that
        `weir ... | tshark -r -` shows packets as they come; a file is written to in pieces of 256 KiB.

        On Ethernet no frame is shorter than 60 octets (64 with the frame check sequence, which captures leave out): who
        sends a shorter one pads it with zero octets (IEEE 802.3 §4.2.3.3). A stage that takes octets away, such as a VLAN
        tag, leaves that to `pad: true`. It is off by default, since a capture on the sending host shows frames as the host
        made them, before its network card pads them: so a copy stays a copy. The frame itself isn't touched, and whoever
        shares it sees no padding. Of a frame that its capture cut, only the length on the wire grows.

        With `interface`, packets are sent (Linux), many at a time, and padded by the driver. While the interface's queue is full
        the run waits, a tenth of a second at most; what then cannot be sent is dropped as `not-sent`, as is everything while
        the interface is down, and the run goes on.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - transmit: { file: copy.pcap }
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The capture file to write; `-` is the standard output.")
        public var file: FileLocation?
        @Parameter("The network interface, in place of a file.") public var interface: InterfaceName?
        @Parameter("Whether frames shorter than 60 octets are padded to that.", default: false) public var pad: Bool

        public init() {}
    }

    public enum Drop: String, StageWord {
        case writeFailed = "the packet could not be written, or came after one that could not"
        case notSent = "the interface was down, or its queue full for too long"
        case tooLong = "the packet is longer than the interface's MTU allows"
    }

    public enum Counter: String, StageWord {
        case cut = "packets cut to the snap length of the output"
        case padded = "frames padded to 60 octets"
    }

    private let location: FileLocation?
    private let interface: InterfaceName?
    private var sender: InterfaceSender?
    private let shortest: Int
    /// Nil before the start and after a failure.
    private var writer: PcapWriter?

    public init(_ configuration: Configuration) throws {
        try configuration.check(file: configuration.$file, interface: configuration.$interface)
        location = configuration.file
        interface = configuration.interface
        shortest = configuration.pad ? EthernetHeader.minimumFrameLength : 0
    }

    public mutating func start(_ context: Context) throws {
        if let interface { sender = try InterfaceSender(interface.name) }
        guard let location else { return }
        let writer = PcapWriter(try OutputFile(location), context.medium, shortest: shortest)
        try writer.writeFileHeader()
        self.writer = writer
    }

    public mutating func consume(_ batch: borrowing Batch, _ context: Context) throws {
        if let sender { return settle(sender.send(batch), context) }
        guard let writer else { return context.dropped(batch.count, .writeFailed) }
        try settle(writer.append(batch), context)
        if !writer.file.isRegular { try settle(writer.flush(), context) }
    }

    private func settle(_ outcome: InterfaceSender.Outcome, _ context: Context) {
        context.consumed(outcome.sent)
        context.dropped(outcome.tooLong, .tooLong)
        context.dropped(outcome.lost, .notSent)
    }

    public mutating func finish(_ context: Context) throws {
        sender = nil
        guard let writer else { return }
        try settle(writer.flush(), context)
        self.writer = nil
        try writer.file.close()
    }

    /// Enters in the ledger what became of packets; the first failure ends the writing.
    private mutating func settle(_ outcome: WriteOutcome, _ context: Context) throws {
        context.consumed(outcome.written)
        if outcome.padded > 0 { context.count(.padded, by: outcome.padded) }
        if outcome.cut > 0 { context.count(.cut, by: outcome.cut) }
        guard let failure = outcome.failure else { return }
        context.dropped(outcome.lost, .writeFailed)
        writer = nil
        throw failure
    }
}
