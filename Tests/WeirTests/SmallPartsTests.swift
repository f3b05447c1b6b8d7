import Testing

@testable import Weir

@Suite struct SmallPartsTests {
    @Test(arguments: [
        ("notOurs", "not-ours"), ("foreignVLAN", "foreign-vlan"), ("hostID", "host-id"), ("groupMAC", "group-mac"),
        ("isVLANTag", "is-vlan-tag"), ("x", "x"),
    ])
    func caseNamesBecomeKebabCase(camel: String, kebab: String) { #expect(kebabCase(camel) == kebab) }

    enum Word: String, StageWord { case first = "1", second = "2", third = "3" }
    enum Lone: String, StageWord { case only = "1" }

    @Test func ordinalsFollowTheDeclaration() {
        #expect(Word.allCases.map(\.ordinal) == [0, 1, 2])
        #expect(Lone.only.ordinal == 0)
    }

    @Test func instantsDoNotOverflow() {
        #expect(Instant(nanoseconds: .max - 1) + .seconds(1) == .never)
        #expect(Instant(nanoseconds: 5) - Instant(nanoseconds: 9) == .zero)
        #expect((Instant(nanoseconds: 0) + .milliseconds(250)).nanoseconds == 250_000_000)
        #expect(Duration.seconds(-1).wholeNanoseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
    }

    @Test(arguments: [
        (Duration.zero, "0.000s"), (.nanoseconds(75_836_183_854), "75.836s"), (.nanoseconds(499_999), "0.000s"),
        (.nanoseconds(500_000), "0.001s"), (.nanoseconds(1_999_500_000), "2.000s"), (.seconds(86_400), "86400.000s"),
        (.milliseconds(1_050), "1.050s"), (.seconds(-1), "0.000s"), (.seconds(Int64.max), "18446744073.710s"),
    ])
    func theLogShowsTimesInSecondsToTheMillisecond(time: Duration, text: String) { #expect(time.logText == text) }

    @Test func theSameSeedAndNameGiveTheSameNumbers() {
        var first = SeededRandom(seed: 7, name: "responder")
        var same = SeededRandom(seed: 7, name: "responder")
        var other = SeededRandom(seed: 7, name: "querier")
        let numbers = (0..<8).map { _ in first.next() }
        #expect(numbers == (0..<8).map { _ in same.next() })
        #expect(numbers != (0..<8).map { _ in other.next() })
    }

    @Test func delaysAreAboveZeroAndAtMostTheLongest() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<1000 {
            let delay = random.delay(upTo: .nanoseconds(3))
            #expect(delay > .zero && delay <= .nanoseconds(3))
        }
        #expect(random.delay(upTo: .zero) == .nanoseconds(1))
    }

    @Test func aRoundKnowsWhereAFrameMadeInItBelongs() {
        let arena = Arena()
        let buffer = FrameBuffer(arena.framePool)
        defer { buffer.deallocate() }
        for time in [10, 20, 15, 30] as [UInt64] {
            buffer.append(arena.makeFrame(length: 1, headroom: 0, timestamp: time, sequence: 0))
        }
        let clock = PipelineClock()
        clock.advance(over: buffer, 0..<4, keepArrivals: true)
        #expect(clock.horizon == Instant(nanoseconds: 30))
        // Arrivals are 10, 20, 20, 30: listed frames have the numbers 1, 3, 5, 7.
        #expect([5, 10, 11, 20, 21, 30].map { clock.sequence(at: Instant(nanoseconds: $0)) } == [0, 0, 2, 2, 6, 6])
        buffer.release(to: arena)
        #expect(arena.liveCount == 0)
    }

    @Test func theReadySetGivesTheLowestFirst() {
        var ready = ReadySet(count: 200)
        for index in [130, 5, 64, 5, 199] { ready.insert(index) }
        var order: [Int] = []
        while let next = ready.popFirst() { order.append(next) }
        #expect(order == [5, 64, 130, 199])
    }
}
