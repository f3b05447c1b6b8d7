import Switch
import Testing
import Weir
import WeirTesting
import WeirWire

/// Ports 1 and 2 untagged in VLAN 10, port 3 in 20, port 4 a trunk of both with VLAN 1 untagged, port 5 not named, port 6
/// a trunk of VLAN 10 only.
private func configure(_ configuration: inout Switch.Configuration) {
    configuration.vlans = [
        vlans(ports: [1, 2], untagged: 10), vlans(ports: [3], untagged: 20),
        vlans(ports: [4], untagged: 1, tagged: [10, 20]), vlans(ports: [6], tagged: [10]),
    ]
}

func vlans(ports: IntegerRanges, untagged: Int? = nil, tagged: IntegerRanges? = nil) -> Switch.PortVLANs {
    var entry = Switch.PortVLANs()
    entry.ports = ports
    entry.untagged = untagged
    entry.tagged = tagged
    return entry
}

@Suite struct VLANTests {
    struct Case: CustomTestStringConvertible {
        let port: Int
        let sent: [UInt8]
        /// The tag with which the frame leaves, by port.
        let expected: [Int: [UInt8]]
        var testDescription: String { "port \(port), tag \(sent)" }
    }

    static let cases = [
        Case(port: 1, sent: [], expected: [2: [], 4: tag(10), 6: tag(10)]),
        Case(port: 1, sent: tag(0, priority: 5), expected: [2: [], 4: tag(10, priority: 5), 6: tag(10, priority: 5)]),
        Case(port: 3, sent: [], expected: [4: tag(20)]),
        Case(port: 4, sent: [], expected: [5: []]),
        Case(port: 4, sent: tag(10, priority: 3), expected: [1: [], 2: [], 6: tag(10, priority: 3)]),
        Case(port: 4, sent: tag(20), expected: [3: []]),
        Case(port: 5, sent: [], expected: [4: []]),
        Case(port: 6, sent: tag(10), expected: [1: [], 2: [], 4: tag(10)]),
        Case(port: 4, sent: tag(10, tpid: [0x88, 0xa8]), expected: [1: [], 2: [], 6: tag(10, tpid: [0x88, 0xa8])]),
        // A port's own VLAN with its tag is the port's VLAN.
        Case(port: 1, sent: tag(10), expected: [2: [], 4: tag(10), 6: tag(10)]),
        // What isn't the port's is foreign, and so is no tag on a port of tagged VLANs only.
        Case(port: 1, sent: tag(20), expected: [:]),
        Case(port: 6, sent: [], expected: [:]),
        Case(port: 6, sent: tag(0, priority: 7), expected: [:]),
        Case(port: 4, sent: tag(30), expected: [:]),
        Case(port: 4, sent: tag(4095), expected: [:]),
    ]

    @Test(arguments: cases) func framesStayInTheirVLAN(_ example: Case) throws {
        for destination in [MACAddress.broadcast, mac(7), multicastMAC] {
            let frame = ethernet(at: 1, to: destination, tag: example.sent)
            let lan = try LAN(ports: 6, [example.port: [frame]], configure)
            for port in 1...6 {
                let expected = example.expected[port].map { ethernet(at: 1, to: destination, tag: $0) }
                #expect(lan.out(port) == [expected].compactMap { $0 }, "port \(port)")
            }
            #expect(lan.dropped(.foreignVLAN) == (example.expected.isEmpty ? 1 : 0))
        }
    }

    @Test func addressesAreLearntByVLAN() throws {
        let hello = ethernet(at: 1, to: .broadcast, from: mac(1))
        let inside = ethernet(at: 2, to: mac(1), from: mac(4), tag: tag(10))
        let outside = ethernet(at: 3, to: mac(1), from: mac(4), tag: tag(20))
        let lan = try LAN(ports: 6, [1: [hello], 4: [inside, outside]], configure)
        #expect(lan.out(1) == [ethernet(at: 2, to: mac(1), from: mac(4))])
        #expect(lan.out(2) == [hello])
        #expect(lan.out(3) == [ethernet(at: 3, to: mac(1), from: mac(4))])
        #expect(lan.count(.learned, 4) == 2)
    }

    @Test func membersAndRouterPortsAreKnownByVLAN() throws {
        let trunk = VLANTag(identifier: 10)
        let lan = try LAN(
            ports: 6,
            [
                1: [report(at: 2)], 3: [ipv4(at: 4, to: group)],
                4: [
                    query(at: 1, tag: trunk), ipv4(at: 3, to: group, tag: tag(10)),
                    ipv4(at: 5, to: group, tag: tag(20)),
                ],
            ], configure)
        var tagged = report(at: 2)
        tagged.octets.insert(contentsOf: tag(10), at: 12)
        #expect(lan.out(4) == [tagged])
        #expect(lan.out(1).map(\.time) == [.seconds(1), .seconds(3)])
        #expect(lan.out(2).map(\.time) == [.seconds(1)])
        #expect(lan.out(3) == [])
        #expect(lan.dropped(.noMember) == 2)
        #expect(lan.result.log.flatMap(\.fields).filter { $0.0 == "vlan" }.map(\.1) == ["10", "10"])
    }

    @Test func onlyTheOuterTagIsTheSwitchs() throws {
        let frame = ethernet(at: 1, to: .broadcast, tag: tag(10) + tag(20))
        let lan = try LAN(ports: 6, [4: [frame]], configure)
        #expect(lan.out(1) == [ethernet(at: 1, to: .broadcast, tag: tag(20))])
        #expect(lan.out(6) == [frame])
        #expect(lan.out(3) == [])
    }

    @Test func igmpInsideAnotherTagIsNotTheSwitchs() throws {
        var inner = igmp(at: 2, .version2Report(group), tag: VLANTag(identifier: 20))
        inner.octets.insert(contentsOf: tag(10), at: 12)
        let lan = try LAN(ports: 6, [4: [query(at: 1, tag: VLANTag(identifier: 10)), inner]], configure)
        #expect(lan.count(.reports, 4) == 0)
        #expect(lan.dropped(.noMember) == 1)
    }

    @Test(arguments: [13, 17]) func aFrameWithoutRoomForItsHeaderIsMalformed(length: Int) throws {
        let frame = TestFrame(
            at: .seconds(1), Array(ethernet(at: 1, to: .broadcast, tag: tag(10)).octets.prefix(length)))
        let lan = try LAN(ports: 6, [4: [frame]], configure)
        #expect(lan.dropped(.malformed) == 2)
    }

    @Test func theShortestFramesPass() throws {
        let untagged = TestFrame(at: .seconds(1), Array(ethernet(at: 1, to: .broadcast).octets.prefix(14)))
        let tagged = TestFrame(at: .seconds(2), Array(ethernet(at: 1, to: .broadcast, tag: tag(10)).octets.prefix(18)))
        let lan = try LAN(ports: 6, [1: [untagged], 4: [tagged]], configure)
        #expect(lan.out(2).map(\.octets.count) == [14, 14])
        #expect(lan.out(6).map(\.octets.count) == [18, 18])
    }
}
