import Testing
import WeirWire

@Suite struct IGMPFrameTests {
    static let group = IPv4Address(239, 255, 1, 2)

    static func frame(_ contents: IGMPContents, tag: VLANTag? = nil) -> IGMPFrame {
        IGMPFrame(
            sourceHardwareAddress: EthernetTests.source, source: IPv4Address(192, 0, 2, 10), tag: tag,
            contents: contents)
    }

    @Test func aVersion2Report() {
        let octets: [UInt8] =
            [0x01, 0x00, 0x5e, 0x7f, 0x01, 0x02, 0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x08, 0x00]
            + IPv4Tests.report + [UInt8](repeating: 0, count: 14)
        let frame = Self.frame(.version2Report(Self.group))
        #expect(octets.count == 60)
        #expect(encoded(frame) == octets)
        #expect(refusesToOverflow(frame))
    }

    @Test func aTaggedVersion3Report() {
        let octets: [UInt8] = [
            0x01, 0x00, 0x5e, 0x00, 0x00, 0x16, 0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x81, 0x00, 0x00, 0x0a, 0x08, 0x00,
            0x46, 0xc0, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x01, 0x02, 0x41, 0xef,
            0xc0, 0x00, 0x02, 0x0a, 0xe0, 0x00, 0x00, 0x16, 0x94, 0x04, 0x00, 0x00,
            0x22, 0x00, 0xea, 0xfc, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xef, 0xff, 0x01, 0x02,
            0x00, 0x00,
        ]
        let record = IGMPGroupRecord(type: .modeIsExclude, multicastAddress: Self.group)
        let frame = Self.frame(.version3Report([record]), tag: VLANTag(identifier: 10))
        #expect(encoded(frame) == octets)
        #expect(refusesToOverflow(frame))
    }

    /// The message in a frame that was encoded, by way of every layer.
    static func contents(_ frame: IGMPFrame) -> IGMPContents? {
        reading(encoded(frame) ?? []) {
            guard let ethernet = EthernetFrame($0), ethernet.etherType == .ipv4,
                ethernet.destination == MACAddress(multicastGroup: frame.contents.destination),
                let ip = IPv4Packet(ethernet.payload), ip.headerChecksumIsValid, ip.routerAlert == 0,
                ip.protocolNumber == .igmp, ip.destination == frame.contents.destination, ip.timeToLive == 1,
                let message = IGMPMessage(ip.payload), message.checksumIsValid
            else { return nil }
            return try? IGMPContents(message)
        }
    }

    @Test(
        arguments: [
            .query(IGMPQuery(version: .version1)), .query(IGMPQuery(version: .version2)),
            .query(IGMPQuery(version: .version3)), .query(IGMPQuery(version: .version2, groupAddress: Self.group)),
            .version1Report(Self.group), .leave(Self.group),
            .version3Report(
                [IGMPGroupRecord](repeating: .init(type: .modeIsExclude, multicastAddress: group), count: 183)),
        ] as [IGMPContents])
    func paddingDoesNotChangeTheMessage(contents: IGMPContents) {
        #expect(Self.contents(Self.frame(contents)) == contents)
        #expect(Self.contents(Self.frame(contents, tag: VLANTag(identifier: 10))) == contents)
    }

    @Test func aQueryInAPaddedFrameStaysVersion2() {
        let frame = encoded(Self.frame(.query(IGMPQuery(version: .version2)))) ?? []
        #expect(frame.count == 60)
        for padding in [0x00, 0xff] as [UInt8] {
            let padded = writing(frame) { $0.fill(padding, from: 46, count: 14) }
            reading(padded) {
                guard let ethernet = EthernetFrame($0), let ip = IPv4Packet(ethernet.payload),
                    let message = IGMPMessage(ip.payload)
                else { return fail("no message") }
                #expect(message.queryVersion == .version2)
                #expect(message.checksumIsValid == true)
                #expect(message.bytes.byteCount == 8)
            }
        }
    }

    @Test func messagesBeyondThePacketAreRefused() {
        let record = IGMPGroupRecord(type: .modeIsExclude, multicastAddress: Self.group)
        let frame = Self.frame(.version3Report([IGMPGroupRecord](repeating: record, count: 8200)))
        let dirty = [UInt8](repeating: 0xa5, count: 70_000)
        #expect(writing(dirty) { frame.encode(into: &$0, at: 0) } == dirty)
    }
}
