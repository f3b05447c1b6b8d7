/// Names a scheduled timer, so that it can be cancelled. Stays unique over the life of its queue.
public struct TimerID: Hashable, Sendable {
    fileprivate var slot: Int
    fileprivate var generation: UInt32
}

/// The timers of one stage, ordered by (deadline, order of scheduling): an indexed binary heap, so that ten thousand
/// timers cost O(log n) to schedule, cancel or fire and nothing while they wait.
struct TimerQueue {
    private struct Slot {
        var deadline: Instant
        var order: UInt64
        var token: UInt64
        var isBackground: Bool
        var generation: UInt32 = 0
        /// Index in the heap, -1 when free.
        var position: Int
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var heap: [Int] = []
    private var scheduled: UInt64 = 0
    /// Timers that the run waits for after the last packet.
    private(set) var foregroundCount = 0

    /// When the next timer is due, `never` without one.
    var nextDeadline: Instant { heap.isEmpty ? .never : slots[heap[0]].deadline }

    mutating func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID {
        scheduled += 1
        var slot = Slot(
            deadline: deadline, order: scheduled, token: token, isBackground: background, position: heap.count)
        let index: Int
        if let free = freeSlots.popLast() {
            slot.generation = slots[free].generation
            slots[free] = slot
            index = free
        } else {
            index = slots.count
            slots.append(slot)
        }
        heap.append(index)
        if !background { foregroundCount += 1 }
        siftUp(from: heap.count - 1)
        return TimerID(slot: index, generation: slot.generation)
    }

    /// False when the timer has fired or was cancelled before.
    @discardableResult
    mutating func cancel(_ id: TimerID) -> Bool {
        guard let position = position(of: id) else { return false }
        remove(at: position)
        return true
    }

    /// When a timer that still waits is due.
    func deadline(of id: TimerID) -> Instant? {
        position(of: id) == nil ? nil : slots[id.slot].deadline
    }

    /// Takes the timer out that is due next; nil without one.
    mutating func popFirst() -> (deadline: Instant, token: UInt64)? {
        guard !heap.isEmpty else { return nil }
        let first = slots[heap[0]]
        remove(at: 0)
        return (first.deadline, first.token)
    }

    private func position(of id: TimerID) -> Int? {
        guard slots.indices.contains(id.slot), slots[id.slot].generation == id.generation else { return nil }
        return slots[id.slot].position < 0 ? nil : slots[id.slot].position
    }

    private mutating func remove(at position: Int) {
        let index = heap[position]
        if !slots[index].isBackground { foregroundCount -= 1 }
        slots[index].position = -1
        slots[index].generation &+= 1
        freeSlots.append(index)
        let last = heap.removeLast()
        guard position < heap.count else { return }
        place(last, at: position)
        siftUp(from: position)
        siftDown(from: slots[last].position)
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        (slots[left].deadline, slots[left].order) < (slots[right].deadline, slots[right].order)
    }

    private mutating func place(_ index: Int, at position: Int) {
        heap[position] = index
        slots[index].position = position
    }

    private mutating func siftUp(from start: Int) {
        let index = heap[start]
        var position = start
        while position > 0, isEarlier(index, heap[(position - 1) / 2]) {
            place(heap[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        place(index, at: position)
    }

    private mutating func siftDown(from start: Int) {
        let index = heap[start]
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, isEarlier(heap[child + 1], heap[child]) { child += 1 }
            guard isEarlier(heap[child], index) else { break }
            place(heap[child], at: position)
            position = child
        }
        place(index, at: position)
    }
}
