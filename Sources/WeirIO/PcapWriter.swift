// One of the files with unsafe code: records are put together in raw memory. Every record is placed where the lines
// above it have made sure that the buffer has room for the header and the captured octets.
import Glibc
import Weir
import WeirWire

/// What became of packets that a writer was given.
struct WriteOutcome {
    /// Packets whose octets are all in the file.
    var written = 0
    /// Packets that will never be; 0 without a failure.
    var lost = 0
    /// Packets that were cut to the snap length.
    var cut = 0
    /// Packets that were padded to the shortest length.
    var padded = 0
    var failure: StageFailure?
}

/// Writes the classic capture format: records gather in a buffer that is written when the next one does not fit.
///
/// The layout is that of `PcapReader`, little endian. Time stamps after 2106, which its 32 bits of seconds cannot hold,
/// become the last second that they can.
@safe
final class PcapWriter {
    /// 256 KiB, the longest record, and its header.
    private static let capacity = PcapReader.recordHeaderLength + longestRecord

    let file: OutputFile
    private let hasNanoseconds: Bool
    private let snapLength: Int
    /// Octets that every frame is padded to, few enough to lie behind a full buffer.
    private let shortest: Int
    private let memory: UnsafeMutableRawPointer
    /// Octets in the buffer.
    private var used = 0
    /// Packets in the buffer.
    private var held = 0

    /// - Parameter shortest: octets that shorter frames are padded to, 60 at most.
    init(_ file: OutputFile, _ medium: Medium, shortest: Int) {
        self.file = file
        self.shortest = min(shortest, EthernetHeader.minimumFrameLength)
        hasNanoseconds = medium.hasNanoseconds
        snapLength = min(max(medium.snapLength, 1), longestRecord)
        unsafe memory = .allocate(
            byteCount: PcapWriter.capacity + EthernetHeader.minimumFrameLength, alignment: 4096)
    }

    deinit { unsafe memory.deallocate() }

    /// Writes the file header, at once: who reads from a pipe waits for it.
    func writeFileHeader() throws {
        let words: [UInt32] = [hasNanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4, 0x0004_0002, 0, 0, UInt32(snapLength), 1]
        for (index, word) in words.enumerated() {
            unsafe memory.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
        }
        let count = 4 * words.count
        if let error = unsafe file.write(memory, count).error { throw file.failure(error) }
    }

    /// Puts the packets of a batch into the buffer, and writes it as often as it is full.
    func append(_ batch: borrowing Batch) -> WriteOutcome {
        var outcome = WriteOutcome()
        let heldBefore = held
        let (longest, shortest, divisor) = (snapLength, shortest, UInt64(hasNanoseconds ? 1 : 1000))
        // In locals, since every access to a variable property of a class asks the runtime for permission.
        let memory = unsafe memory
        var (used, held) = (used, held)
        do throws(SystemError) {
            try batch.forEach { packet throws(SystemError) in
                let captured = min(packet.length, longest)
                if captured != packet.length { outcome.cut &+= 1 }
                if used &+ PcapReader.recordHeaderLength &+ captured > PcapWriter.capacity {
                    try write(used, held, &outcome)
                    (used, held) = (0, 0)
                }
                let record = unsafe memory + used
                let seconds = packet.timestamp.nanoseconds / 1_000_000_000
                let fraction = packet.timestamp.nanoseconds % 1_000_000_000 / divisor
                let time = min(seconds, 0xffff_ffff) | fraction &<< 32
                let lengths =
                    UInt64(truncatingIfNeeded: captured) | UInt64(truncatingIfNeeded: packet.wireLength) &<< 32
                unsafe record.storeBytes(of: time.littleEndian, as: UInt64.self)
                unsafe record.storeBytes(of: lengths.littleEndian, toByteOffset: 8, as: UInt64.self)
                unsafe packet.bytes.withUnsafeBytes { octets in
                    guard let start = octets.baseAddress else { return }
                    unsafe (record + PcapReader.recordHeaderLength).copyMemory(from: start, byteCount: captured)
                }
                used &+= PcapReader.recordHeaderLength &+ captured
                if packet.wireLength < shortest {
                    used &+= unsafe pad(record, captured, isWhole: packet.length == packet.wireLength, &outcome)
                }
                held &+= 1
            }
            (self.used, self.held) = (used, held)
        } catch {
            outcome.lost = heldBefore + batch.count - outcome.written
            outcome.failure = file.failure(error)
        }
        return outcome
    }

    /// Pads a record of `captured` octets to the shortest length, and returns how many octets were added to it: none, but to
    /// the length on the wire, when the frame isn't whole, since the octets in front of the padding are missing.
    @unsafe
    @inline(never)
    private func pad(
        _ record: UnsafeMutableRawPointer, _ captured: Int, isWhole: Bool, _ outcome: inout WriteOutcome
    ) -> Int {
        outcome.padded += 1
        unsafe record.storeBytes(of: UInt32(shortest).littleEndian, toByteOffset: 12, as: UInt32.self)
        let wanted = min(shortest, snapLength)
        guard isWhole, captured < wanted else { return 0 }
        if wanted < shortest { outcome.cut += 1 }
        unsafe record.storeBytes(of: UInt32(wanted).littleEndian, toByteOffset: 8, as: UInt32.self)
        let end = unsafe record + PcapReader.recordHeaderLength + captured
        unsafe end.initializeMemory(as: UInt8.self, repeating: 0, count: wanted - captured)
        return wanted - captured
    }

    /// Writes what is in the buffer.
    func flush() -> WriteOutcome {
        var outcome = WriteOutcome()
        do throws(SystemError) {
            try write(used, held, &outcome)
            (used, held) = (0, 0)
        } catch {
            outcome.lost = held - outcome.written
            outcome.failure = file.failure(error)
        }
        return outcome
    }

    /// Writes the first `count` octets of the buffer, which are `packets` records.
    private func write(_ count: Int, _ packets: Int, _ outcome: inout WriteOutcome) throws(SystemError) {
        let (written, error) = unsafe file.write(memory, count)
        guard let error else {
            outcome.written += packets
            return
        }
        let (records, octets) = wholeRecords(in: written)
        outcome.written += records
        file.takeBack(written - octets)
        throw error
    }

    /// How many records the first `count` octets of the buffer hold entirely, and how many octets those are.
    private func wholeRecords(in count: Int) -> (records: Int, octets: Int) {
        var (records, octets) = (0, 0)
        while octets + PcapReader.recordHeaderLength <= count {
            let captured = unsafe memory.loadUnaligned(fromByteOffset: octets + 8, as: UInt32.self)
            let next = octets + PcapReader.recordHeaderLength + Int(UInt32(littleEndian: captured))
            if next > count { break }
            (records, octets) = (records + 1, next)
        }
        return (records, octets)
    }
}
