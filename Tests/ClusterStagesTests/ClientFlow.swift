import Weir
import WeirTesting
import WeirWire

/// A client's TCP connection to the cluster, for tests that need many of them.
struct ClientFlow: Hashable {
    static let cluster = IPv4Address(10, 0, 0, 100)

    /// In host order.
    var client: UInt32
    var clientPort: UInt16
    var port: UInt16 = 80

    /// A client anywhere.
    init(using random: inout SeededRandom, port: UInt16 = 80) {
        client = UInt32.random(in: 0x0100_0000...0xdfff_ffff, using: &random)
        clientPort = UInt16.random(in: 1024...65_535, using: &random)
        self.port = port
    }

    init(client: UInt32, clientPort: UInt16) { (self.client, self.clientPort) = (client, clientPort) }

    /// Source, destination and both ports as they lie in the packet: what Microsoft's RSS hashes.
    var hashInput: [UInt8] {
        octets(of: client) + octets(of: Self.cluster.rawValue) + octets(of: clientPort) + octets(of: port)
    }

    /// Its SYN. The TCP checksum is left out: a million frames need no more than what the filter reads.
    func syn(at time: Duration = .zero) -> TestFrame {
        var frame = Self.template
        func store(_ number: UInt32, at offset: Int) {
            frame[offset] = UInt8(truncatingIfNeeded: number >> 8)
            frame[offset + 1] = UInt8(truncatingIfNeeded: number)
        }
        store(client >> 16, at: 26)
        store(client, at: 28)
        store(UInt32(clientPort), at: 34)
        store(UInt32(port), at: 36)
        var sum = Self.templateSum + client >> 16 + client & 0xffff
        sum = sum & 0xffff + sum >> 16
        store(~(sum & 0xffff + sum >> 16), at: 24)
        return TestFrame(at: time, frame)
    }

    /// Of the IPv4 header without the client's address.
    private static let templateSum: UInt32 = stride(from: 14, to: 34, by: 2).reduce(0) {
        $0 + UInt32(template[$1]) << 8 + UInt32(template[$1 + 1])
    }

    private static let template: [UInt8] = [
        0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00,
        0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00,  // IPv4, 40 octets, TCP
        0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x64,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,  // ports, sequence numbers
        0x50, 0x02, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,  // SYN
    ]
}
