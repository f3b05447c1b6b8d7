import Weir
import WeirWire

/// `- capture: { file: cluster.pcap }`: the packets of a capture file; `- capture: { interface: eth0 }`: those that an
/// interface receives.
public struct Capture: Source {
    public static let kind = "capture"
    public static let summary = "Reads packets from a capture file, or as an interface receives them."
    public static let details = """
        Classic capture files are read in both byte orders, with microseconds or nanoseconds, and pcapng files with
        any number of interfaces; `-` is the standard input. Only Ethernet link types are taken. A file that is cut off
        or damaged ends the run with an error that names the offset, after what was read before it was processed.

        With `interface`, packets come as they are received (Linux): what the machine itself sends isn't among them, a VLAN tag
        that the network card has taken off is put back, and what the kernel had no room for is counted as `kernel-drops`. A
        packet stays in the memory that the kernel wrote it to. Such a run ends with a signal, `--duration` or `--count`,
        and the pipeline's clock is the machine's.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The capture file; `-` is the standard input.")
        public var file: FileLocation?
        @Parameter("The network interface, in place of a file.") public var interface: InterfaceName?
        @Parameter("Whether an interface receives what is sent to others, too.", default: true) public var promiscuous:
            Bool
        @Parameter(
            "The ring between the kernel and weir.", default: .mebibytes(4), in: .kibibytes(512)...(.mebibytes(1024)))
        public var buffer: ByteCount
        @Parameter(
            "How long the kernel may keep packets to hand over more of them at once.", default: .milliseconds(4),
            in: .milliseconds(1)...(.seconds(10)))
        public var blockTimeout: Duration

        public init() {}
    }

    public enum Counter: String, StageWord {
        case kernelDrops = "packets that the kernel had no room for: a larger `buffer` may help"
        case outages = "times that the interface went down"
        case partialChecksums = "packets whose checksum their sender left to hardware"
    }

    private let configuration: Configuration
    private var reading: Reading?
    private var live: LiveReading?

    public init(_ configuration: Configuration) throws {
        self.configuration = configuration
        try configuration.check(file: configuration.$file, interface: configuration.$interface)
    }

    public var descriptor: Int32? { live?.descriptor }

    public mutating func start(_ context: Context) throws {
        if let interface = configuration.interface {
            live = try LiveReading(interface.name, configuration, context)
        } else if let file = configuration.file, let block = context.takeBlock() {
            reading = try Reading(CaptureWindow(InputFile(file), block), context)
        }
    }

    public mutating func finish(_ context: Context) {
        // What stages still have of the ring keeps it.
        live?.countKernelDrops(context)
        live = nil
        reading = nil
    }

    public mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        if let live {
            try live.list(into: &batch, context)
            return true
        }
        guard let reading else { return false }
        return try reading.list(into: &batch, context)
    }
}

/// An open capture file and where reading stands.
private final class Reading {
    private var window: CaptureWindow
    private var reader: any RecordReader

    /// Nil when a signal ended the wait for the file header: then there is nothing to read.
    init?(_ window: consuming CaptureWindow, _ context: Capture.Context) throws {
        guard try window.fill(PcapReader.fileHeaderLength, context.takeBlock) else { return nil }
        reader = try recognise(window.bytes, window.input.name)
        self.window = window
        try readAhead(context)
        context.medium.hasNanoseconds = reader.hasNanoseconds
        context.medium.snapLength = reader.snapLength
    }

    /// Reads up to the first packet, so that the medium is known before it.
    private func readAhead(_ context: Capture.Context) throws {
        var nothing = SourceBatch.full
        _ = try list(into: &nothing, context)
    }

    /// Lists a batch. False at the end of the file.
    func list(into batch: inout SourceBatch, _ context: Capture.Context) throws -> Bool {
        while true {
            switch try listWhatIsThere(into: &batch) {
            case .batchIsFull:
                return true
            case .needs(let wanted):
                // What was listed goes on its way before the block is given up.
                if batch.listed > 0 { return true }
                guard try window.fill(wanted, context.takeBlock) else { return true }
                if window.available < wanted {
                    if window.available == 0 { return false }
                    throw damage(endsEarly(wanted))
                }
            }
        }
    }

    private func listWhatIsThere(into batch: inout SourceBatch) throws -> ListingEnd {
        do {
            return try window.list(with: &reader, into: &batch)
        } catch {
            throw damage("\(error.what), at offset \(window.offset)", help: error.help)
        }
    }

    private func endsEarly(_ wanted: Int) -> String {
        window.available > 0
            ? "the file ends inside a record: \(wanted) octets are needed at offset \(window.offset), "
                + "\(window.available) are left"
            : "the file ends inside a block that goes on to offset \(window.offset), "
                + "\(-window.available) octets too early"
    }

    private func damage(_ what: String, help: String? = nil) -> StageFailure {
        let usual = "the packets before it were processed; `tcpdump -r` or capinfos tell how much of the file is whole"
        return StageFailure("\(window.input.name): \(what)", help: help ?? usual, status: .badData)
    }
}
