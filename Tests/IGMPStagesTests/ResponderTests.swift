import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 0, 100)

/// A frame with a query, as a router sends it.
func query(
    at time: Duration, _ version: IGMPVersion = .version2, group: IPv4Address = .unspecified, tenths: Int = 100,
    tag: VLANTag? = nil
) -> TestFrame {
    let query = IGMPQuery(version: version, groupAddress: group, maxResponseTime: tenths)
    return frame(at: time, .query(query), tag: tag)
}

func frame(at time: Duration, _ contents: IGMPContents, tag: VLANTag? = nil) -> TestFrame {
    let message = IGMPFrame(
        sourceHardwareAddress: MACAddress(2, 0, 0, 0, 0, 9), source: IPv4Address(10, 0, 0, 1), tag: tag,
        contents: contents)
    var octets = [UInt8](repeating: 0, count: message.encodedLength)
    var span = octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    message.encode(into: &bytes, at: 0)
    return TestFrame(at: time, octets)
}

/// What a frame says about membership.
func reception(_ frame: TestFrame) -> IGMPReception { unsafe IGMPReception(frame.octets.span.bytes) }

private func contents(_ frame: TestFrame) -> IGMPContents? {
    if case .message(let message) = reception(frame) { return message.contents }
    return nil
}

@Suite struct ResponderTests {
    private func run(
        _ frames: [TestFrame], seed: UInt64 = 1, duration: Duration? = nil,
        _ configure: (inout IGMPResponder.Configuration) -> Void = { _ in }
    ) throws -> StageRun.Result {
        var run = StageRun()
        run.seed = seed
        run.duration = duration
        try run.add(StageDescriptor(IGMPResponder.self)) { (configuration: inout IGMPResponder.Configuration) in
            configuration.groups = [GroupSetting(group)]
            configure(&configuration)
        }
        // The clock starts with the first frame: one at zero lets joining be over before the others come.
        let result = run.run([TestFrame([0])] + frames)
        #expect(result.summary.balanced)
        return result
    }

    /// The answers: what was sent after the first joining report and its repetition.
    private func answers(_ result: StageRun.Result, after time: Duration) -> [TestFrame] {
        result.frames("igmp-responder.reports").filter { $0.time > time }
    }

    @Test func joinsAtOnceAndAgainWithinTenSeconds() throws {
        let reports = try run([]).frames("igmp-responder.reports")
        #expect(reports.count == 2)
        #expect(reports[0].time == .zero)
        #expect(reports[1].time > .zero && reports[1].time <= .seconds(10))
        #expect(contents(reports[0]) == .version2Report(group))
    }

    @Test func answersAreUniformOverTheResponseTimeLessTheMargin() throws {
        let queries = (1...2000).map { query(at: .seconds(20 * $0)) }
        let result = try run(queries, seed: 20_261_124)
        let delays = answers(result, after: .seconds(40)).map { report in
            (report.time.inSeconds).truncatingRemainder(dividingBy: 20)
        }
        #expect(delays.count >= 1998)
        #expect(delays.allSatisfy { $0 > 0 && $0 <= 9.8 })
        let mean = delays.reduce(0, +) / Double(delays.count)
        #expect(abs(mean - 4.9) < 0.2, "mean \(mean)")
        // Ten equal bins: chi-square with 9 degrees of freedom is below 27.9 in 999 of 1000 cases.
        var bins = [Double](repeating: 0, count: 10)
        for delay in delays { bins[min(Int(delay / 0.98), 9)] += 1 }
        let expected = Double(delays.count) / 10
        #expect(bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 27.9, "\(bins)")
    }

    @Test func aPendingAnswerOnlyMovesEarlier() throws {
        let start = Duration.seconds(100)
        let sooner = try run([query(at: start), query(at: start + .seconds(1), tenths: 10)])
        #expect(answers(sooner, after: start).allSatisfy { $0.time <= start + .seconds(2) })
        let flood = [query(at: start, tenths: 10)] + (1...50).map { query(at: start + .milliseconds(10 * $0)) }
        let first = try #require(answers(try run(flood), after: start).first)
        #expect(first.time <= start + .seconds(1))
    }

    @Test func answersInTheVersionOfTheQuerier() throws {
        let one = try run([query(at: .seconds(50), .version1)])
        #expect(answers(one, after: .seconds(50)).map(contents) == [.version1Report(group)])
        #expect(answers(one, after: .seconds(50)).allSatisfy { $0.time <= .seconds(60) })
        let three = try run([query(at: .seconds(50), .version3)])
        let record = IGMPGroupRecord(type: .modeIsExclude, multicastAddress: group)
        #expect(answers(three, after: .seconds(50)).map(contents) == [.version3Report([record])])
    }

    @Test func aPaddedVersion2QueryIsNotTakenForVersion3() throws {
        var padded = query(at: .seconds(50))
        padded.octets += [UInt8](repeating: 0, count: 40)
        #expect(answers(try run([padded]), after: .seconds(50)).map(contents) == [.version2Report(group)])
    }

    @Test func answersSpecificQueriesForItsGroupsOnly() throws {
        let other = IPv4Address(239, 1, 1, 1)
        #expect(answers(try run([query(at: .seconds(50), group: other)]), after: .seconds(50)).isEmpty)
        #expect(answers(try run([query(at: .seconds(50), group: group, tenths: 10)]), after: .seconds(50)).count == 1)
    }

    @Test func answersInTheVLANOfTheQuery() throws {
        let tag = VLANTag(priority: 5, identifier: 10)
        let answer = try #require(answers(try run([query(at: .seconds(50), tag: tag)]), after: .seconds(50)).first)
        guard case .message(let message) = reception(answer) else {
            Issue.record("no IGMP")
            return
        }
        #expect(message.tag == tag)
    }

    @Test func countsAndPassesWhatIsDamaged() throws {
        var damaged = query(at: .seconds(50))
        damaged.octets[36] ^= 0xff
        let result = try run([damaged])
        #expect(result.counter("invalid-messages", of: "igmp-responder") == 1)
        #expect(result.frames().last == damaged)
        #expect(answers(result, after: .seconds(50)).isEmpty)
    }

    @Test func theFaultOfKB838408ReportsEverySixtySecondsAndIsDeaf() throws {
        let queries = (0..<30).map { query(at: .seconds(10 * $0)) }
        let result = try run(queries) {
            $0.answer = .never
            $0.reportInterval = .seconds(60)
        }
        #expect(result.frames("igmp-responder.reports").map(\.time) == [0, 60, 120, 180, 240].map { .seconds($0) })
        #expect(result.counter("ignored-queries", of: "igmp-responder") == 30)
    }

    @Test func theSameSeedGivesTheSameOctetsAndAnotherDoesNot() throws {
        let queries = (1...20).map { query(at: .seconds(20 * $0)) }
        let first = try run(queries, seed: 3)
        #expect(first.frames("igmp-responder.reports") == (try run(queries, seed: 3)).frames("igmp-responder.reports"))
        #expect(first.frames("igmp-responder.reports") != (try run(queries, seed: 4)).frames("igmp-responder.reports"))
    }

    @Test func tenThousandGroupsAllAnswer() throws {
        let groups = (0..<10_000 as Range<UInt32>).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
        let result = try run([query(at: .seconds(50))]) { $0.groups = groups.map { GroupSetting($0) } }
        #expect(answers(result, after: .seconds(50)).count == 10_000)
    }

    @Test func refusesGroupsThatAreNone() throws {
        #expect(throws: ConfigurationError.self) { try run([]) { $0.groups = [GroupSetting(.allSystems)] } }
        #expect(throws: ConfigurationError.self) {
            try run([]) { $0.groups = [GroupSetting(IPv4Address(10, 0, 0, 1))] }
        }
    }
}
