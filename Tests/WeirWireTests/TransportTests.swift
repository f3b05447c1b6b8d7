import Testing
import WeirWire

/// Pseudo headers of both versions.
private let v4 = PseudoHeader(source: IPv4Address(192, 0, 2, 10), destination: IPv4Address(192, 0, 2, 1))
private let v6 = PseudoHeader(source: .loopback, destination: .allNodes)

@Suite struct ICMPTests {
    /// Echo, identifier 0x1234, sequence number 7, data "abc".
    static let echo: [UInt8] = [0x08, 0x00, 0x21, 0x62, 0x12, 0x34, 0x00, 0x07, 0x61, 0x62, 0x63]

    @Test func takeApart() {
        reading(Self.echo) {
            guard let message = ICMPMessage($0) else { return fail("no message") }
            #expect(message.type == .echo)
            #expect(message.code == 0)
            #expect(message.checksum == 0x2162)
            #expect(message.checksumIsValid == true)
            #expect(message.restOfHeader == 0x1234_0007)
            #expect(message.identifier == 0x1234)
            #expect(message.sequenceNumber == 7)
            #expect(octets(message.payload) == Array("abc".utf8))
        }
    }

    @Test func build() {
        let header = ICMPHeader(echo: .echo, identifier: 0x1234, sequenceNumber: 7, payloadLength: 3)
        #expect(encoded(header, payload: Array("abc".utf8)) == Array(Self.echo[..<8]))
        #expect(refusesToOverflow(header, payloadLength: 3))
        #expect(refusesToOverflow(ICMPHeader(type: .echo, payloadLength: -1)))
    }

    @Test func boundaries() {
        for count in 0..<8 { reading(Array(Self.echo[..<count])) { #expect((ICMPMessage($0) == nil) == true) } }
        reading(Array(Self.echo[..<8])) { #expect(ICMPMessage($0)?.checksumIsValid == false) }
    }

    @Test func version6SumsThePseudoHeader() {
        let target = IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa)
        let payload = writing([UInt8](repeating: 0, count: 16)) { $0.store(target, at: 0) }
        let header = ICMPv6Header(type: .neighborSolicitation, payloadLength: 16, pseudoHeader: v6)
        let message = (encoded(header, payload: payload) ?? []) + payload
        reading(message) {
            guard let message = ICMPv6Message($0) else { return fail("no message") }
            #expect(message.type == .neighborSolicitation)
            #expect(message.type.isError == false)
            #expect(message.targetAddress == target)
            #expect(message.checksumIsValid(v6) == true)
        }
        // ::1, ff02::1, 24 octets, next header 58, type 135, target fe80::a.
        #expect(Array(message[..<4]) == [0x87, 0x00, 0x7b, 0x1d])
        reading(Array(message[..<8])) { #expect(ICMPv6Message($0)?.targetAddress == .unspecified) }
        for count in 0..<8 { reading(Array(message[..<count])) { #expect((ICMPv6Message($0) == nil) == true) } }
        let echo = ICMPv6Header(
            echo: .echoRequest, identifier: 1, sequenceNumber: 2, payloadLength: 0, pseudoHeader: v6)
        reading(encoded(echo) ?? []) { #expect(ICMPv6Message($0)?.checksumIsValid(v6) == true) }
        #expect(refusesToOverflow(echo))
    }
}

@Suite struct UDPTests {
    /// 192.0.2.10 port 1024 to 192.0.2.1 port 53, "hello".
    static let datagram: [UInt8] = [
        0x04, 0x00, 0x00, 0x35, 0x00, 0x0d, 0x33, 0xc1, 0x68, 0x65, 0x6c, 0x6c, 0x6f,
    ]

    @Test func takeApart() {
        reading(Self.datagram + [0xee]) {
            guard let datagram = UDPDatagram($0) else { return fail("no datagram") }
            #expect(datagram.sourcePort == 1024)
            #expect(datagram.destinationPort == 53)
            #expect(datagram.length == 13)
            #expect(datagram.checksum == 0x33c1)
            #expect(datagram.checksumIsValid(v4) == true)
            #expect(datagram.checksumIsValid(v6) == false)
            #expect(octets(datagram.payload) == Array("hello".utf8))
        }
    }

    @Test func build() {
        var header = UDPHeader(sourcePort: 1024, destinationPort: 53, payloadLength: 5, pseudoHeader: v4)
        #expect(encoded(header, payload: Array("hello".utf8)) == Array(Self.datagram[..<8]))
        #expect(refusesToOverflow(header, payloadLength: 5))
        header.pseudoHeader = nil
        #expect(encoded(header, payload: Array("hello".utf8)) == Array(Self.datagram[..<6]) + [0, 0])
        header.payloadLength = -1
        #expect(refusesToOverflow(header))
    }

    @Test func aSumOfZeroIsSentAsOnes() {
        let header = UDPHeader(sourcePort: 1024, destinationPort: 53, payloadLength: 2, pseudoHeader: v4)
        let sum = encoded(header, payload: [0, 0]).map { Array($0[6...]) } ?? []
        #expect(encoded(header, payload: sum).map { Array($0[6...]) } == [0xff, 0xff])
    }

    @Test func boundaries() {
        for count in 0..<13 { reading(Array(Self.datagram[..<count])) { #expect((UDPDatagram($0) == nil) == true) } }
        for (length, accepted) in [(7, false), (8, true), (13, true), (14, false), (0, false)] as [(UInt16, Bool)] {
            let octets = writing(Self.datagram) { $0.store(length, at: UDPDatagram.Field.length) }
            reading(octets) { #expect((UDPDatagram($0) != nil) == accepted) }
        }
        let unchecked = writing(Self.datagram) { $0.store(UInt16(0), at: UDPDatagram.Field.checksum) }
        reading(unchecked) { #expect(UDPDatagram($0)?.checksumIsValid(v4) == true) }
    }
}

@Suite struct TCPTests {
    /// 192.0.2.10 port 1024 to 192.0.2.1 port 80, SYN with MSS 1460.
    static let syn: [UInt8] = [
        0x04, 0x00, 0x00, 0x50,
        0x01, 0x02, 0x03, 0x04,
        0x00, 0x00, 0x00, 0x00,
        0x60, 0x02, 0x72, 0x10,
        0x99, 0xb4, 0x00, 0x00,
        0x02, 0x04, 0x05, 0xb4,
    ]

    @Test func takeApart() {
        reading(Self.syn) {
            guard let segment = TCPSegment($0) else { return fail("no segment") }
            #expect(segment.sourcePort == 1024)
            #expect(segment.destinationPort == 80)
            #expect(segment.sequenceNumber == 0x0102_0304)
            #expect(segment.acknowledgmentNumber == 0)
            #expect(segment.headerLength == 24)
            #expect(segment.flags == .syn)
            #expect(segment.window == 0x7210)
            #expect(segment.checksum == 0x99b4)
            #expect(segment.checksumIsValid(v4) == true)
            #expect(segment.urgentPointer == 0)
            #expect(segment.maximumSegmentSize == 1460)
            #expect(segment.maximumSegmentSizeOffset == 22)
            #expect(octets(segment.payload) == [])
        }
    }

    @Test func build() {
        var header = TCPHeader(
            sourcePort: 1024, destinationPort: 80, flags: .syn, payloadLength: 0, pseudoHeader: v4)
        header.sequenceNumber = 0x0102_0304
        header.window = 0x7210
        header.maximumSegmentSize = 1460
        #expect(encoded(header) == Self.syn)
        #expect(refusesToOverflow(header))
        header.maximumSegmentSize = nil
        header.flags = [.psh, .ack]
        header.payloadLength = 3
        let plain = (encoded(header, payload: [1, 2, 3]) ?? []) + [1, 2, 3]
        reading(plain) {
            #expect(TCPSegment($0)?.checksumIsValid(v4) == true)
            #expect(TCPSegment($0)?.maximumSegmentSize == nil)
            #expect(octets(TCPSegment($0)?.payload) == [1, 2, 3])
        }
        header.payloadLength = Int.max
        #expect(refusesToOverflow(header))
    }

    @Test func boundaries() {
        for count in 0..<24 { reading(Array(Self.syn[..<count])) { #expect((TCPSegment($0) == nil) == true) } }
        for (offset, accepted) in [(0x40, false), (0x50, true), (0x60, true), (0x70, false), (0xf0, false)] {
            let octets = writing(Self.syn) { $0.store(UInt8(offset), at: TCPSegment.Field.dataOffset) }
            reading(octets) { #expect((TCPSegment($0) != nil) == accepted) }
        }
    }
}
