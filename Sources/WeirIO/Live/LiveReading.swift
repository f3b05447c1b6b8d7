import CLinux
import Weir

/// An interface that is captured from, and where reading stands.
final class LiveReading {
    private let ring: PacketRing
    private let blocks: [AdoptedBlock]
    /// The block that is being listed, and how far.
    private var open: SourceBlock?
    private var offset = 0
    private var remaining = 0
    /// No frame is older than one before it, whatever happens to the time of day.
    private var latest = Instant(nanoseconds: 0)
    private var hasWarnedOfChecksums = false
    private var hasWarnedOfLength = false
    private let longest: Int

    var descriptor: Int32 { ring.socket.descriptor }

    init(_ interface: String, _ configuration: Capture.Configuration, _ context: Capture.Context) throws {
        let socket = try PacketSocket(interface)
        try socket.set(WEIR_PACKET_IGNORE_OUTGOING, to: 1, what: "ignore what is sent")
        let blockCount = max(2, configuration.buffer.bytes / PacketRing.blockSize)
        let ring = try PacketRing(socket, blockCount: blockCount, timeout: configuration.blockTimeout)
        self.ring = ring
        var blocks: [AdoptedBlock] = []
        for number in 0..<blockCount {
            // The closure keeps the ring, and so its memory, for as long as the arena may have frames in it.
            let block = unsafe context.adopt(ring.block(number)) { [ring] start in
                withExtendedLifetime(ring) { unsafe weir_give_block_back(start) }
            }
            if let block { blocks.append(block) }
        }
        self.blocks = blocks
        let mtu = Int(unsafe weir_mtu(socket.descriptor, interface))
        longest = mtu > 0 ? mtu + 14 + 8 : .max
        if configuration.promiscuous { _ = weir_set_promiscuous(socket.descriptor, socket.index) }
        try socket.bind(receives: true)
        context.medium.hasNanoseconds = true
    }

    /// Lists what the kernel has handed over.
    func list(into batch: inout SourceBatch, _ context: Capture.Context) throws {
        while batch.room > 0 {
            if open == nil {
                guard let number = ring.takeBlock() else {
                    if batch.listed == 0, ring.socket.wentDown() { try tellOutage(context) }
                    return
                }
                open = blocks[number].open()
                offset = ring.firstOffset(of: number)
                remaining = ring.packetCount(of: number)
            }
            listOpenBlock(into: &batch, context)
            if remaining == 0 { open = nil }
        }
    }

    private func listOpenBlock(into batch: inout SourceBatch, _ context: Capture.Context) {
        guard let block = open.take() else { return }
        let now = SystemClock.now
        block.listFrames(into: &batch) { lister in
            while remaining > 0, !lister.isFull {
                guard let packet = RingPacket(block.bytes, at: offset) else {
                    remaining = 0
                    return
                }
                latest = max(latest, min(Instant(nanoseconds: packet.timestamp), now))
                let start = offset + packet.packetOffset
                if packet.length <= PacketRing.blockSize - start {
                    list(packet, at: start, &lister)
                }
                observe(packet, context)
                remaining -= 1
                offset += packet.nextOffset
            }
        }
        open = consume block
    }

    private func list(_ packet: RingPacket, at start: Int, _ lister: inout FrameLister) {
        let headroom = Int(PacketRing.reserve)
        if let tag = packet.tag {
            lister.list(
                at: start, length: packet.length, wireLength: packet.wireLength, timestamp: latest,
                headroom: headroom, tag: tag)
        } else {
            lister.list(
                at: start, length: packet.length, wireLength: packet.wireLength, timestamp: latest,
                headroom: headroom)
        }
    }

    /// An interface that is down may come up again, and the kernel goes on then. One that is gone doesn't come back.
    private func tellOutage(_ context: Capture.Context) throws {
        let interface = ring.socket.interface
        guard ring.socket.interfaceExists else {
            throw StageFailure(
                "the interface \(interface) was removed", help: "start again when there is one", status: .unavailable)
        }
        context.count(.outages)
        context.log(.warning, "the interface went down; packets come again when it is up", ["interface": interface])
    }

    /// What users trip over is said once.
    private func observe(_ packet: RingPacket, _ context: Capture.Context) {
        let interface = ring.socket.interface
        if packet.hasPartialChecksum {
            context.count(.partialChecksums)
            if !hasWarnedOfChecksums {
                hasWarnedOfChecksums = true
                context.log(
                    .warning,
                    "packets come without their checksum, which the sender left to hardware: "
                        + "`ethtool -K \(interface) tx off` at the sender's end", ["interface": interface])
            }
        }
        if packet.wireLength > longest, !hasWarnedOfLength {
            hasWarnedOfLength = true
            context.log(
                .warning,
                "packets are longer than the interface's MTU, since the kernel has put several together: "
                    + "`ethtool -K \(interface) gro off lro off`", ["interface": interface])
        }
    }

    /// Counts what the kernel had no room for.
    func countKernelDrops(_ context: Capture.Context) {
        let drops = weir_kernel_drops(descriptor)
        if drops > 0 { context.count(.kernelDrops, by: Int(drops)) }
    }
}
