import IGMPResponder
import Testing
import WeirMembership
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 1, 2)
private let other = IPv4Address(239, 1, 1, 1)

/// A frame with any octets as its IGMP message, with a checksum that is right if not told otherwise.
func igmpFrame(
    at time: Duration = .seconds(50), _ message: [UInt8], to destination: IPv4Address = .allSystems,
    damage: UInt8 = 0, flags: UInt16 = 0, padding: [UInt8] = []
) -> TestFrame {
    var message = message
    if message.count >= 4 {
        let sum = ~onesComplementSum(message)
        (message[2], message[3]) = (UInt8(sum >> 8), UInt8(sum & 0xff) ^ damage)
    }
    let address = destination.rawValue
    let group = (0..<4).map { UInt8(truncatingIfNeeded: address >> (24 - 8 * UInt32($0))) }
    let length = UInt16(24 + message.count)
    var header: [UInt8] = [0x46, 0xc0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0]
    header += [UInt8(flags >> 8), UInt8(flags & 0xff), 1, 2, 0, 0, 10, 0, 0, 1]
    header += group + [0x94, 4, 0, 0]
    let sum = ~onesComplementSum(header)
    (header[10], header[11]) = (UInt8(sum >> 8), UInt8(sum & 0xff))
    let ethernet = [1, 0, 0x5e, group[1] & 0x7f, group[2], group[3], 2, 0, 0, 0, 0, 9, 8, 0]
    return TestFrame(at: time, ethernet + header + message + padding)
}

/// Written anew here, so that the sender's own arithmetic isn't its judge (RFC 1071).
private func onesComplementSum(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: octets.count, by: 2) {
        sum += UInt32(octets[index]) << 8 | UInt32(index + 1 < octets.count ? octets[index + 1] : 0)
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return UInt16(sum)
}

/// What a host makes of the queries that it hears (RFC 2236 §6, RFC 3376 §4.1 and §7.1).
@Suite struct QueryValidationTests {
    static let invalid: [(fault: String, frame: TestFrame)] = [
        ("nine octets", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0, 0])),
        ("ten octets", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("eleven octets", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("seven octets", igmpFrame([0x11, 100, 0, 0, 0, 0, 0])),
        ("checksum", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0], damage: 1)),
        ("more sources than octets", igmpFrame([0x11, 100, 0, 0, 239, 255, 1, 2, 2, 125, 0, 1], to: group)),
        ("sources of no group", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 1, 192, 0, 2, 7])),
        ("a group that is none", igmpFrame([0x11, 100, 0, 0, 10, 0, 0, 1], to: IPv4Address(10, 0, 0, 1))),
        ("general, to another group", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0], to: group)),
        ("specific, to another group", igmpFrame([0x11, 100, 0, 0, 239, 255, 1, 2], to: IPv4Address(224, 0, 0, 9))),
        ("first fragment", igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0], flags: 0x2000)),
        ("unknown type", igmpFrame([0x99, 100, 0, 0, 0, 0, 0, 0])),
    ]

    private func run(_ frames: [TestFrame]) throws -> StageRun.Result {
        var run = StageRun()
        try run.add(IGMPResponder.self) { $0.groups = [GroupSetting(group)] }
        // The clock starts with the first frame: one at zero lets joining be over before the others come.
        let result = run.run([TestFrame([0])] + frames)
        #expect(result.imbalances == [])
        return result
    }

    private func answers(_ result: StageRun.Result) -> [TestFrame] {
        result.frames("igmp-responder.reports").filter { $0.time > .seconds(20) }
    }

    @Test(arguments: invalid) func countsAnInvalidMessageOncePassesItOnAndStaysSilent(
        _ fault: String, frame: TestFrame
    ) throws {
        let result = try run([frame])
        #expect(result.counter("invalid-messages", of: "igmp-responder") == 1)
        #expect(result.counter("queries", of: "igmp-responder") == 0)
        #expect(answers(result) == [])
        #expect(result.frames().last == frame)
    }

    @Test func aQueryThatTheCaptureCutIsNotAnswered() throws {
        var cut = igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0])
        for _ in 0..<cut.octets.count {
            cut.octets.removeLast()
            let result = try run([cut])
            #expect(answers(result) == [])
            #expect(result.frames().last == cut)
        }
    }

    @Test(arguments: [UInt8(0), 0x55, 0xff]) func paddingChangesNothing(_ octet: UInt8) throws {
        let padding = [UInt8](repeating: octet, count: 14)
        let result = try run([igmpFrame([0x11, 100, 0, 0, 0, 0, 0, 0], padding: padding)])
        #expect(answers(result).map { $0.octets[38] } == [0x16])
    }

    /// The code of one octet means as much as its version says (RFC 2236 §2.2 and §4, RFC 3376 §4.1.1).
    @Test(arguments: [
        ([0x11, 0, 0, 0, 0, 0, 0, 0] as [UInt8], 10.0),
        ([0x11, 1, 0, 0, 0, 0, 0, 0], 0.1),
        ([0x11, 0xc8, 0, 0, 0, 0, 0, 0], 20.0),
        ([0x11, 0xff, 0, 0, 0, 0, 0, 0], 25.5),
        ([0x11, 0x7f, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 12.7),
        ([0x11, 0xc8, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 307.2),
        ([0x11, 0xff, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 3174.4),
    ]) func answersWithinTheResponseTime(_ message: [UInt8], seconds: Double) throws {
        let times = (1...100).map { Duration.seconds(4000 * $0) }
        let found = answers(try run(times.map { igmpFrame(at: $0, message) }))
        try #require(found.count == 100)
        let delays = zip(found, times).map { ($0.time - $1).inSeconds }
        #expect(delays.allSatisfy { $0 > 0 && $0 <= seconds })
        // All 100 are shorter less than once in a million times, unless the code was read as less.
        #expect(delays.contains { $0 > seconds * 0.65 })
    }

    @Test func aVersion3QueryThatLeavesNoTimeIsAnsweredAtOnce() throws {
        let found = answers(try run([igmpFrame([0x11, 0, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0])]))
        #expect(found.map(\.time) == [.seconds(50) + .nanoseconds(1)])
    }

    @Test func aSpecificQueryOfSourcesIsAnsweredForTheGroup() throws {
        let query: [UInt8] = [0x11, 10, 0, 0, 239, 255, 1, 2, 2, 125, 0, 1, 192, 0, 2, 7]
        let found = answers(try run([igmpFrame(query, to: group)]))
        let report: [UInt8] = [0x22, 0, 0xea, 0xfc, 0, 0, 0, 1, 2, 0, 0, 0, 239, 255, 1, 2]
        #expect(found.map { Array($0.octets[38..<54]) } == [report])
        #expect(answers(try run([igmpFrame([0x11, 10, 0, 0, 239, 1, 1, 1], to: other)])) == [])
    }

    @Test func aVersion3HostJoinsWithAChangeOfModeAndRepeatsItWithinASecond() throws {
        var run = StageRun()
        try run.add(IGMPResponder.self) {
            $0.groups = [GroupSetting(group)]
            $0.version = 3
        }
        let reports = run.run([TestFrame([0])]).frames("igmp-responder.reports")
        let join: [UInt8] = [0x22, 0, 0xe8, 0xfc, 0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 1, 2]
        #expect(reports.map { Array($0.octets[38..<54]) } == [join, join])
        #expect(reports.map { Array($0.octets[..<6]) } == Array(repeating: [1, 0, 0x5e, 0, 0, 0x16], count: 2))
        #expect(reports[1].time > .zero && reports[1].time <= .seconds(1))
    }

    @Test func aGroupIsListedOnce() throws {
        #expect(throws: (any Error).self) {
            var run = StageRun()
            try run.add(IGMPResponder.self) { $0.groups = [group, other, group].map { GroupSetting($0) } }
        }
    }

    @Test func oneOfTenThousandGroupsIsFoundWithoutASearch() throws {
        let groups = (0..<10_000 as Range<UInt32>).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
        let queries = (0..<3000).map {
            query(at: .seconds(50) + .milliseconds($0), group: groups[$0 * 3], tenths: 10)
        }
        var run = StageRun()
        try run.add(IGMPResponder.self) { $0.groups = groups.map { GroupSetting($0) } }
        let result = run.run([TestFrame([0])] + queries)
        #expect(result.imbalances == [])
        #expect(result.counter("answers", of: "igmp-responder") == 3000)
    }
}
