/// Names a scheduled timer, so that it can be cancelled. Stays unique over the life of its queue.
public struct TimerID: Hashable, Sendable {
    fileprivate var slot: Int
    fileprivate var generation: UInt32
}

/// The timers of one stage, ordered by (deadline, order of scheduling): an indexed binary heap, so that ten thousand
/// timers cost O(log n) to schedule, cancel or fire and nothing while they wait.
struct TimerQueue {
    /// A waiting timer in the heap.
    private struct Entry {
        let deadline: Instant
        let order: UInt64
        let slot: Int

        static func < (left: Self, right: Self) -> Bool {
            left.deadline != right.deadline ? left.deadline < right.deadline : left.order < right.order
        }
    }

    /// What a `TimerID` names.
    private struct Slot {
        var token: UInt64
        var isBackground: Bool
        var generation: UInt32 = 0
        /// Index in the heap, -1 when free.
        var position: Int
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var heap: [Entry] = []
    private var scheduled: UInt64 = 0
    /// Timers that the run waits for after the last packet.
    private(set) var foregroundCount = 0

    /// When the next timer is due, `never` without one.
    var nextDeadline: Instant { heap.isEmpty ? .never : heap[0].deadline }

    mutating func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID {
        scheduled += 1
        var slot = Slot(token: token, isBackground: background, position: heap.count)
        let index: Int
        if let free = freeSlots.popLast() {
            slot.generation = slots[free].generation
            slots[free] = slot
            index = free
        } else {
            index = slots.count
            slots.append(slot)
        }
        heap.append(Entry(deadline: deadline, order: scheduled, slot: index))
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
        position(of: id).map { heap[$0].deadline }
    }

    /// Takes the timer out that is due next; nil without one.
    mutating func popFirst() -> (deadline: Instant, token: UInt64)? {
        guard !heap.isEmpty else { return nil }
        let first = heap[0]
        let token = slots[first.slot].token
        remove(at: 0)
        return (first.deadline, token)
    }

    private func position(of id: TimerID) -> Int? {
        guard slots.indices.contains(id.slot), slots[id.slot].generation == id.generation else { return nil }
        return slots[id.slot].position < 0 ? nil : slots[id.slot].position
    }

    private mutating func remove(at position: Int) {
        let index = heap[position].slot
        if !slots[index].isBackground { foregroundCount -= 1 }
        slots[index].position = -1
        slots[index].generation &+= 1
        freeSlots.append(index)
        let last = heap.removeLast()
        guard position < heap.count else { return }
        place(last, at: position)
        siftUp(from: position)
        siftDown(from: slots[last.slot].position)
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        heap[position] = entry
        slots[entry.slot].position = position
    }

    private mutating func siftUp(from start: Int) {
        let entry = heap[start]
        var position = start
        while position > 0, entry < heap[(position - 1) / 2] {
            place(heap[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        if position != start { place(entry, at: position) }
    }

    private mutating func siftDown(from start: Int) {
        let entry = heap[start]
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < entry else { break }
            place(heap[child], at: position)
            position = child
        }
        if position != start { place(entry, at: position) }
    }
}
