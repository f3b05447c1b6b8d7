import ARPResolver
import Testing
import Weir
import WeirTesting
import WeirWire

@Suite struct ARPResolverTests {
    private static let host = IPv4Address(10, 0, 0, 9)
    private static let neighbor = IPv4Address(10, 0, 0, 100)
    private static let mac = MACAddress(2, 0, 0, 0, 0, 9)
    private static let shared = MACAddress(1, 0, 0x5e, 0x7f, 0, 100)

    private func run(
        _ frames: [TestFrame], _ configure: (inout ARPResolver.Configuration) -> Void = { _ in }
    ) throws -> StageRun.Result {
        var run = StageRun()
        try run.add(ARPResolver.self) {
            ($0.address, $0.mac) = (Self.host, Self.mac)
            configure(&$0)
        }
        let result = run.run(frames)
        #expect(result.imbalances == [])
        return result
    }

    /// A frame on its way out whose destination is open.
    private func outgoing(at time: Duration, to destination: IPv4Address = neighbor) -> TestFrame {
        let ip = IPv4Header(source: Self.host, destination: destination, protocolNumber: .udp, payloadLength: 26)
        var octets = Self.ethernet(to: MACAddress(rawValue: 0), from: Self.mac, 0x0800)
        octets += [UInt8](repeating: 0, count: 46)
        var span = octets.mutableSpan
        var bytes = unsafe span.mutableBytes
        ip.encode(into: &bytes, at: 14)
        return TestFrame(at: time, octets)
    }

    private static func ethernet(to destination: MACAddress, from source: MACAddress, _ type: UInt16) -> [UInt8] {
        (octets(destination) + octets(source)) + [UInt8(type >> 8), UInt8(type & 0xff)]
    }

    private static func octets(_ mac: MACAddress) -> [UInt8] {
        (0..<6).map { UInt8(truncatingIfNeeded: mac.rawValue >> UInt64(40 - 8 * $0)) }
    }

    /// An ARP packet of the neighbour, as RFC 826 lays it out.
    private func arp(
        at time: Duration, _ operation: UInt8, sender: MACAddress, target: IPv4Address = host, cutTo length: Int = 60
    ) -> TestFrame {
        var octets = Self.ethernet(to: .broadcast, from: MACAddress(2, 0, 0, 0, 0, 1), 0x0806)
        octets += [0, 1, 8, 0, 6, 4, 0, operation] + Self.octets(sender) + [10, 0, 0, 100]
        octets +=
            [0, 0, 0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: target.rawValue >> UInt32(24 - 8 * $0)) }
        return TestFrame(at: time, Array((octets + [UInt8](repeating: 0, count: 18)).prefix(length)))
    }

    private func destination(_ frame: TestFrame) -> [UInt8] { Array(frame.octets[0..<6]) }

    @Test func asksBeforeItSendsAndFillsInWhatItIsTold() throws {
        let result = try run([
            outgoing(at: .zero), outgoing(at: .milliseconds(100)),
            arp(at: .milliseconds(200), 2, sender: Self.shared), outgoing(at: .milliseconds(300)),
        ])
        let sent = result.frames("arp-resolver.network")
        #expect(sent.map(\.octets.count) == [60, 60])
        #expect(sent[0].octets[12...21] == [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1])
        #expect(sent[0].octets[38..<42] == [10, 0, 0, 100])
        #expect(destination(sent[1]) == Self.octets(Self.shared))
        #expect(result.dropped("unresolved", by: "arp-resolver") == 2)
        #expect(result.frames().count == 1, "the reply goes on")
    }

    @Test func asksAgainAfterASecondAndAfterTheRefresh() throws {
        let impatient = try run([0, 400, 800, 1000, 1200, 2100].map { outgoing(at: .milliseconds($0)) })
        #expect(impatient.frames("arp-resolver.network").map(\.time) == [0, 1000, 2100].map { .milliseconds($0) })
        let known = try run(
            [outgoing(at: .zero), arp(at: .seconds(1), 2, sender: Self.shared)]
                + (2...30).map { outgoing(at: .seconds($0)) }
        ) { $0.refresh = .seconds(10) }
        #expect(known.counter("requests", of: "arp-resolver") == 4)
        // What is known serves until another answer comes.
        #expect(known.dropped("unresolved", by: "arp-resolver") == 1)
    }

    @Test func resolvesAtTheStartSoThatNothingIsLost() throws {
        let result = try run([arp(at: .seconds(1), 2, sender: Self.shared), outgoing(at: .seconds(2))]) {
            $0.resolve = [Self.neighbor]
        }
        #expect(result.dropped("unresolved", by: "arp-resolver") == 0)
        #expect(result.frames("arp-resolver.network").count == 2)
    }

    @Test func asksForItsOwnAddressAndNeverAnswers() throws {
        let result = try run([
            arp(at: .zero, 1, sender: MACAddress(2, 0, 0, 0, 0, 7)), outgoing(at: .seconds(1)),
        ]) { $0.hardware = Self.shared }
        let sent = result.frames("arp-resolver.network")
        #expect(sent.count == 1)
        #expect(Array(sent[0].octets[6..<12]) == Self.octets(Self.mac))
        #expect(sent[0].octets[20..<22] == [0, 1])
        #expect(Array(sent[0].octets[22..<28]) == Self.octets(Self.shared))
        #expect(result.frames().count == 1, "the request goes on")
    }

    @Test func strangersAreNotRememberedAndDamageIsDropped() throws {
        let result = try run([
            arp(at: .zero, 2, sender: Self.shared), outgoing(at: .milliseconds(1)),
            arp(at: .milliseconds(2), 1, sender: Self.mac, cutTo: 41),
        ])
        #expect(result.dropped("unresolved", by: "arp-resolver") == 1)
        #expect(result.dropped("malformed", by: "arp-resolver") == 1)
    }

    @Test func countsAnAddressThatMoves() throws {
        let other = MACAddress(2, 0xbf, 10, 0, 0, 100)
        let result = try run([
            outgoing(at: .zero), arp(at: .milliseconds(1), 2, sender: Self.shared),
            arp(at: .milliseconds(2), 2, sender: other), outgoing(at: .milliseconds(3)),
        ])
        #expect(result.counter("changes", of: "arp-resolver") == 1)
        #expect(destination(try #require(result.frames("arp-resolver.network").last)) == Self.octets(other))
    }
}
