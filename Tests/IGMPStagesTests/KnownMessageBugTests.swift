import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let general: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0]
private let specific: [UInt8] = [0x11, 100, 0, 0, 239, 255, 0, 100]
private let sources = (0..<2000 as Range<UInt32>).map { IPv4Address(rawValue: 0xc633_6400 + $0) }

/// What other implementations got wrong about messages and versions, each under where that was.
@Suite struct KnownMessageBugTests {
    /// Several took queries of 9 to 11 octets for version 2.
    @Test(arguments: 9...11) func queriesBetweenTheVersionsAreNone(length: Int) throws {
        let run = try HostRun([igmpFrame(general + [UInt8](repeating: 0, count: length - 8))])
        #expect(run.answers == [])
        #expect(run.dropped(.badLength) == 1)
    }

    /// FRR refused version 2 messages that are longer than 8 octets; some routers send them.
    @Test func frrLongerVersion2ReportsCount() throws {
        let long = igmpFrame(
            at: .microseconds(50_000_001), [0x16, 0, 0, 0, 239, 255, 0, 100] + [1, 2, 3, 4], to: group)
        let run = try HostRun([query(at: .seconds(50)), long]) {
            $0.version = 2
            $0.suppressReports = true
        }
        #expect(run.count(.heardReports) == 1)
        #expect(run.answers == [])
    }

    /// FRR read as many sources as a query declares, not as it holds.
    @Test(arguments: [1, 2, 366, 65_535]) func frrSourcesAreCountedAgainstTheLength(declared: Int) throws {
        let count = [UInt8(declared >> 8), UInt8(declared & 0xff)]
        let run = try HostRun([igmpFrame(specific + [2, 125] + count + [192, 0, 2], to: group)])
        #expect(run.answers == [])
        #expect(run.dropped(.badLength) == 1)
    }

    /// FRR overflowed a buffer with thousands of sources.
    @Test func frrThousandsOfSourcesAreAnswered() throws {
        let asked = query(at: .seconds(50), .version3, group: group, sources: sources, tenths: 10)
        #expect(try HostRun([asked]).answers.map(\.contents) == [records(inMode(.modeIsExclude))])
    }

    /// CVE-2022-0742 and others: what is remembered of queries grew without bound. Beyond a packet's worth of sources the
    /// answer is about the whole group.
    @Test func linuxRecordedSourcesAreBounded() throws {
        let queries = (0..<20).map { number in
            query(
                at: .seconds(50) + .microseconds(number), .version3, group: group,
                sources: Array(sources[number * 100..<number * 100 + 100]), tenths: 100)
        }
        #expect(try HostRun(Array(queries.prefix(3))).answers.flatMap(\.records).map(\.sources.count) == [300])
        #expect(try HostRun(queries).answers.map(\.contents) == [records(inMode(.modeIsExclude))])
        // The same sources again and again are no more than they are.
        let same = (0..<50).map { number in
            query(
                at: .seconds(50) + .microseconds(number), .version3, group: group, sources: Array(sources.prefix(100)))
        }
        #expect(try HostRun(same).answers.flatMap(\.records).map(\.sources.count) == [100])
    }

    /// Queries for groups that aren't joined leave nothing behind.
    @Test func linuxForeignGroupsFillNoTable() throws {
        let queries = (0..<5000 as Range<UInt32>).map {
            query(
                at: .seconds(50) + .microseconds($0), .version3, group: IPv4Address(rawValue: 0xee00_0000 + $0),
                tenths: 1)
        }
        let run = try HostRun(queries + [query(at: .seconds(60), .version3, tenths: 10)])
        #expect(run.answers.map(\.contents) == [records(inMode(.modeIsExclude))])
    }

    /// lwIP: version 1 reports didn't suppress, a version 1 router was not remembered, and it was sent leaves.
    @Test func lwIPVersion1IsKeptTo() throws {
        let suppressed = try HostRun([
            query(at: .seconds(50)), frame(at: .microseconds(50_000_001), .version1Report(group)),
        ]) {
            $0.version = 2
            $0.suppressReports = true
        }
        #expect(suppressed.answers == [])
        let frames = [query(at: .seconds(50), .version1), query(at: .seconds(100)), TestFrame(at: .seconds(200), [0])]
        let run = try HostRun(frames) {
            $0.version = 2
            $0.groups = wishes((0, .everything), (150, .nothing))
        }
        #expect(run.answers.map(\.contents) == [.version1Report(group), .version1Report(group)])
    }

    /// Zephyr: version 2 reports went to 224.0.0.2, where no switch learns from them.
    @Test func zephyrReportsGoToTheirGroup() throws {
        let run = try HostRun([query(at: .seconds(50))]) { $0.version = 2 }
        for frame in run.result.frames("igmp-responder.reports") {
            #expect(Array(frame.octets[30..<34]) == octets(group))
            #expect(Array(frame.octets[..<6]) == [1, 0, 0x5e, 0x7f, 0, 100])
        }
    }

    /// FRR: a unicast general query silenced queriers. Here a host isn't asked by one either.
    @Test func frrUnicastGeneralQueriesAreDropped() throws {
        let run = try HostRun([igmpFrame(general, to: IPv4Address(10, 0, 0, 2))])
        #expect(run.dropped(.badDestination) == 1)
        #expect(run.answers == [])
        #expect(run.versions == [])
    }

    /// By design one old query leaves a host in version 2 for minutes; it has to come back.
    @Test func aStaleVersion2QueryIsForgotten() throws {
        let frames =
            [query(at: .seconds(50))] + (1...10).map { query(at: .seconds(50 + 100 * $0), .version3, tenths: 10) }
        let run = try HostRun(frames)
        #expect(run.versions == ["50.0 IGMPv2", "400.0 IGMPv3"])
        #expect(
            run.sent(after: .seconds(70), until: .seconds(400)).allSatisfy { $0.contents == .version2Report(group) })
        #expect(run.sent(after: .seconds(400)).allSatisfy { $0.contents == records(inMode(.modeIsExclude)) })
        #expect(run.answers.count == 11)
    }

    /// Linux cancels them: repetitions of version 3 that a version 2 querier can't read.
    @Test func linuxRepetitionsEndWithTheirVersion() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let run = try HostRun([query(at: .microseconds(1))], seed: seed) { $0.robustness = 7 }
            #expect(run.sent.map(\.contents) == [records(inMode(.changeToExcludeMode)), .version2Report(group)])
        }
    }

    /// Linux: any query of 8 octets, of one group too, held the host in version 2.
    @Test func linuxSpecificQueriesHoldNoVersion() throws {
        let frames =
            [query(at: .seconds(50))] + (1...9).map { query(at: .seconds(50 + 40 * $0), group: group, tenths: 10) }
        #expect(try HostRun(frames).versions == ["50.0 IGMPv2", "400.0 IGMPv3"])
    }

    /// Padding taken for message: a version 2 query became one of version 3, and the checksum was right all the same.
    @Test func paddedVersion2QueriesStayVersion2() throws {
        for octet in [UInt8(0), 0xff] {
            let padded = igmpFrame(general, padding: [UInt8](repeating: octet, count: 14))
            #expect(padded.octets.count == 60)
            #expect(try HostRun([padded]).answers.map(\.contents) == [.version2Report(group)])
        }
    }

    /// Timers that follow the wall clock fire all at once or not for an hour.
    @Test(arguments: [-3600, 3600]) func jumpsOfTheWallClockFireNothingTwice(jump: Int) throws {
        let time = Duration.seconds(4000)
        let frames = [
            query(at: time), TestFrame(at: time + .seconds(jump), [0]), TestFrame(at: time + .seconds(20), [0]),
        ]
        let answers = try HostRun(frames).sent(after: time)
        #expect(answers.count == 1)
        #expect(answers.allSatisfy { $0.time <= time + .milliseconds(9800) })
    }
}
