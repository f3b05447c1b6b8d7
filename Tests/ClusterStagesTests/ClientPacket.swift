import Weir
import WeirTesting
import WeirWire

/// A client's packet to the cluster in its frame, whose Ethernet source address has a number, by which it is found again.
struct ClientPacket {
    var ip: IPPacket
    var tags: [UInt16] = []
    var mac = multicastMAC
    var mark: UInt32 = 0

    /// - Parameter payload: what follows the IP header.
    init(_ number: IPProtocol, _ payload: [UInt8]) {
        ip = IPPacket(from: .ipv4(client), to: .ipv4(clusterIPv4), number, payload)
    }

    static func tcp(_ port: UInt16, to clusterPort: UInt16 = 80, _ flags: TCPFlags = .syn) -> Self {
        Self(.tcp, ClusterStagesTests.tcp(port, clusterPort, flags))
    }

    static func udp(_ port: UInt16, to clusterPort: UInt16 = 53) -> Self {
        Self(.udp, ClusterStagesTests.udp(port, clusterPort, data: 8))
    }

    static func echo() -> Self { Self(.icmp, icmp(8)) }

    func changed(_ change: (inout Self) -> Void) -> Self {
        var packet = self
        change(&packet)
        return packet
    }

    /// The same between other ends.
    func between(_ source: AnyIPAddress, _ destination: AnyIPAddress) -> Self {
        changed { ($0.ip.source, $0.ip.destination) = (source, destination) }
    }

    /// Of TCP or UDP.
    var port: UInt16 { UInt16(ip.payload[0]) << 8 | UInt16(ip.payload[1]) }

    var frame: TestFrame { frame(at: .zero) }

    /// The frame, of which no more than `count` octets were captured.
    func frame(at time: Duration, cutTo count: Int = .max) -> TestFrame {
        let whole = ip.frame(at: time, to: mac, tags: tags).octets
        let marked = whole[..<8] + bigEndian(mark) + whole[12...]
        return TestFrame(at: time, [UInt8](marked.prefix(count)), wireLength: whole.count)
    }
}

/// The number of a frame.
func mark(_ frame: TestFrame) -> Int { frame.octets[8..<12].reduce(0) { $0 << 8 | Int($1) } }
