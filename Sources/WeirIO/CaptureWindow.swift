import Glibc
import Weir

/// The part of a capture file that is in memory: a block of the arena that read(2) fills, in which records are then
/// listed in place. A record that the end of the block cuts off moves to the start of the next one.
struct CaptureWindow: ~Copyable {
    let input: InputFile
    private(set) var block: SourceBlock
    /// Where in the block the next record starts.
    private(set) var position = 0
    /// Where in the block the octets that were read end.
    private(set) var end = 0
    /// Where in the file the block starts, if its octets went back that far: the first ones may not.
    private var blockOffset = 0
    private(set) var isAtEnd = false

    init(_ input: InputFile, _ block: consuming SourceBlock) {
        self.input = input
        self.block = block
    }

    /// Octets in memory that were not listed yet.
    var available: Int { end - position }

    /// Where in the file the next record starts.
    var offset: UInt64 { UInt64(blockOffset + position) }

    /// Lists the records in memory until one is incomplete or the batch is full.
    mutating func list(
        with reader: inout any RecordReader, into batch: inout SourceBatch
    ) throws(DamagedRecord) -> ListingEnd {
        var next = position
        defer { position = next }
        var result = ListingEnd.batchIsFull
        try block.listFrames(into: &batch) { lister throws(DamagedRecord) in
            result = try reader.list(block.bytes, &next, end: end, &lister)
        }
        return result
    }

    /// The octets in memory.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { block.bytes.octets(from: 0, count: end) }
    }

    /// Reads on until at least `wanted` octets are available or the file ends. False when the arena has no block to
    /// spare; nothing is lost then, and the call can be repeated.
    mutating func fill(_ wanted: Int, _ takeBlock: () -> SourceBlock?) throws -> Bool {
        while available < wanted, !isAtEnd {
            if !canReadOn(wanted), !makeRoom(takeBlock) { return false }
            let room = min(block.size - end, InputFile.mostPerRead)
            let count = try unsafe block.withUnsafeMutableBytes { [end] memory in
                try unsafe input.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end..<end + room]))
            }
            guard let count else { return false }
            end += count
            isAtEnd = count == 0
        }
        return true
    }

    /// Whether the record fits where it is and more may be read behind it. While frames of the block are on their way,
    /// that saves another block: a pipe may give a few octets at a time.
    private func canReadOn(_ wanted: Int) -> Bool {
        position + wanted <= block.size
            && (position == 0 ? end < block.size : block.holdsFrames && end + CaptureWindow.leastRead <= block.size)
    }

    private static let leastRead = 64 << 10
    /// What a block has beyond the longest read.
    private static let page = 4 << 10

    /// Moves what is left to the front of a block that holds no listed frames: this one when all were released.
    /// What a reader has skipped beyond the octets in memory stays to be skipped.
    private mutating func makeRoom(_ takeBlock: () -> SourceBlock?) -> Bool {
        let start = min(position, end)
        // The next read(2) starts on a page if it can: elsewhere the kernel takes half as long again to copy.
        let rest = end - start
        let target = rest <= CaptureWindow.page ? CaptureWindow.page - rest : 0
        if block.holdsFrames {
            guard var next = takeBlock() else { return false }
            next.copy(from: block, start..<end, to: target)
            block = next
        } else {
            block.move(start..<end, to: target)
        }
        blockOffset += start - target
        end -= start - target
        position -= start - target
        return true
    }
}
