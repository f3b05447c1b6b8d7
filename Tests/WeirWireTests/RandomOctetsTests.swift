import Testing
import WeirWire

/// Random octets through every view and every accessor: the test is that nothing traps.
@Suite struct RandomOctetsTests {
    /// What was read, so that no access is optimised away.
    private struct Reader {
        var sum = 0

        mutating func take(_ value: some Hashable) { sum &+= value.hashValue }
        mutating func take(_ span: RawSpan) {
            take(span.uint8(at: 0))
            take(span.uint8(at: span.byteCount - 1))
            take(internetChecksum(of: span))
        }

        mutating func everything(_ bytes: RawSpan) {
            ethernet(bytes)
            arp(bytes)
            ipv4(bytes)
            ipv6(bytes)
            icmp(bytes)
            igmp(bytes)
            transport(bytes)
        }

        mutating func ethernet(_ bytes: RawSpan) {
            guard let frame = EthernetFrame(bytes) else { return }
            take(frame.destination)
            take(frame.source)
            take(frame.outerTag)
            take(frame.innerTag)
            take(frame.tag(at: 3))
            take(frame.etherType.description)
            take(frame.payload)
            ipv4(frame.payload)
            ipv6(frame.payload)
        }

        mutating func arp(_ bytes: RawSpan) {
            guard let packet = ARPPacket(bytes) else { return }
            take(ARPHeader(answering: packet, with: packet.targetHardwareAddress))
            take(packet.operation)
            take(packet.payload)
        }

        mutating func ipv4(_ bytes: RawSpan) {
            guard let packet = IPv4Packet(bytes) else { return }
            take([packet.headerLength, packet.totalLength, packet.fragmentOffset])
            take([packet.typeOfService, packet.dscp, packet.ecn, packet.timeToLive])
            take([packet.dontFragment, packet.moreFragments, packet.isFragment, packet.headerChecksumIsValid])
            take([packet.identification, packet.headerChecksum])
            take(packet.protocolNumber.description)
            take(packet.routerAlert)
            take(packet.pseudoHeader)
            take(packet.options)
            take(packet.payload)
            igmp(packet.payload)
        }

        mutating func ipv6(_ bytes: RawSpan) {
            guard let packet = IPv6Packet(bytes) else { return }
            take([packet.trafficClass, packet.dscp, packet.ecn, packet.hopLimit])
            take([packet.flowLabel, UInt32(packet.payloadLength)])
            take(packet.nextHeader)
            take(packet.pseudoHeader)
            take(packet.routerAlert)
            take(packet.upperLayer)
            take(packet.payload)
            take(packet.upperLayerPayload)
        }

        mutating func icmp(_ bytes: RawSpan) {
            if let message = ICMPMessage(bytes) {
                take(message.type)
                take([message.code])
                take([message.checksum, message.identifier, message.sequenceNumber])
                take(message.restOfHeader)
                take(message.checksumIsValid)
                take(message.payload)
            }
            if let message = ICMPv6Message(bytes) {
                take(message.type.isError)
                take(message.targetAddress.description)
                take(message.checksumIsValid(PseudoHeader(source: .loopback, destination: message.targetAddress)))
            }
        }

        mutating func igmp(_ bytes: RawSpan) {
            guard let message = IGMPMessage(bytes) else { return }
            take(message.queryVersion)
            take(message.checksumIsValid)
            take([message.maxResponseCode, message.querierRobustnessVariable])
            take([message.querierQueryInterval, message.sourceCount, message.groupRecordCount])
            take(message.suppressRouterSideProcessing)
            take(message.source(at: message.sourceCount - 1))
            take(message.payload)
            var records = message.groupRecords
            while let record = records.next() {
                take(record.auxiliaryDataLength)
                take(record.source(at: record.sourceCount - 1))
                take(record.payload)
            }
            take(IGMPContents(message))
        }

        mutating func transport(_ bytes: RawSpan) {
            let pseudoHeader = PseudoHeader(source: bytes.ipv4Address(at: 0), destination: bytes.ipv4Address(at: 4))
            if let datagram = UDPDatagram(bytes) {
                take([datagram.sourcePort, datagram.destinationPort, datagram.checksum])
                take(datagram.checksumIsValid(pseudoHeader))
                take(datagram.payload)
            }
            if let segment = TCPSegment(bytes) {
                take([segment.sourcePort, segment.destinationPort, segment.window, segment.urgentPointer])
                take([segment.sequenceNumber, segment.acknowledgmentNumber])
                take(segment.maximumSegmentSize)
                take(segment.maximumSegmentSizeOffset)
                take(segment.checksumIsValid(pseudoHeader))
                take(segment.options)
                take(segment.payload)
            }
        }
    }

    /// Overwrites what a view looks at first, so that random octets come past its check.
    private static func plausible(_ octets: [UInt8], _ kind: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let count = UInt16(clamping: octets.count)
        let extensions: [UInt8] = [0, 43, 44, 51, 60]
        let random = UInt16.random(in: 0...count, using: &generator)
        return writing(octets) {
            switch kind {
            case 0:
                $0.store(UInt8.random(in: 0x45...0x4f, using: &generator), at: 0)
                $0.store(random, at: 2)
            case 1:
                $0.store(UInt8(0x60), at: 0)
                $0.store(max(random, 40) - 40, at: 4)
                $0.store(extensions.randomElement(using: &generator) ?? 0, at: 6)
                for offset in stride(from: 40, to: min(octets.count, 120), by: 8) {
                    $0.store(extensions.randomElement(using: &generator) ?? 0, at: offset)
                    $0.store(UInt8.random(in: 0...2, using: &generator), at: offset + 1)
                }
            case 2:
                $0.store(UInt32(0x8100_0000), at: 12)
                $0.store(UInt32(0x88a8_0000), at: 16)
                $0.store(UInt16(random % 2000), at: 20)
            case 3:
                $0.store(UInt8(0x11), at: 0)
                $0.store(random / 4, at: 10)
            case 4:
                $0.store(UInt8(0x22), at: 0)
                $0.store(UInt16(0x0100), at: 9)
                $0.store(random / 8, at: 6)
            case 5: $0.store(UInt64(0x0001_0800_0604_0001), at: 0)
            case 6: $0.store(random, at: 4)
            default: break
            }
        }
    }

    @Test func everyLengthUpTo300() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        // A trap ends the process, and the last line printed tells how to repeat it.
        print("random octets from seed \(seed)")
        var reader = Reader()
        for count in 0...300 {
            for kind in 0...7 {
                let octets = Self.plausible(generator.octets(count), kind, using: &generator)
                reading(octets) { reader.everything($0) }
            }
        }
        #expect(reader.sum != 0, "seed \(seed)")
    }

    @Test(arguments: [1500, 9000, 65_535, 65_536])
    func someLengthsUpTo64KiB(count: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        print("\(count) random octets from seed \(seed)")
        var reader = Reader()
        for kind in 0...7 {
            let octets = Self.plausible(generator.octets(count), kind, using: &generator)
            reading(octets) { reader.everything($0) }
        }
        #expect(reader.sum != 0, "seed \(seed)")
    }
}
