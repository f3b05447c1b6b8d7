import Counter
import IGMPQuerier
import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What holds for any sequence of reports and leaves.
@Suite struct QuerierPropertyTests {
    private static let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }

    /// The life of one group, written anew: when it is asked after, and when it is given up.
    private struct Life {
        let version: Int
        let count: Int
        let interval: Duration
        private var expiry: Duration?
        private var isChecked = false
        private var pending: [Duration] = []
        private(set) var asked: [Duration] = []
        private(set) var expired: [Duration] = []

        init(version: Int, count: Int, interval: Duration) {
            (self.version, self.count, self.interval) = (version, count, interval)
        }

        mutating func pass(to time: Duration) {
            if let end = expiry, end <= time {
                asked += pending.filter { $0 < end }
                expired.append(end)
                (expiry, isChecked, pending) = (nil, false, [])
            }
            asked += pending.filter { $0 <= time }
            pending.removeAll { $0 <= time }
        }

        mutating func report(at time: Duration) {
            pass(to: time)
            (expiry, isChecked) = (time + .seconds(260), false)
            if version == 2 { pending = [] }
        }

        mutating func leave(at time: Duration) {
            pass(to: time)
            guard let end = expiry, !isChecked else { return }
            expiry = min(end, time + interval * count)
            isChecked = true
            pending = (1..<max(count, 1)).map { time + interval * $0 }
            asked.append(time)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func aGroupIsAskedAfterAndGivenUpAtItsTimeAndNeverBefore(
        seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        let version = Bool.random(using: &random) ? 2 : 3
        let count = Int.random(in: 1...4, using: &random)
        let interval = Duration.milliseconds(100 * Int.random(in: 1...15, using: &random))
        let fresh = Life(version: version, count: count, interval: interval)
        var lives = Dictionary(uniqueKeysWithValues: Self.groups.map { ($0, fresh) })
        var frames: [TestFrame] = []
        var milliseconds = 1000
        for _ in 0..<300 {
            // Mostly within the time of the last member's queries, at times beyond that of a group.
            let slow = Int.random(in: 0..<20, using: &random)
            milliseconds += Int.random(in: 1...(slow == 0 ? 300_000 : slow < 4 ? 20_000 : 900), using: &random)
            let group = Self.groups.randomElement(using: &random) ?? .allRouters
            let (at, time) = (Double(milliseconds) / 1000, Duration.milliseconds(milliseconds))
            let leaves = Bool.random(using: &random)
            let inVersion3 = Bool.random(using: &random)
            if leaves { lives[group]?.leave(at: time) } else { lives[group]?.report(at: time) }
            frames.append(
                inVersion3
                    ? record(at: at, leaves ? .changeToIncludeMode : .changeToExcludeMode, group)
                    : sent(at: at, leaves ? .leave(group) : .version2Report(group)))
        }
        let end = Duration.milliseconds(milliseconds) + .seconds(600)
        let run = try QuerierRun(frames, for: end) {
            ($0.version, $0.lastMemberCount, $0.lastMemberInterval) = (version, count, interval)
        }
        for group in Self.groups {
            lives[group]?.pass(to: end)
            let life = try #require(lives[group])
            #expect(run.specific.filter { $0.group == group }.map(\.time) == life.asked, "seed \(seed), \(group)")
            let expired = run.result.log.filter { event in
                event.message == "group expired" && event.fields.contains { $0.value == "\(group)" }
            }
            #expect(expired.map { $0.time - Instant(nanoseconds: 0) } == life.expired, "seed \(seed), \(group)")
        }
    }

    /// A host that answers as late as it may, or a little later, keeps its group: a lost route would be a querier's own
    /// impatience, since a group lives longer than a query can be answered (RFC 2236 §8.4).
    @Test(arguments: [0.001, 5, 9.999, 10, 10.01]) func anAnswerAtTheLastMomentKeepsTheGroup(delay: Double) throws {
        let group = Self.groups[0]
        let answers = [0, 31.25].map { $0 + delay } + (0..<18).map { 156.25 + Double($0) * 125 + delay }
        let run = try QuerierRun(answers.map { sent(at: $0, .version2Report(group)) }, for: .seconds(2500))
        #expect(run.joined.count == 1)
        #expect(run.expired == [])
    }

    @Test func oneLostAnswerInARowIsForgivenAndTwoAreNot() throws {
        let group = Self.groups[0]
        let once = try QuerierRun([10, 260].map { sent(at: $0, .version2Report(group)) }, for: .seconds(500))
        #expect(once.expired == [])
        let twice = try QuerierRun([10, 385].map { sent(at: $0, .version2Report(group)) }, for: .seconds(500))
        #expect(twice.expired == seconds(270))
        let longer = try QuerierRun([10, 279].map { sent(at: $0, .version2Report(group)) }, for: .seconds(500)) {
            $0.groupMembershipInterval = .seconds(270)
        }
        #expect(longer.expired == [])
    }

    /// A host that answers keeps its group, whoever else leaves it.
    @Test(arguments: [1, 2, 3]) func aHostThatAnswersIsNeverGivenUp(version: Int) throws {
        var run = StageRun()
        run.duration = .seconds(3600)
        try run.add(IGMPQuerier.self) { ($0.version, $0.source) = (version, IPv4Address(10, 0, 0, 9)) }
        try run.add(IGMPResponder.self) { ($0.version, $0.groups) = (version, Self.groups.map { GroupSetting($0) }) }
        try run.add(StageDescriptor(PacketCounter.self))
        run.connect("igmp-querier", "queries", to: "igmp-responder")
        run.connect("igmp-responder", "reports", to: "igmp-querier")
        let leaves = (1...500).map { sent(at: Double($0) * 7, .leave(Self.groups[$0 % 3])) }
        let result = run.run([TestFrame([0])] + leaves)
        #expect(result.imbalances == [])
        #expect(result.counter("groups-joined", of: "igmp-querier") == 3)
        #expect(result.counter("groups-expired", of: "igmp-querier") == 0)
        #expect(result.counter("leaves", of: "igmp-querier") == 500)
        let asked = try #require(result.counter("group-queries", of: "igmp-querier"))
        #expect(version == 1 ? asked == 0 : asked >= 500)
    }
}
