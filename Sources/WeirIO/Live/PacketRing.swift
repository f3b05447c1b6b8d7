// One of the files with unsafe code: memory that the kernel shares with the process.

import CLinux
import Glibc
import Weir

/// A TPACKET_V3 ring: the kernel fills blocks with packets and hands them over whole, at the latest after a time-out. Blocks
/// of the ring are blocks of the arena: a packet stays where the kernel wrote it until its last frame is released.
@safe
final class PacketRing {
    /// TPACKET_V3.
    private static let version: Int32 = 2
    /// Octets of a block, and room in front of each packet for tags that stages push.
    static let blockSize = 256 << 10
    static let reserve: Int32 = 32

    let socket: PacketSocket
    let blockCount: Int
    private let memory: UnsafeMutableRawPointer
    /// The block that the kernel hands over next.
    private(set) var next = 0

    init(_ socket: PacketSocket, blockCount: Int, timeout: Duration) throws {
        self.socket = socket
        self.blockCount = blockCount
        try socket.set(WEIR_PACKET_VERSION, to: PacketRing.version, what: "use TPACKET_V3")
        try socket.set(WEIR_PACKET_RESERVE, to: PacketRing.reserve, what: "reserve headroom")
        let milliseconds = UInt32(clamping: max(timeout.wholeNanoseconds / 1_000_000, 1))
        guard weir_make_ring(socket.descriptor, UInt32(PacketRing.blockSize), UInt32(blockCount), milliseconds) == 0
        else {
            throw PacketSocket.failure("cannot make a ring for", socket.interface, errno)
        }
        let size = blockCount * PacketRing.blockSize
        let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, socket.descriptor, 0)
        guard let start = unsafe mapped, unsafe start != MAP_FAILED else {
            throw PacketSocket.failure("cannot map the ring of", socket.interface, errno)
        }
        unsafe memory = unsafe start
    }

    deinit { _ = unsafe munmap(memory, blockCount * PacketRing.blockSize) }

    /// The memory of a block.
    func block(_ number: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(
            start: memory + number * PacketRing.blockSize, count: PacketRing.blockSize)
    }

    /// The number of the next block, if the kernel has handed it over.
    func takeBlock() -> Int? {
        guard unsafe weir_block_is_ours(block(next).baseAddress) != 0 else { return nil }
        defer { next = (next + 1) % blockCount }
        return next
    }

    func packetCount(of number: Int) -> Int { Int(unsafe weir_block_packets(block(number).baseAddress)) }
    func firstOffset(of number: Int) -> Int { Int(unsafe weir_block_first(block(number).baseAddress)) }
}
