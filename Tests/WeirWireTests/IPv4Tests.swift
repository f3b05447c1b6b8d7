import Testing
import WeirWire

@Suite struct IPv4Tests {
    /// An IGMPv2 report of 192.0.2.10 for 239.255.1.2.
    static let report: [UInt8] = [
        0x46, 0xc0, 0x00, 0x20,
        0x00, 0x00, 0x40, 0x00,
        0x01, 0x02, 0x31, 0x0c,
        0xc0, 0x00, 0x02, 0x0a,
        0xef, 0xff, 0x01, 0x02,
        0x94, 0x04, 0x00, 0x00,
        0x16, 0x00, 0xf8, 0xfd, 0xef, 0xff, 0x01, 0x02,
    ]

    @Test func takeApart() {
        reading(Self.report + [UInt8](repeating: 0xee, count: 14)) {
            guard let packet = IPv4Packet($0) else { return fail("no packet") }
            #expect(packet.headerLength == 24)
            #expect(packet.typeOfService == 0xc0)
            #expect(packet.dscp == 48)
            #expect(packet.ecn == 0)
            #expect(packet.totalLength == 32)
            #expect(packet.identification == 0)
            #expect(packet.dontFragment == true)
            #expect(packet.moreFragments == false)
            #expect(packet.fragmentOffset == 0)
            #expect(packet.isFragment == false)
            #expect(packet.timeToLive == 1)
            #expect(packet.protocolNumber == .igmp)
            #expect(packet.headerChecksum == 0x310c)
            #expect(packet.headerChecksumIsValid == true)
            #expect(packet.source == IPv4Address(192, 0, 2, 10))
            #expect(packet.destination == IPv4Address(239, 255, 1, 2))
            #expect(octets(packet.options) == [0x94, 0x04, 0x00, 0x00])
            #expect(packet.routerAlert == 0)
            #expect(octets(packet.payload) == Array(Self.report[24...]))
        }
    }

    @Test func build() {
        var header = IPv4Header(
            source: IPv4Address(192, 0, 2, 10), destination: IPv4Address(239, 255, 1, 2), protocolNumber: .igmp,
            payloadLength: 8)
        header.timeToLive = 1
        header.typeOfService = 0xc0
        header.dontFragment = true
        header.routerAlert = true
        let payload = Array(Self.report[24...])
        #expect(encoded(header, payload: payload) == Array(Self.report[..<24]))
        #expect(refusesToOverflow(header, payloadLength: 8))

        header.routerAlert = false
        header.identification = 0x1234
        let plain = encoded(header, payload: payload) ?? []
        #expect(plain.count == 20)
        reading(plain + payload) {
            #expect(IPv4Packet($0)?.headerChecksumIsValid == true)
            #expect(IPv4Packet($0)?.identification == 0x1234)
            #expect(IPv4Packet($0)?.routerAlert == nil)
        }
    }

    @Test(arguments: [-1, Int.min, Int.max, 65_535 - 19])
    func lengthsOutsideTheFieldAreRefused(payloadLength: Int) {
        let header = IPv4Header(
            source: .unspecified, destination: .broadcast, protocolNumber: .udp, payloadLength: payloadLength)
        let written = writing([UInt8](repeating: 0xa5, count: 70_000)) { #expect(header.encode(into: &$0, at: 0) == 0) }
        #expect(written.allSatisfy { $0 == 0xa5 })
    }

    @Test func fragments() {
        for (word, offset, more, isFragment) in [
            (0x2000, 0, true, true), (0x0001, 8, false, true), (0x1fff, 65_528, false, true), (0x4000, 0, false, false),
            (0x8000, 0, false, false),
        ] as [(UInt16, Int, Bool, Bool)] {
            let octets = writing(Self.report) { $0.store(word, at: IPv4Packet.Field.flagsAndFragmentOffset) }
            reading(octets) {
                #expect(IPv4Packet($0)?.fragmentOffset == offset)
                #expect(IPv4Packet($0)?.moreFragments == more)
                #expect(IPv4Packet($0)?.isFragment == isFragment)
            }
        }
    }

    /// The packet with some octets changed, and whether it is still one.
    static func isPacket(_ changes: [Int: UInt8], count: Int = 32) -> Bool {
        var octets = Array(report[..<count])
        for (offset, octet) in changes { octets[offset] = octet }
        return reading(octets) { IPv4Packet($0) != nil }
    }

    @Test func boundaries() {
        #expect(Self.isPacket([:]))
        for count in 0..<32 { #expect(!Self.isPacket([:], count: count)) }
        #expect(!Self.isPacket([0: 0x56]) && !Self.isPacket([0: 0x66]))
        #expect(!Self.isPacket([0: 0x44]) && Self.isPacket([0: 0x45]) && Self.isPacket([0: 0x48]))
        #expect(!Self.isPacket([0: 0x49]) && !Self.isPacket([0: 0x4f]))
        #expect(!Self.isPacket([3: 0x21]) && Self.isPacket([3: 0x18]) && !Self.isPacket([3: 0x17]))
        #expect(!Self.isPacket([2: 0x01]) && !Self.isPacket([3: 0x00]))
    }

    /// Option lists and what is found of Router Alert in them.
    @Test(
        arguments: [
            ([0x94, 0x04, 0x00, 0x05], 5), ([0x01, 0x94, 0x04, 0x00, 0x00, 0, 0, 0], 0),
            ([0x00, 0x94, 0x04, 0x00, 0x00, 0, 0, 0], nil), ([0x94, 0x03, 0x00, 0x00], nil),
            ([0x07, 0x00, 0x94, 0x04], nil),
            ([0x07, 0x01, 0x94, 0x04], nil), ([0x07, 0x04, 0x00, 0x00, 0x94, 0x04, 0x00, 0x07], 7),
            ([0x01, 0x94, 0x04, 0x00], nil), ([0x01, 0x01, 0x01, 0x94], nil), ([0x07, 0xff, 0x00, 0x00], nil),
        ] as [([UInt8], UInt16?)])
    func routerAlertIsFound(options: [UInt8], value: UInt16?) {
        var octets = Array(Self.report[..<20]) + options + [UInt8](repeating: 0x94, count: 8)
        octets[0] = 0x40 | UInt8(5 + options.count / 4)
        octets[3] = UInt8(octets.count)
        reading(octets) { #expect(IPv4Packet($0)?.routerAlert == value) }
    }
}
