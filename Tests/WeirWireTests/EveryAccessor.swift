import WeirWire

/// Calls every accessor of every view on the same octets. What is read is summed up, so that no access is optimised away.
struct EveryAccessor {
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
        mld(bytes)
        neighbor(bytes)
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
        take(IGMPReception(bytes))
        take(MLDReception(bytes, requiresRouterAlert: true))
        take(NeighborReception(bytes))
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
        mld(packet.upperLayerPayload)
        neighbor(packet.upperLayerPayload)
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
        take(try? IGMPContents(message))
    }

    mutating func mld(_ bytes: RawSpan) {
        guard let message = MLDMessage(bytes) else { return }
        take(message.queryVersion)
        take(message.checksumIsValid(PseudoHeader(source: .loopback, destination: message.multicastAddress)))
        take([message.maxResponseCode, message.checksum])
        take([message.querierQueryInterval, message.sourceCount, message.addressRecordCount])
        take(message.querierRobustnessVariable)
        take(message.suppressRouterSideProcessing)
        take(message.source(at: message.sourceCount - 1))
        var records = message.addressRecords
        while let record = records.next() {
            take(record.auxiliaryDataLength)
            take(record.source(at: record.sourceCount - 1))
            take(record.payload)
        }
        take(try? MLDContents(message))
    }

    mutating func neighbor(_ bytes: RawSpan) {
        guard let message = NeighborMessage(bytes) else { return }
        take(message.type)
        take(message.flags.rawValue)
        take(message.optionsAreValid)
        take(message.checksumIsValid(PseudoHeader(source: .loopback, destination: message.targetAddress)))
        take(message.address(of: .sourceLinkLayerAddress))
        take(message.addressOffset(of: .targetLinkLayerAddress))
        take(NeighborContents(message))
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
