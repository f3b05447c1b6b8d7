// One of the files with unsafe code: frames are handed to sendmmsg(2) where they are.

import CLinux
import Glibc
import Weir

/// An interface that packets are sent by.
@safe
final class InterfaceSender {
    private let socket: PacketSocket
    private var vectors: [iovec] = unsafe []

    /// What became of packets.
    struct Outcome {
        var sent = 0
        var tooLong = 0
        var lost = 0
    }

    init(_ interface: String) throws {
        socket = try PacketSocket(interface)
        try socket.bind(receives: false)
    }

    /// Sends a batch, in order. Waits while the interface's queue is full, a tenth of a second at most.
    func send(_ batch: borrowing Batch) -> Outcome {
        unsafe vectors.removeAll(keepingCapacity: true)
        batch.forEach { packet in
            unsafe packet.bytes.withUnsafeBytes { octets in
                unsafe vectors.append(
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: octets.baseAddress), iov_len: octets.count))
            }
        }
        var outcome = Outcome()
        var first = 0
        var patience = 100
        while first < batch.count {
            let result = unsafe vectors.withUnsafeBufferPointer { vectors in
                unsafe weir_send_frames(
                    socket.descriptor, vectors.baseAddress.map { unsafe $0 + first }, UInt32(batch.count - first))
            }
            if result > 0 {
                outcome.sent += Int(result)
                first += Int(result)
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN, ENOBUFS:
                patience -= 1
                guard patience > 0 else {
                    outcome.lost += batch.count - first
                    return outcome
                }
                var wait = pollfd(fd: socket.descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wait, 1, 1)
            case EMSGSIZE:
                outcome.tooLong += 1
                first += 1
            default:
                outcome.lost += 1
                first += 1
            }
        }
        return outcome
    }
}
