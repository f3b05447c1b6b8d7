@testable import IGMPQuerier
import Testing
import Weir
import WeirWire

/// The tables of RFC 3376 §6.4, and what its timers do to a group (§6.2, §6.5).
@Suite struct QuerierGroupStateTests {
    // Sources are letters here, and times are seconds: a state reads as in the RFC.
    private static func source(_ letter: Character) -> IPv4Address {
        IPv4Address(192, 0, 2, letter.asciiValue ?? 0)
    }
    private static func letter(_ source: IPv4Address) -> String {
        String(UnicodeScalar(UInt8(truncatingIfNeeded: source.rawValue)))
    }
    private static func instant(_ seconds: UInt64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    /// `INCLUDE(a=50)`, `EXCLUDE=100(a=50,y)`: the group timer, requested sources with their timers, and excluded ones.
    private static func describe(_ state: GroupState) -> String {
        func seconds(_ instant: Instant) -> String { "\(instant.nanoseconds / 1_000_000_000)" }
        let requested = state.requested.map { "\(letter($0.key))=\(seconds($0.value.expiry))" }.sorted()
        let excluded = state.excluded.map(letter).sorted()
        let lists = requested.joined(separator: " ")
        return state.filterMode == .include
            ? "INCLUDE(\(lists))" : "EXCLUDE=\(seconds(state.expiry))(\(lists),\(excluded.joined(separator: " ")))"
    }

    /// INCLUDE (a b), both timers at 50 s; EXCLUDE (a b, y z), timers at 50 s, the group's at 100 s.
    private static func state(_ mode: GroupState.FilterMode, limit: Int = 64) -> GroupState {
        var state = GroupState(sourcesLimit: limit)
        state.requested = [
            source("a"): GroupState.Source(expiry: instant(50)), source("b"): GroupState.Source(expiry: instant(50)),
        ]
        guard mode == .exclude else { return state }
        state.filterMode = .exclude
        state.expiry = instant(100)
        state.excluded = [source("y"), source("z")]
        return state
    }

    struct Row: CustomStringConvertible {
        let mode: GroupState.FilterMode
        let type: IGMPGroupRecordType
        let sources: String
        let state: String
        var asks = ""

        var description: String { "\(mode) \(type.rawValue) (\(sources))" }
    }

    /// At 10 s, with a group membership interval of 260 s: GMI ends at 270 s. `G` asks for the group.
    static let rows: [Row] = [
        // §6.4.1
        Row(mode: .include, type: .modeIsInclude, sources: "bc", state: "INCLUDE(a=50 b=270 c=270)"),
        Row(mode: .include, type: .modeIsInclude, sources: "", state: "INCLUDE(a=50 b=50)"),
        Row(mode: .include, type: .modeIsExclude, sources: "bc", state: "EXCLUDE=270(b=50,c)"),
        Row(mode: .include, type: .modeIsExclude, sources: "", state: "EXCLUDE=270(,)"),
        Row(mode: .exclude, type: .modeIsInclude, sources: "bcy", state: "EXCLUDE=100(a=50 b=270 c=270 y=270,z)"),
        Row(mode: .exclude, type: .modeIsExclude, sources: "bcy", state: "EXCLUDE=270(b=50 c=270,y)"),
        Row(mode: .exclude, type: .modeIsExclude, sources: "", state: "EXCLUDE=270(,)"),
        // §6.4.2
        Row(mode: .include, type: .allowNewSources, sources: "bc", state: "INCLUDE(a=50 b=270 c=270)"),
        Row(mode: .include, type: .blockOldSources, sources: "bc", state: "INCLUDE(a=50 b=50)", asks: "b"),
        Row(mode: .include, type: .changeToExcludeMode, sources: "bc", state: "EXCLUDE=270(b=50,c)", asks: "b"),
        Row(mode: .include, type: .changeToIncludeMode, sources: "bc", state: "INCLUDE(a=50 b=270 c=270)", asks: "a"),
        Row(mode: .include, type: .changeToIncludeMode, sources: "", state: "INCLUDE(a=50 b=50)", asks: "ab"),
        Row(mode: .exclude, type: .allowNewSources, sources: "bcy", state: "EXCLUDE=100(a=50 b=270 c=270 y=270,z)"),
        Row(
            mode: .exclude, type: .blockOldSources, sources: "bcy", state: "EXCLUDE=100(a=50 b=50 c=100,y z)",
            asks: "bc"),
        Row(
            mode: .exclude, type: .changeToExcludeMode, sources: "bcy", state: "EXCLUDE=270(b=50 c=100,y)",
            asks: "bc"),
        Row(mode: .exclude, type: .changeToExcludeMode, sources: "", state: "EXCLUDE=270(,)"),
        Row(
            mode: .exclude, type: .changeToIncludeMode, sources: "bcy",
            state: "EXCLUDE=100(a=50 b=270 c=270 y=270,z)", asks: "Ga"),
        Row(
            mode: .exclude, type: .changeToIncludeMode, sources: "", state: "EXCLUDE=100(a=50 b=50,y z)",
            asks: "Gab"),
        // §4.2.12: a record of another type is skipped.
        Row(
            mode: .exclude, type: IGMPGroupRecordType(rawValue: 7), sources: "bcy", state: "EXCLUDE=100(a=50 b=50,y z)"),
    ]

    /// §6.6.1: another router's query lowers timers, and never raises one or makes one run.
    @Test(
        arguments: [
            ("", 20, "EXCLUDE=20(a=50 b=50,y z)"), ("", 200, "EXCLUDE=100(a=50 b=50,y z)"),
            ("acy", 20, "EXCLUDE=100(a=20 b=50,y z)"), ("acy", 60, "EXCLUDE=100(a=50 b=50,y z)"),
        ] as [(String, UInt64, String)]) func aForeignQueryLowersTimers(
            _ sources: String, notAfter limit: UInt64, expected: String
        )
    {
        var state = Self.state(.exclude)
        state.lower(sources.map(Self.source), notAfter: Self.instant(limit))
        #expect(Self.describe(state) == expected)
    }

    @Test(arguments: rows) func theTableSays(_ row: Row) {
        var state = Self.state(row.mode)
        let reaction = state.hear(
            row.type, row.sources.map(Self.source), at: Self.instant(10), membershipInterval: .seconds(260))
        #expect(Self.describe(state) == row.state)
        let asks = (reaction.queriesGroup ? "G" : "") + reaction.queriedSources.map(Self.letter).sorted().joined()
        #expect(asks == row.asks)
        #expect(reaction.refusedSources == 0)
    }

    /// §6.2.3, §6.5: a source that is no more asked for is forgotten, or excluded while others exclude; when nobody
    /// excludes any more, what is asked for stays.
    @Test(
        arguments: [
            (.include, 49, "INCLUDE(a=50 b=50)"), (.include, 50, "INCLUDE()"),
            (.exclude, 49, "EXCLUDE=100(a=50 b=50,y z)"), (.exclude, 50, "EXCLUDE=100(,a b y z)"),
            (.exclude, 100, "INCLUDE()"),
        ] as [(GroupState.FilterMode, UInt64, String)]) func timersEnd(
            _ mode: GroupState.FilterMode, at seconds: UInt64, expected: String
        )
    {
        var state = Self.state(mode)
        state.expire(at: Self.instant(seconds))
        #expect(Self.describe(state) == expected)
        #expect(state.isEmpty == (expected == "INCLUDE()"))
    }

    @Test func whenTheGroupTimerEndsSourcesThatAreAskedForStay() {
        var state = Self.state(.exclude)
        state.requested[Self.source("b")]?.expiry = Self.instant(101)
        #expect(state.nextDeadline == Self.instant(50))
        state.expire(at: Self.instant(100))
        #expect(Self.describe(state) == "INCLUDE(b=101)")
        #expect(state.nextDeadline == Self.instant(101))
    }

    @Test(
        arguments: [
            (.include, .allowNewSources, "INCLUDE(a=50 b=270 c=270)", 3),
            (.include, .modeIsExclude, "EXCLUDE=270(b=50,c d)", 2),
            (.exclude, .modeIsExclude, "EXCLUDE=270(b=50 c=270 d=270,)", 2),
            (.exclude, .allowNewSources, "EXCLUDE=100(a=50 b=270,y z)", 4),
        ] as [(GroupState.FilterMode, IGMPGroupRecordType, String, Int)])
    func sourcesBeyondTheLimitAreRefusedAndKnownOnesStay(
        _ mode: GroupState.FilterMode, _ type: IGMPGroupRecordType, expected: String, refused: Int
    ) {
        var state = Self.state(mode, limit: 3)
        let reaction = state.hear(
            type, "bcdef".map(Self.source), at: Self.instant(10), membershipInterval: .seconds(260))
        #expect(Self.describe(state) == expected)
        #expect(reaction.refusedSources == refused)
    }

    /// No host is cut off by what others say: what one asks for stays at least the last member query time, in which it
    /// can answer the queries.
    @Test(arguments: 1...60 as ClosedRange<UInt64>) func whatIsAskedForIsForwardedForTheTimeToAnswer(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let timers = QuerierTimers(IGMPQuerier.Configuration())
        let letters = Array("abcd")
        var state = GroupState(sourcesLimit: 64)
        var wantedUntil: [Character: Instant] = [:]
        var now = Self.instant(1)
        for _ in 0..<400 {
            now = now + .milliseconds(Int.random(in: 1...3000, using: &random) * (Bool.random(using: &random) ? 40 : 1))
            state.expire(at: now)
            _ = state.takeQueries(at: now, timers)
            for letter in letters where wantedUntil[letter].map({ now < $0 }) ?? false {
                let source = Self.source(letter)
                let forwards =
                    state.filterMode == .exclude
                    ? !state.excluded.contains(source) : state.requested[source] != nil
                #expect(forwards, "\(letter) at \(now), seed \(seed)")
            }
            let type = IGMPGroupRecordType(rawValue: .random(in: 1...6, using: &random))
            let listed = letters.filter { _ in Bool.random(using: &random) }
            let reaction = state.hear(
                type, listed.map(Self.source), at: now, membershipInterval: timers.groupMembershipInterval)
            if Bool.random(using: &random) { state.ask(reaction, at: now, timers) }
            let excludes = type == .modeIsExclude || type == .changeToExcludeMode
            for letter in letters where type != .blockOldSources && listed.contains(letter) != excludes {
                wantedUntil[letter] = now + timers.lastMemberQueryTime
            }
            #expect(state.excluded.isDisjoint(with: state.requested.keys), "seed \(seed)")
            #expect(state.filterMode == .exclude || state.excluded.isEmpty, "seed \(seed)")
        }
    }
}
