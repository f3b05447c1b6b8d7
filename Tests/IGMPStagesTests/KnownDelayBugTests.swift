import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let seeds = 1...40 as ClosedRange<UInt64>
private let general: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0]

/// What other implementations got wrong about delays, each under where that was.
@Suite struct KnownDelayBugTests {
    /// CVE-2012-0207: a version 3 query with code 0, heard while version 2 is spoken, divided by zero.
    @Test(arguments: seeds) func linuxCodeZeroOfVersion3InVersion2Mode(seed: UInt64) throws {
        let frames = [query(at: .seconds(20)), igmpFrame([0x11, 0, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0])]
        expect(
            try HostRun(frames, seed: seed).answers, are: [.within(50, 50.001, .version2Report(group))])
        let first = [query(at: .seconds(20), .version1), frames[1]]
        expect(try HostRun(first, seed: seed).answers, are: [.within(50, 50.001, .version1Report(group))])
    }

    /// lwIP on ESP: a response time of 0.1 s left no time, and divided by zero.
    @Test(arguments: seeds) func lwIPCodeOne(seed: UInt64) throws {
        for version in [IGMPVersion.version2, .version3] {
            let answers = try HostRun([query(at: .seconds(50), version, tenths: 1)], seed: seed).answers
            #expect(answers.count == 1)
            #expect(answers.allSatisfy { $0.time <= .milliseconds(50_075) })
        }
    }

    /// lwIP: a version 1 query was given one second. omcproxy: ten seconds were taken for a tenth of one.
    @Test func lwIPAndOmcproxyTenSecondsAreTenSeconds() throws {
        for asked in [query(at: .seconds(50), .version1), query(at: .seconds(50)), query(at: .seconds(50), .version3)] {
            let delays = try seeds.map { try HostRun([asked], seed: $0).answers[0].time - .seconds(50) }
            #expect(delays.contains { $0 > .seconds(5) } && delays.allSatisfy { $0 < .seconds(10) })
        }
    }

    /// NodeMCU: a signed random number made delays of minutes.
    @Test func nodeMCUNoDelayIsNegativeOrHuge() throws {
        let times = (1...1000).map { Duration.seconds(20 * $0) }
        let answers = try HostRun(times.map { query(at: $0, tenths: 100) }).sent(after: times[0])
        #expect(answers.count == 1000)
        #expect(zip(answers, times).allSatisfy { $0.time > $1 && $0.time <= $1 + .seconds(10) })
    }

    /// lwIP: the last slot was never drawn, and the first one twice as often.
    @Test func lwIPTheFirstAndLastTenthAreDrawnAlike() throws {
        let times = (1...2000).map { Duration.seconds(20 * $0) }
        let answers = try HostRun(times.map { query(at: $0) }).sent(after: times[0])
        let shares = zip(answers, times).map { ($0.time - $1).inSeconds / 9.8 }
        let (first, last) = (shares.filter { $0 < 0.1 }.count, shares.filter { $0 > 0.9 }.count)
        // 200 are expected of each; four standard deviations are 54.
        #expect(abs(first - 200) < 54 && abs(last - 200) < 54, "\(first) and \(last)")
    }

    /// An early lwIP: each query started the timer anew when it gave more time, so that many queries got no answer.
    @Test(arguments: seeds) func lwIPQueriesDoNotPostponeForEver(seed: UInt64) throws {
        for version in IGMPVersion.all {
            let queries = (0..<100).map { query(at: .seconds(50 + $0), version, tenths: 100) }
            let first = try #require(try HostRun(queries, seed: seed).answers.first)
            #expect(first.time <= .milliseconds(59_800))
        }
    }

    /// smoltcp: answers came evenly spaced, R / (n + 1) apart or R / 4 after the query.
    @Test func smoltcpDelaysAreRandom() throws {
        let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }
        let spacings = try seeds.map { seed in
            let times = try HostRun([query(at: .seconds(50))], seed: seed) {
                $0.groups = groups.map { GroupSetting($0) }
            }
            .answers.map(\.time)
            return times[1] - times[0]
        }
        #expect(Set(spacings).count == spacings.count)
        #expect(spacings.contains { $0 < .seconds(1) } && spacings.contains { $0 > .seconds(4) })
    }

    /// smoltcp: a specific query took the one slot that the answer to a general query was waiting in.
    @Test(arguments: seeds) func smoltcpASpecificQueryOverwritesNoGeneralAnswer(seed: UInt64) throws {
        let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }
        for version in [IGMPVersion.version2, .version3] {
            let frames = [
                query(at: .seconds(50), version),
                query(at: .microseconds(50_000_001), version, group: groups[0], tenths: 1),
            ]
            let run = try HostRun(frames, seed: seed) { $0.groups = groups.map { GroupSetting($0) } }
            #expect(Set(run.answers.flatMap(\.groups)) == Set(groups))
        }
    }

    /// An early smoltcp: a host of one group answered at once.
    @Test(arguments: IGMPVersion.all) func smoltcpOneGroupWaitsToo(version: IGMPVersion) throws {
        let times = try seeds.map { try HostRun([query(at: .seconds(50), version)], seed: $0).answers[0].time }
        #expect(Set(times).count == times.count)
        #expect(!times.contains(.seconds(50)))
    }

    /// lwIP: a join was repeated within half a second.
    @Test func lwIPRepetitionsAreSpreadOverTenSecondsInVersion2() throws {
        let times = try seeds.map { try HostRun(seed: $0) { $0.version = 2 }.sent[1].time }
        #expect(times.allSatisfy { $0 <= .seconds(10) } && times.contains { $0 > .seconds(8) })
    }

    /// igmpproxy lost routes to reports that came just behind the response time.
    @Test func igmpproxyTheLastMomentIsLeftFree() throws {
        for (tenths, margin) in [(1, 25), (2, 50), (4, 100), (8, 200), (100, 200), (255, 200)] {
            let end = Duration.seconds(50) + .milliseconds(100 * tenths - margin)
            for seed in seeds {
                let answers = try HostRun([query(at: .seconds(50), tenths: tenths)], seed: seed).answers
                #expect(answers.count == 1 && answers.allSatisfy { $0.time <= end })
            }
        }
    }

    /// FRR sent the code with an exponent in queries of version 2, which read it otherwise.
    @Test func frrTheSameCodeIsTwentySecondsOrFiveMinutes() throws {
        let short = try seeds.map { try HostRun([igmpFrame([0x11, 0xc8] + general[2...])], seed: $0).answers[0].time }
        let long = try seeds.map {
            try HostRun([igmpFrame([0x11, 0xc8] + general[2...] + [2, 125, 0, 0])], seed: $0).answers[0].time
        }
        #expect(short.allSatisfy { $0 <= .milliseconds(69_800) } && short.contains { $0 > .seconds(60) })
        #expect(long.allSatisfy { $0 <= .milliseconds(357_000) } && long.contains { $0 > .seconds(200) })
    }
}
