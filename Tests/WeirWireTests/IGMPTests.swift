import Testing
import WeirWire

private let group = IPv4Address(239, 255, 1, 2)

/// A query of version 3 with QRV 2 and QQIC 125 s.
private func version3Query(_ group: IPv4Address, maxResponseTime: Int, sources: [IPv4Address] = []) -> IGMPContents {
    var query = IGMPQuery(version: .version3, groupAddress: group, maxResponseTime: maxResponseTime)
    query.querierRobustnessVariable = 2
    query.querierQueryInterval = 125
    query.sources = sources
    return .query(query)
}

/// A report of version 3 with one record for the group.
private func version3Report(_ type: IGMPGroupRecordType) -> IGMPContents {
    .version3Report([IGMPGroupRecord(type: type, multicastAddress: group)])
}

/// A message as octets and as contents.
private struct Vector: CustomTestStringConvertible {
    let testDescription: String
    let octets: [UInt8]
    let contents: IGMPContents
    let destination: IPv4Address

    init(_ name: String, _ octets: [UInt8], _ contents: IGMPContents, to destination: IPv4Address) {
        testDescription = name
        self.octets = octets
        self.contents = contents
        self.destination = destination
    }

    static let all = [
        Vector(
            "v1 general query",
            [0x11, 0x00, 0xee, 0xff, 0x00, 0x00, 0x00, 0x00],
            .query(IGMPQuery(version: .version1)), to: .allSystems),
        Vector(
            "v2 general query, 10 s",
            [0x11, 0x64, 0xee, 0x9b, 0x00, 0x00, 0x00, 0x00],
            .query(IGMPQuery(version: .version2)), to: .allSystems),
        Vector(
            "v2 group-specific query, 1 s",
            [0x11, 0x0a, 0xfd, 0xf3, 0xef, 0xff, 0x01, 0x02],
            .query(IGMPQuery(version: .version2, groupAddress: group, maxResponseTime: 10)), to: group),
        Vector(
            "v1 report",
            [0x12, 0x00, 0xfc, 0xfd, 0xef, 0xff, 0x01, 0x02], .version1Report(group), to: group),
        Vector(
            "v2 report",
            [0x16, 0x00, 0xf8, 0xfd, 0xef, 0xff, 0x01, 0x02], .version2Report(group), to: group),
        Vector(
            "v2 leave",
            [0x17, 0x00, 0xf7, 0xfd, 0xef, 0xff, 0x01, 0x02], .leave(group), to: .allRouters),
        Vector(
            "v3 general query, 10 s",
            [0x11, 0x64, 0xec, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x02, 0x7d, 0x00, 0x00],
            version3Query(.unspecified, maxResponseTime: 100), to: .allSystems),
        Vector(
            "v3 group-specific query, 1 s",
            [0x11, 0x0a, 0xfb, 0x76, 0xef, 0xff, 0x01, 0x02, 0x02, 0x7d, 0x00, 0x00],
            version3Query(group, maxResponseTime: 10), to: group),
        Vector(
            "v3 group-and-source-specific query, 1 s",
            [
                0x11, 0x0a, 0x41, 0x6d, 0xe8, 0x01, 0x01, 0x01, 0x02, 0x7d, 0x00, 0x01,
                0xc0, 0x00, 0x02, 0x07,
            ],
            version3Query(IPv4Address(232, 1, 1, 1), maxResponseTime: 10, sources: [IPv4Address(192, 0, 2, 7)]),
            to: IPv4Address(232, 1, 1, 1)),
        Vector(
            "v3 report IS_EX",
            [0x22, 0x00, 0xea, 0xfc, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xef, 0xff, 0x01, 0x02],
            version3Report(.modeIsExclude), to: .allIGMPv3Routers),
        Vector(
            "v3 report TO_EX",
            [0x22, 0x00, 0xe8, 0xfc, 0x00, 0x00, 0x00, 0x01, 0x04, 0x00, 0x00, 0x00, 0xef, 0xff, 0x01, 0x02],
            version3Report(.changeToExcludeMode), to: .allIGMPv3Routers),
        Vector(
            "v3 report TO_IN",
            [0x22, 0x00, 0xe9, 0xfc, 0x00, 0x00, 0x00, 0x01, 0x03, 0x00, 0x00, 0x00, 0xef, 0xff, 0x01, 0x02],
            version3Report(.changeToIncludeMode), to: .allIGMPv3Routers),
    ]
}

/// The contents of a message, nil when it is malformed.
private func contents(_ octets: [UInt8]) -> IGMPContents? {
    reading(octets) {
        guard let message = IGMPMessage($0) else { return nil }
        return try? IGMPContents(message)
    }
}

/// The query in a message, nil when there is none.
private func query(_ octets: [UInt8]) -> IGMPQuery? {
    reading(octets) {
        guard let message = IGMPMessage($0) else { return nil }
        return try? IGMPQuery(message)
    }
}

@Suite struct IGMPTests {
    @Test(arguments: Vector.all)
    fileprivate func takeApart(vector: Vector) {
        #expect(contents(vector.octets) == vector.contents)
        #expect(reading(vector.octets) { IGMPMessage($0)?.checksumIsValid } == true)
    }

    @Test(arguments: Vector.all)
    fileprivate func build(vector: Vector) {
        #expect(encoded(vector.contents) == vector.octets)
        #expect(refusesToOverflow(vector.contents))
        #expect(vector.contents.destination == vector.destination)
    }

    @Test func fieldsInWireOrder() {
        reading([0x11, 0x64, 0xec, 0x1e, 0xe8, 0x01, 0x01, 0x01, 0xfa, 0x8f, 0x00, 0x01, 0xc0, 0x00, 0x02, 0x07]) {
            guard let message = IGMPMessage($0) else { return fail("no message") }
            #expect(message.type == .membershipQuery)
            #expect(message.maxResponseCode == 0x64)
            #expect(message.checksum == 0xec1e)
            #expect(message.checksumIsValid == false)
            #expect(message.groupAddress == IPv4Address(232, 1, 1, 1))
            #expect(message.suppressRouterSideProcessing == true)
            #expect(message.querierRobustnessVariable == 2)
            #expect(message.querierQueryInterval == 248)
            #expect(message.sourceCount == 1)
            #expect(message.source(at: 0) == IPv4Address(192, 0, 2, 7))
            for index in [-1, 1, Int.min, Int.max, 1 << 62] { #expect(message.source(at: index) == .unspecified) }
            #expect(message.payload.byteCount == 8)
        }
    }

    @Test func versionFollowsFromLengthAndCode() {
        let general: [UInt8] = [0x11, 0x64, 0, 0, 0, 0, 0, 0]
        let versions: [IGMPVersion?] = [.version2, nil, nil, nil, .version3, .version3, .version3]
        for (extra, version) in versions.enumerated() {
            #expect(query(general + [UInt8](repeating: 0, count: extra))?.version == version)
        }
        #expect(query([0x11, 0x00] + general[2...])?.version == .version1)
        #expect(query([0x11, 0x00] + general[2...])?.maxResponseTime == 100)
        for count in 0..<8 { #expect(query(Array(general[..<count])) == nil) }
        #expect(query([0x16] + general[1...]) == nil)
    }

    @Test func sourcesMustLieInsideTheMessage() {
        let start: [UInt8] = [0x11, 0x64, 0, 0, 0xe8, 1, 1, 1, 0x02, 0x7d]
        #expect(query(start + [0, 1, 192, 0, 2]) == nil)
        #expect(query(start + [0, 1, 192, 0, 2, 7])?.sources == [IPv4Address(192, 0, 2, 7)])
        #expect(query(start + [0, 1, 192, 0, 2, 7, 0xee])?.sources == [IPv4Address(192, 0, 2, 7)])
        #expect(query(start + [0xff, 0xff, 192, 0, 2, 7]) == nil)
    }

    @Test func groupsThatAreNoGroupsAreRefused() {
        #expect(contents([0x11, 0x64, 0, 0, 192, 0, 2, 7]) == nil)
        for type in [0x12, 0x16, 0x17] as [UInt8] {
            #expect(contents([type, 0, 0, 0, 192, 0, 2, 7]) == nil)
            #expect(contents([type, 0, 0, 0, 0, 0, 0, 0]) == nil)
        }
        // Sources without a group.
        #expect(contents([0x11, 0x64, 0, 0, 0, 0, 0, 0, 0x02, 0x7d, 0, 1, 192, 0, 2, 7]) == nil)
        #expect(contents([0x13, 0x00, 0, 0, 239, 255, 1, 2]) == nil)
    }

    @Test func longReportsAndLeavesAreRead() {
        // RFC 2236 §2.5: octets behind the eighth are ignored.
        #expect(contents([0x16, 0, 0, 0, 239, 255, 1, 2, 1, 2, 3]) == .version2Report(group))
        #expect(contents([0x17, 0, 0, 0, 239, 255, 1, 2, 1]) == .leave(group))
    }

    @Test func queriesOfOtherVersionsAreSentAsTheyDecode() {
        var query = IGMPQuery(version: .version2, maxResponseTime: 0)
        #expect(encoded(query)?[1] == 1)
        query.maxResponseTime = 3072
        #expect(encoded(query)?[1] == 255)
        query.version = .version1
        #expect(encoded(query)?[1] == 0)
        query.version = .version3
        #expect(encoded(query)?[1] == 0xc8)
        query.querierRobustnessVariable = 8
        query.suppressRouterSideProcessing = true
        #expect(encoded(query)?[8] == 8)
        query.sources = [IPv4Address](repeating: group, count: 65_536)
        #expect(writing([UInt8](repeating: 0xa5, count: 300_000)) { query.encode(into: &$0, at: 0) }.first == 0xa5)
    }
}

@Suite struct IGMPFloatCodeTests {
    @Test(
        arguments: [
            (0x01, 1), (0x0a, 10), (0x64, 100), (0x7f, 127), (0x80, 128), (0x81, 136), (0x8f, 248), (0x90, 256),
            (0xc8, 3072), (0xff, 31744),
        ] as [(UInt8, Int)])
    func theTable(code: UInt8, value: Int) {
        #expect(IGMPFloatCode.decode(code) == value)
    }

    @Test func everyCodeThereAndBack() {
        for code in UInt8.min ... .max {
            let value = IGMPFloatCode.decode(code)
            #expect(IGMPFloatCode.encode(value) == code)
            // What lies below the next code has this one.
            if code < .max { #expect(IGMPFloatCode.encode(IGMPFloatCode.decode(code + 1) - 1) == code) }
        }
        #expect(IGMPFloatCode.encode(.max) == 0xff && IGMPFloatCode.encode(.min) == 0)
    }

    @Test func everyMaxRespCodeByVersion() {
        for code in UInt8.min ... .max {
            let short: [UInt8] = [0x11, code, 0, 0, 0, 0, 0, 0]
            #expect(query(short)?.maxResponseTime == (code == 0 ? 100 : Int(code)))
            #expect(query(short + [0, 0, 0, 0])?.maxResponseTime == IGMPFloatCode.decode(code))
            if let short = query(short) { #expect(encoded(short)?[1] == code) }
            if let long = query(short + [0, 0, 0, 0]) { #expect(encoded(long)?[1] == code) }
        }
    }
}

@Suite struct IGMPGroupRecordTests {
    /// Three records: BLOCK with two sources, an unknown type with auxiliary data, IS_IN with one source.
    static let report: [UInt8] = [
        0x22, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
        0x06, 0x00, 0x00, 0x02, 0xef, 0xff, 0x01, 0x02, 0xc0, 0x00, 0x02, 0x01, 0xc0, 0x00, 0x02, 0x02,
        0x07, 0x02, 0x00, 0x00, 0xef, 0xff, 0x01, 0x03, 1, 2, 3, 4, 5, 6, 7, 8,
        0x01, 0x00, 0x00, 0x01, 0xef, 0xff, 0x01, 0x04, 0xc0, 0x00, 0x02, 0x03,
    ]

    /// The types of the records that are read, and whether the message ends too early.
    static func types(_ octets: [UInt8]) -> (types: [UInt8], isCutShort: Bool)? {
        reading(octets) {
            guard let message = IGMPMessage($0) else { return nil }
            var (types, records): ([UInt8], _) = ([], message.groupRecords)
            while let record = records.next() { types.append(record.type.rawValue) }
            return (types, records.isCutShort)
        }
    }

    @Test func recordsAreReadInOrder() {
        reading(Self.report) {
            guard let message = IGMPMessage($0) else { return fail("no message") }
            #expect(message.groupRecordCount == 3)
            var records = message.groupRecords
            guard let first = records.next(), let second = records.next(), let third = records.next() else {
                return fail("a record is missing")
            }
            #expect(first.type == .blockOldSources)
            #expect(first.multicastAddress == group)
            #expect(first.sourceCount == 2)
            #expect(first.source(at: 0) == IPv4Address(192, 0, 2, 1))
            #expect(first.source(at: 1) == IPv4Address(192, 0, 2, 2))
            for index in [-1, 2, Int.min, Int.max, 1 << 62] { #expect(first.source(at: index) == .unspecified) }
            #expect(octets(first.payload) == [])
            #expect(second.type.isKnown == false)
            #expect(second.auxiliaryDataLength == 8)
            #expect(octets(second.payload) == [1, 2, 3, 4, 5, 6, 7, 8])
            #expect(third.type == .modeIsInclude)
            #expect(third.source(at: 0) == IPv4Address(192, 0, 2, 3))
            #expect((records.next() == nil) == true)
            #expect(records.isCutShort == false)
        }
    }

    @Test func recordsOfUnknownTypeAreLeftOut() {
        let known: [IGMPGroupRecord] = [
            IGMPGroupRecord(
                type: .blockOldSources, multicastAddress: group,
                sources: [IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2)]),
            IGMPGroupRecord(
                type: .modeIsInclude, multicastAddress: IPv4Address(239, 255, 1, 4),
                sources: [IPv4Address(192, 0, 2, 3)]),
        ]
        #expect(contents(Self.report) == .version3Report(known))
        // Sent again, they are all there is.
        let again = encoded(IGMPContents.version3Report(known)) ?? []
        #expect(contents(again) == .version3Report(known))
        #expect(reading(again) { IGMPMessage($0)?.checksumIsValid } == true)
        for record in known { #expect(refusesToOverflow(record)) }
    }

    @Test func aMessageCutShortEndsBeforeTheRecord() {
        for count in 8..<Self.report.count {
            let (types, isCutShort) = Self.types(Array(Self.report[..<count])) ?? ([], false)
            #expect(types == (count < 24 ? [] : count < 40 ? [6] : [6, 7]))
            #expect(isCutShort)
            #expect(contents(Array(Self.report[..<count])) == nil)
        }
    }

    @Test func octetsBehindTheRecordsAreIgnored() {
        #expect(Self.types(Self.report + Self.report[8...])?.types == [6, 7, 1])
        #expect(Self.types(Self.report + [0xee])?.isCutShort == false)
        #expect(Self.types([0x22, 0, 0, 0, 0, 0, 0, 0])?.types == [])
        // No other message has records.
        #expect(Self.types([0x11] + Self.report[1...])?.types == [])
    }

    @Test func aSourceListBeyondTheFieldIsRefused() {
        let record = IGMPGroupRecord(
            type: .allowNewSources, multicastAddress: group, sources: [IPv4Address](repeating: group, count: 65_536))
        let dirty = [UInt8](repeating: 0xa5, count: 300_000)
        #expect(writing(dirty) { record.encode(into: &$0, at: 0) } == dirty)
        #expect(writing(dirty) { IGMPContents.version3Report([record]).encode(into: &$0, at: 0) } == dirty)
    }
}
