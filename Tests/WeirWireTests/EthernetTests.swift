import Testing
import WeirWire

@Suite struct EthernetTests {
    static let destination = MACAddress(0x01, 0x00, 0x5e, 0x7f, 0x01, 0x02)
    static let source = MACAddress(0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64)
    static let addresses: [UInt8] = [
        0x01, 0x00, 0x5e, 0x7f, 0x01, 0x02,
        0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64,
    ]
    static let serviceTag: [UInt8] = [0x88, 0xa8, 0xb0, 0x64]
    static let customerTag: [UInt8] = [0x81, 0x00, 0x00, 0x0a]
    static let arp: [UInt8] = [0x08, 0x06]

    @Test func untagged() {
        reading(Self.addresses + Self.arp + [1, 2, 3]) {
            guard let frame = EthernetFrame($0) else { return fail("no frame") }
            #expect(frame.destination == Self.destination)
            #expect(frame.source == Self.source)
            #expect(frame.etherType == .arp)
            #expect(frame.outerTag == nil)
            #expect(frame.innerTag == nil)
            #expect(frame.tagCount == 0)
            #expect(frame.payloadOffset == 14)
            #expect(octets(frame.payload) == [1, 2, 3])
        }
    }

    @Test func oneAndTwoTags() {
        reading(Self.addresses + Self.customerTag + Self.arp) {
            guard let frame = EthernetFrame($0) else { return fail("no frame") }
            #expect(frame.outerTag == VLANTag(identifier: 10))
            #expect(frame.innerTag == nil)
            #expect(frame.payloadOffset == 18)
            #expect(octets(frame.payload) == [])
        }
        reading(Self.addresses + Self.serviceTag + Self.customerTag + Self.arp + [9]) {
            guard let frame = EthernetFrame($0) else { return fail("no frame") }
            #expect(
                frame.outerTag == VLANTag(tpid: .serviceVLAN, priority: 5, dropEligible: true, identifier: 100))
            #expect(frame.innerTag == VLANTag(identifier: 10))
            #expect(frame.etherType == .arp)
            #expect(octets(frame.payload) == [9])
        }
    }

    @Test func aFifthTagIsPayload() {
        let tags = [[UInt8]](repeating: Self.customerTag, count: 5).flatMap { $0 }
        reading(Self.addresses + tags + Self.arp) {
            guard let frame = EthernetFrame($0) else { return fail("no frame") }
            #expect(frame.tagCount == 4)
            #expect(frame.tag(at: 3) == VLANTag(identifier: 10))
            #expect(frame.tag(at: 4) == nil)
            #expect(frame.tag(at: Int.min) == nil)
            #expect(frame.tag(at: Int.max) == nil)
            #expect(frame.etherType == .vlan)
            #expect(octets(frame.payload) == [0x00, 0x0a] + Self.arp)
        }
    }

    @Test func aLengthBoundsThePayload() {
        reading(Self.addresses + [0x00, 0x02] + [1, 2, 0, 0]) {
            #expect(octets(EthernetFrame($0)?.payload) == [1, 2])
        }
        reading(Self.addresses + [0x00, 0x05] + [1, 2]) {
            #expect(octets(EthernetFrame($0)?.payload) == [1, 2])
        }
    }

    @Test func headersCutShortAreNoFrames() {
        let frame = Self.addresses + Self.serviceTag + Self.customerTag + Self.arp
        for count in 0..<14 { reading(Array(frame[..<count])) { #expect((EthernetFrame($0) == nil) == true) } }
        // With a tag begun, the EtherType behind it belongs to the header.
        for count in 14..<22 { reading(Array(frame[..<count])) { #expect((EthernetFrame($0) == nil) == true) } }
        reading(frame) { #expect((EthernetFrame($0) != nil) == true) }
    }

    @Test func headersAreEncodedInFull() {
        let header = EthernetHeader(destination: Self.destination, source: Self.source, etherType: .arp)
        #expect(encoded(header) == Self.addresses + Self.arp)
        var tagged = header
        tagged.innerTag = VLANTag(identifier: 10)
        #expect(encoded(tagged) == Self.addresses + Self.customerTag + Self.arp)
        tagged.outerTag = VLANTag(tpid: .serviceVLAN, priority: 5, dropEligible: true, identifier: 100)
        #expect(encoded(tagged) == Self.addresses + Self.serviceTag + Self.customerTag + Self.arp)
        #expect(refusesToOverflow(header) && refusesToOverflow(tagged))
    }

    @Test func tagFieldsAreMasked() {
        let tag = VLANTag(priority: 0xff, identifier: 0xffff)
        #expect(tag.priority == 7 && !tag.dropEligible && tag.identifier == 0xfff)
        #expect(tag.description == "vlan 4095 priority 7")
        #expect(VLANTag(tci: 0xb064).description == "vlan 100 priority 5 drop-eligible")
    }
}

@Suite struct ARPTests {
    static let request: [UInt8] = [
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04,
        0x00, 0x01,
        0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x0a, 0x00, 0x00, 0x64,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x01,
    ]
    static let reply: [UInt8] = [
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04,
        0x00, 0x02,
        0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x01,
        0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x0a, 0x00, 0x00, 0x64,
    ]

    @Test func takeApart() {
        reading(Self.request + [UInt8](repeating: 0, count: 18)) {
            guard let packet = ARPPacket($0) else { return fail("no packet") }
            #expect(packet.operation == .request)
            #expect(packet.senderHardwareAddress == EthernetTests.source)
            #expect(packet.senderProtocolAddress == IPv4Address(10, 0, 0, 100))
            #expect(packet.targetHardwareAddress == MACAddress(rawValue: 0))
            #expect(packet.targetProtocolAddress == IPv4Address(10, 0, 0, 1))
            #expect(octets(packet.bytes) == Self.request)
            #expect(octets(packet.payload) == [])
        }
    }

    @Test func build() {
        let request = ARPHeader(
            operation: .request, senderHardwareAddress: EthernetTests.source,
            senderProtocolAddress: IPv4Address(10, 0, 0, 100), targetProtocolAddress: IPv4Address(10, 0, 0, 1))
        #expect(encoded(request) == Self.request)
        #expect(refusesToOverflow(request))
        let reply: ARPHeader? = reading(Self.request) {
            guard let packet = ARPPacket($0) else { return nil }
            return ARPHeader(answering: packet, with: MACAddress(2, 0, 0, 0, 0, 1))
        }
        #expect(reply.flatMap { encoded($0) } == Self.reply)
    }

    @Test func otherKindsAreRefused() {
        for count in 0..<28 { reading(Array(Self.request[..<count])) { #expect((ARPPacket($0) == nil) == true) } }
        for offset in 0..<6 {
            var octets = Self.request
            octets[offset] ^= 1
            reading(octets) { #expect((ARPPacket($0) == nil) == true) }
        }
    }
}
