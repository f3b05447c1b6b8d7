import Testing
import WeirWire

@Suite struct IPv6Tests {
    static let source: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a]
    static let destination: [UInt8] = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16]

    /// A packet with traffic class 0xc0, flow label 0x12345 and hop limit 1.
    static func packet(next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = UInt16(payload.count)
        return [0x6c, 0x01, 0x23, 0x45, UInt8(length >> 8), UInt8(length & 0xff), next, 0x01] + source + destination
            + payload
    }

    static let routerAlert: [UInt8] = [0x3a, 0x00, 0x05, 0x02, 0x00, 0x00, 0x01, 0x00]

    @Test func takeApart() {
        reading(Self.packet(next: 0, Self.routerAlert + [1, 2, 3]) + [0xee, 0xee]) {
            guard let packet = IPv6Packet($0) else { return fail("no packet") }
            #expect(packet.trafficClass == 0xc0)
            #expect(packet.dscp == 48)
            #expect(packet.ecn == 0)
            #expect(packet.flowLabel == 0x12345)
            #expect(packet.payloadLength == 11)
            #expect(packet.nextHeader == .hopByHopOptions)
            #expect(packet.hopLimit == 1)
            #expect(packet.source.description == "fe80::a")
            #expect(packet.destination == .allMLDv2Routers)
            #expect(octets(packet.payload) == Self.routerAlert + [1, 2, 3])
            #expect(packet.routerAlert == 0)
            #expect(packet.upperLayer?.protocolNumber == .icmpv6)
            #expect(packet.upperLayer?.offset == 48)
            #expect(packet.upperLayer?.isFragment == false)
            #expect(octets(packet.upperLayerPayload) == [1, 2, 3])
        }
    }

    @Test func build() {
        var header = IPv6Header(
            source: IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa), destination: .allMLDv2Routers,
            protocolNumber: .icmpv6, payloadLength: 3)
        header.hopLimit = 1
        header.trafficClass = 0xc0
        header.flowLabel = 0xfff1_2345
        #expect(encoded(header, payload: [1, 2, 3]).map { $0 + [1, 2, 3] } == Self.packet(next: 58, [1, 2, 3]))
        header.routerAlert = true
        #expect(
            encoded(header, payload: [1, 2, 3]).map { $0 + [1, 2, 3] }
                == Self.packet(next: 0, Self.routerAlert + [1, 2, 3]))
        #expect(refusesToOverflow(header, payloadLength: 3))
        for length in [-1, Int.min, Int.max, 65_528] {
            header.payloadLength = length
            let dirty = [UInt8](repeating: 0xa5, count: 70_000)
            #expect(writing(dirty) { header.encode(into: &$0, at: 0) } == dirty)
        }
    }

    @Test func boundaries() {
        let whole = Self.packet(next: 59, [1, 2])
        for count in 0..<42 { reading(Array(whole[..<count])) { #expect((IPv6Packet($0) == nil) == true) } }
        reading(whole) { #expect((IPv6Packet($0) != nil) == true) }
        reading([0x4c] + whole[1...]) { #expect((IPv6Packet($0) == nil) == true) }
    }

    static func upperLayer(next: UInt8, _ payload: [UInt8]) -> IPv6Packet.UpperLayer? {
        reading(packet(next: next, payload)) { IPv6Packet($0)?.upperLayer }
    }

    @Test func everyExtensionHeaderIsWalked() {
        let hopByHop: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
        let destinationOptions: [UInt8] = [43, 1, 1, 12] + [UInt8](repeating: 0, count: 12)
        let routing: [UInt8] = [51, 0, 0, 0, 0, 0, 0, 0]
        let authentication: [UInt8] = [44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let fragment: [UInt8] = [17, 0, 0x00, 0x01, 0, 0, 0, 7]
        let chain = hopByHop + destinationOptions + routing + authentication + fragment
        let upper = Self.upperLayer(next: 0, chain + [1])
        #expect(upper?.protocolNumber == .udp)
        #expect(upper?.offset == 40 + chain.count)
        #expect(upper?.isFragment == true)
        #expect(upper?.isAuthenticated == true)
        #expect(upper?.fragmentOffset == 0)
        #expect(upper?.moreFragments == true)
        // One octet short in each header: the chain is broken.
        for count in 0..<chain.count { #expect(Self.upperLayer(next: 0, Array(chain[..<count])) == nil) }
    }

    @Test func aLaterFragmentEndsTheWalk() {
        // What follows looks like destination options and is not.
        let upper = Self.upperLayer(next: 44, [60, 0, 0x05, 0xa8, 0, 0, 0, 7] + [17, 0xff])
        #expect(upper?.protocolNumber == .destinationOptions)
        #expect(upper?.isAuthenticated == false)
        #expect(upper?.offset == 48)
        #expect(upper?.fragmentOffset == 1448)
        #expect(upper?.moreFragments == false)
    }

    @Test func theWalkIsBounded() {
        let options: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
        let eight = [[UInt8]](repeating: options, count: 7).flatMap { $0 } + [6] + options[1...]
        #expect(Self.upperLayer(next: 60, eight)?.protocolNumber == .tcp)
        #expect(Self.upperLayer(next: 60, options + eight) == nil)
    }

    /// Hop-by-hop options and what is found of Router Alert in them.
    @Test(
        arguments: [
            ([0x3a, 0, 5, 2, 0, 1, 0, 0], 1), ([0x3a, 0, 0, 0, 5, 2, 0, 0], 0), ([0x3a, 0, 1, 0, 5, 2, 0, 3], 3),
            ([0x3a, 0, 0, 0, 0, 5, 2, 0], nil), ([0x3a, 0, 5, 1, 0, 0, 0, 0], nil),
            ([0x3a, 0, 1, 255, 5, 2, 0, 0], nil),
            ([0x3a, 9, 5, 2, 0, 0, 1, 0], nil),
        ] as [([UInt8], UInt16?)])
    func routerAlertIsFound(options: [UInt8], value: UInt16?) {
        reading(Self.packet(next: 0, options)) { #expect(IPv6Packet($0)?.routerAlert == value) }
        reading(Self.packet(next: 60, options)) { #expect(IPv6Packet($0)?.routerAlert == nil) }
    }
}
