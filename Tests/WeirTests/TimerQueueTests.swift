import Testing

@testable import Weir

@Suite struct TimerQueueTests {
    /// Takes all timers out, in the order in which they come.
    private func drain(_ queue: inout TimerQueue) -> [UInt64] {
        var tokens: [UInt64] = []
        while let next = queue.popFirst() { tokens.append(next.token) }
        return tokens
    }

    @Test func firesByDeadlineAndThenByOrderOfScheduling() {
        var queue = TimerQueue()
        defer { queue.deallocate() }
        for (token, deadline) in [(1, 30), (2, 10), (3, 20), (4, 10), (5, 10)] as [(UInt64, UInt64)] {
            _ = queue.schedule(token, at: Instant(nanoseconds: deadline), background: false)
        }
        #expect(drain(&queue) == [2, 4, 5, 3, 1])
    }

    @Test func cancelsOnceAndForgets() {
        var queue = TimerQueue()
        defer { queue.deallocate() }
        let first = queue.schedule(1, at: Instant(nanoseconds: 1), background: false)
        _ = queue.schedule(2, at: Instant(nanoseconds: 2), background: true)
        #expect(queue.foregroundCount == 1)
        #expect(queue.deadline(of: first) == Instant(nanoseconds: 1))
        let cancellations = [queue.cancel(first), queue.cancel(first)]
        #expect(cancellations == [true, false])
        #expect(queue.deadline(of: first) == nil)
        #expect(queue.foregroundCount == 0)
        #expect(drain(&queue) == [2])
    }

    @Test func anOldNameDoesNotCancelTheTimerThatTookItsSlot() {
        var queue = TimerQueue()
        defer { queue.deallocate() }
        let old = queue.schedule(1, at: Instant(nanoseconds: 1), background: false)
        _ = queue.popFirst()
        _ = queue.schedule(2, at: Instant(nanoseconds: 1), background: false)
        let wasThere = queue.cancel(old)
        #expect(!wasThere)
        #expect(drain(&queue) == [2])
    }

    @Test func agreesWithASortedListOverRandomOperations() {
        let seed: UInt64 = 20_261_124
        var random = SeededRandom(seed: seed)
        var queue = TimerQueue()
        defer { queue.deallocate() }
        var waiting: [(deadline: UInt64, order: UInt64, id: TimerID)] = []
        for order in 0..<20_000 as Range<UInt64> {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let deadline = UInt64.random(in: 0..<1000, using: &random)
                let id = queue.schedule(order, at: Instant(nanoseconds: deadline), background: false)
                waiting.append((deadline, order, id))
            case 2 where !waiting.isEmpty:
                let victim = waiting.remove(at: Int.random(in: waiting.indices, using: &random))
                let wasThere = queue.cancel(victim.id)
                #expect(wasThere, "seed \(seed)")
            default:
                let first = waiting.indices.min {
                    (waiting[$0].deadline, waiting[$0].order) < (waiting[$1].deadline, waiting[$1].order)
                }
                let popped = queue.popFirst()
                #expect(popped?.token == first.map { waiting[$0].order }, "seed \(seed)")
                if let first { waiting.remove(at: first) }
            }
            #expect(queue.foregroundCount == waiting.count, "seed \(seed)")
        }
    }
}
