import Testing
import WeirWire

private let group = IPv6Address(high: 0xff15_0000_0000_0000, low: 0x1_0002)
private let source = IPv6Address(high: 0x2001_0db8_0000_0000, low: 7)

/// A query of version 2 with QRV 2.
private func version2Query(
    _ group: IPv6Address, maxResponseDelay: Int, suppress: Bool = false, interval: Int = 125,
    sources: [IPv6Address] = []
) -> MLDContents {
    var query = MLDQuery(version: .version2, multicastAddress: group, maxResponseDelay: maxResponseDelay)
    query.suppressRouterSideProcessing = suppress
    query.querierRobustnessVariable = 2
    query.querierQueryInterval = interval
    query.sources = sources
    return .query(query)
}

/// Contents with the sender's address, without which there is no checksum.
private struct Sent: WireEncodable {
    let contents: MLDContents

    var pseudoHeader: PseudoHeader {
        PseudoHeader(source: IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa), destination: contents.destination)
    }
    var encodedLength: Int { contents.encodedLength }

    func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        contents.encode(into: &span, at: offset, pseudoHeader: pseudoHeader)
    }
}

/// A message as octets and as contents; the sender is fe80::a.
private struct Vector: CustomTestStringConvertible {
    let testDescription: String
    let octets: [UInt8]
    let contents: MLDContents
    let destination: IPv6Address

    init(_ name: String, _ octets: [UInt8], _ contents: MLDContents, to destination: IPv6Address) {
        testDescription = name
        self.octets = octets
        self.contents = contents
        self.destination = destination
    }

    static let all = [
        Vector(
            "v1 general query, 10 s",
            [
                0x82, 0x00, 0x59, 0x0e, 0x27, 0x10, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            ],
            .query(MLDQuery(version: .version1)), to: .allNodes),
        Vector(
            "v1 specific query, 1 s",
            [
                0x82, 0x00, 0x7d, 0x08, 0x03, 0xe8, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
            ],
            .query(MLDQuery(version: .version1, multicastAddress: group, maxResponseDelay: 1000)), to: group),
        Vector(
            "v1 report",
            [
                0x83, 0x00, 0x7f, 0xf0, 0x00, 0x00, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
            ],
            .version1Report(group), to: group),
        Vector(
            "v1 done",
            [
                0x84, 0x00, 0x7f, 0x04, 0x00, 0x00, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
            ],
            .done(group), to: .allRouters),
        Vector(
            "v2 general query, 10 s",
            [
                0x82, 0x00, 0x56, 0x8d, 0x27, 0x10, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x02, 0x7d, 0x00, 0x00,
            ],
            version2Query(.unspecified, maxResponseDelay: 10_000), to: .allNodes),
        Vector(
            "v2 specific query, 1 s",
            [
                0x82, 0x00, 0x7a, 0x87, 0x03, 0xe8, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
                0x02, 0x7d, 0x00, 0x00,
            ],
            version2Query(group, maxResponseDelay: 1000), to: group),
        Vector(
            "v2 query of a source, 65.536 s, S Flag",
            [
                0x82, 0x00, 0xb8, 0x8a, 0x90, 0x00, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
                0x0a, 0x90, 0x00, 0x01,
                0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07,
            ],
            version2Query(group, maxResponseDelay: 65_536, suppress: true, interval: 256, sources: [source]),
            to: group),
        Vector(
            "v2 report IS_EX",
            [
                0x8f, 0x00, 0x71, 0xeb, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00,
                0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
            ],
            .version2Report([MLDAddressRecord(type: .modeIsExclude, multicastAddress: group)]),
            to: .allMLDv2Routers),
        Vector("v2 report TO_EX and BLOCK", twoRecords, .version2Report(records), to: .allMLDv2Routers),
    ]

    static let twoRecords: [UInt8] = [
        0x8f, 0x00, 0xbc, 0xc4, 0x00, 0x00, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00,
        0xff, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
        0x06, 0x00, 0x00, 0x01,
        0xff, 0x3e, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x01,
        0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07,
    ]

    static let records = [
        MLDAddressRecord(type: .changeToExcludeMode, multicastAddress: group),
        MLDAddressRecord(
            type: .blockOldSources,
            multicastAddress: IPv6Address(high: 0xff3e_0000_0000_0000, low: 0x8000_0001), sources: [source]),
    ]
}

/// What a message says, or why it says nothing; nil when it is no MLD at all.
private func contents(_ octets: [UInt8]) -> Result<MLDContents, MembershipFault>? {
    reading(octets) {
        guard let message = MLDMessage($0) else { return nil }
        do throws(MembershipFault) { return .success(try MLDContents(message)) } catch { return .failure(error) }
    }
}

@Suite struct MLDTests {
    @Test(arguments: Vector.all)
    fileprivate func takeApart(vector: Vector) {
        #expect(contents(vector.octets) == .success(vector.contents))
        let pseudoHeader = Sent(contents: vector.contents).pseudoHeader
        #expect(reading(vector.octets) { MLDMessage($0)?.checksumIsValid(pseudoHeader) } == true)
    }

    @Test(arguments: Vector.all)
    fileprivate func build(vector: Vector) {
        #expect(encoded(Sent(contents: vector.contents)) == vector.octets)
        #expect(refusesToOverflow(Sent(contents: vector.contents)))
        #expect(vector.contents.destination == vector.destination)
    }

    /// Where a message may end, and what it is then, follows from its length alone.
    @Test(arguments: Vector.all)
    fileprivate func everyLength(vector: Vector) {
        for count in 0..<vector.octets.count {
            let found = contents(Array(vector.octets[..<count]))
            switch (vector.contents, count) {
            case (_, 0..<8): #expect(found == nil)
            case (.query(let query), 24):
                // Shorter, it is a whole query of version 1, whose delay is no float.
                var short = MLDQuery(version: .version1, multicastAddress: query.multicastAddress)
                short.maxResponseDelay = query.maxResponseDelay == 65_536 ? 0x9000 : query.maxResponseDelay
                #expect(found == .success(.query(short)))
            default: #expect(found == .failure(.length), "\(count) octets")
            }
        }
    }

    @Test func fieldsInWireOrder() {
        reading(Vector.all[6].octets) {
            guard let message = MLDMessage($0) else { return fail("no message") }
            #expect(message.type == .listenerQuery)
            #expect(message.checksum == 0xb88a)
            #expect(message.maxResponseCode == 0x9000)
            #expect(message.multicastAddress == group)
            #expect(message.suppressRouterSideProcessing == true)
            #expect(message.querierRobustnessVariable == 2)
            #expect(message.querierQueryInterval == 256)
            #expect(message.sourceCount == 1)
            #expect(message.source(at: 0) == source)
            for index in [-1, 1, Int.min, Int.max, 1 << 60] { #expect(message.source(at: index) == .unspecified) }
            #expect(message.queryVersion == .version2)
        }
        #expect(MLDVersion.version1 < .version2)
    }

    @Test func otherMessagesOfICMPv6AreNotMLD() {
        let types: [UInt8] = [130, 131, 132, 143]
        for type in UInt8.min ... .max {
            let octets = [type] + [UInt8](repeating: 0, count: 23)
            reading(octets) { #expect((MLDMessage($0) != nil) == types.contains(type)) }
        }
    }

    @Test func octetsBehindReportsAndDonesAreIgnored() {
        for vector in Vector.all {
            if case .query(let query) = vector.contents, query.version == .version1 { continue }
            #expect(contents(vector.octets + [1, 2, 3]) == .success(vector.contents))
        }
    }

    @Test func groupsThatAreNoGroupsAreRefused() {
        let unicast: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [7]
        let unspecified = [UInt8](repeating: 0, count: 16)
        for type in [0x83, 0x84] as [UInt8] {
            #expect(contents([type, 0, 0, 0, 0, 0, 0, 0] + unicast) == .failure(.group))
            #expect(contents([type, 0, 0, 0, 0, 0, 0, 0] + unspecified) == .failure(.group))
        }
        #expect(contents([0x82, 0, 0, 0, 0, 0, 0, 0] + unicast) == .failure(.group))
        // Sources without a group.
        #expect(contents([0x82, 0, 0, 0, 0, 0, 0, 0] + unspecified + [2, 125, 0, 1] + unicast) == .failure(.group))
        #expect(contents([0x8f, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0] + unicast) == .failure(.group))
    }

    @Test func recordsOfUnknownTypeAndAuxiliaryDataAreLeftOut() {
        var octets = Vector.twoRecords
        octets[7] = 3
        let unknown: [UInt8] = [7, 2, 0, 0] + [UInt8](repeating: 0xff, count: 24)
        #expect(contents(octets + unknown) == .success(.version2Report(Vector.records)))
        #expect(contents(octets + unknown.dropLast()) == .failure(.length))
    }

    @Test func queriesAreSentAsTheyDecode() {
        func code(_ version: MLDVersion, _ delay: Int) -> [UInt8]? {
            encoded(Sent(contents: .query(MLDQuery(version: version, maxResponseDelay: delay)))).map {
                Array($0[4..<6])
            }
        }
        #expect(code(.version1, 0x9000) == [0x90, 0])
        #expect(code(.version1, 100_000) == [0xff, 0xff])
        #expect(code(.version1, -1) == [0, 0])
        #expect(code(.version2, 65_536) == [0x90, 0])
        #expect(code(.version2, .max) == [0xff, 0xff])
        var query = MLDQuery(version: .version2, multicastAddress: group)
        query.querierRobustnessVariable = 8
        #expect(encoded(Sent(contents: .query(query)))?[24] == 0)
        query.sources = [IPv6Address](repeating: source, count: 65_536)
        let dirty = [UInt8](repeating: 0xa5, count: 1_100_000)
        let sent = Sent(contents: .query(query))
        #expect(writing(dirty) { _ = sent.encode(into: &$0, at: 0) } == dirty)
    }
}

@Suite struct MLDFrameTests {
    static let router = IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa)

    static func frame(_ contents: MLDContents, tag: VLANTag? = nil) -> MLDFrame {
        MLDFrame(sourceHardwareAddress: EthernetTests.source, source: router, tag: tag, contents: contents)
    }

    @Test func aTaggedVersion2Report() {
        let octets: [UInt8] =
            [
                0x33, 0x33, 0x00, 0x00, 0x00, 0x16, 0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x81, 0x00, 0x00, 0x0a,
                0x86, 0xdd,
                0x60, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x01,
            ] + IPv6Tests.source + IPv6Tests.destination + IPv6Tests.routerAlert + Vector.all[7].octets
        let frame = Self.frame(Vector.all[7].contents, tag: VLANTag(identifier: 10))
        #expect(encoded(frame) == octets)
        #expect(refusesToOverflow(frame))
    }

    @Test(arguments: Vector.all)
    fileprivate func whatIsSentIsReceived(vector: Vector) {
        for tag in [nil, VLANTag(identifier: 10)] {
            let frame = Self.frame(vector.contents, tag: tag)
            let octets = encoded(frame) ?? []
            #expect(octets.count >= 60)
            for padding in [[], [0], [0, 0, 0, 0], [0xff, 0xff, 0xff]] as [[UInt8]] {
                reading(octets + padding) {
                    #expect(MLDReception($0, requiresRouterAlert: true) == .message(frame))
                }
            }
        }
    }

    @Test func messagesBeyondThePacketAreRefused() {
        let record = MLDAddressRecord(type: .modeIsExclude, multicastAddress: group)
        let dirty = [UInt8](repeating: 0xa5, count: 70_000)
        // 65,535 octets are 8 of options, 8 of header, and 3275 records.
        for (count, fits) in [(3275, true), (3276, false)] {
            let frame = Self.frame(.version2Report([MLDAddressRecord](repeating: record, count: count)))
            #expect((writing(dirty) { frame.encode(into: &$0, at: 0) } == dirty) == !fits)
        }
    }
}
