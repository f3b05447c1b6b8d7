// One of the files with unsafe code: a heap of plain entries in raw memory, since an array asks before every write whether
// it is the only one. Every index is below the counts that this file keeps.

/// Names a scheduled timer, so that it can be cancelled. Stays unique over the life of its queue.
public struct TimerID: Hashable, Sendable {
    fileprivate var slot: UInt32
    fileprivate var generation: UInt32
}

/// The timers of one stage, ordered by (deadline, order of scheduling): an indexed binary heap, so that ten thousand
/// timers cost O(log n) to schedule, cancel or fire and nothing while they wait.
///
/// The memory is the owner's to give back, by `deallocate`.
@safe
struct TimerQueue {
    /// A waiting timer.
    private struct Entry {
        let deadline: Instant
        let order: UInt64
        let token: UInt64
        let slot: UInt32
        let isBackground: Bool

        static func < (left: Self, right: Self) -> Bool {
            left.deadline != right.deadline ? left.deadline < right.deadline : left.order < right.order
        }
    }

    /// What a `TimerID` names: where in the heap the timer is, and while it is none the next slot that is free.
    private struct Slot {
        var generation: UInt32
        var place: UInt32
    }

    private var heap: UnsafeMutablePointer<Entry>
    private var slots: UnsafeMutablePointer<Slot>
    private var capacity: Int
    private(set) var count = 0
    /// Slots that were ever used; those of them that are free form a list, which ends with `none`.
    private var slotCount = 0
    private var firstFree = TimerQueue.none
    private var scheduled: UInt64 = 0
    /// Timers that the run waits for after the last packet.
    private(set) var foregroundCount = 0

    private static let none = UInt32.max

    init() {
        capacity = 4
        unsafe heap = .allocate(capacity: capacity)
        unsafe slots = .allocate(capacity: capacity)
    }

    func deallocate() {
        unsafe heap.deallocate()
        unsafe slots.deallocate()
    }

    /// When the next timer is due, `never` without one.
    var nextDeadline: Instant { count == 0 ? .never : unsafe heap[0].deadline }

    mutating func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID {
        if count == capacity { grow() }
        scheduled += 1
        let slot = takeSlot()
        let entry = Entry(
            deadline: deadline, order: scheduled, token: token, slot: slot, isBackground: background)
        if !background { foregroundCount += 1 }
        count += 1
        siftUp(entry, from: count - 1)
        return TimerID(slot: slot, generation: unsafe slots[Int(slot)].generation)
    }

    /// False when the timer has fired or was cancelled before.
    @discardableResult
    mutating func cancel(_ id: TimerID) -> Bool {
        guard let place = place(of: id) else { return false }
        remove(at: place)
        return true
    }

    /// When a timer that still waits is due.
    func deadline(of id: TimerID) -> Instant? { place(of: id).map { unsafe heap[$0].deadline } }

    /// Takes the timer out that is due next; nil without one.
    mutating func popFirst() -> (deadline: Instant, token: UInt64)? {
        guard count > 0 else { return nil }
        let first = unsafe heap[0]
        remove(at: 0)
        return (first.deadline, first.token)
    }

    /// Where in the heap the timer is; nil when it waits no more: a slot changes its generation with each use.
    private func place(of id: TimerID) -> Int? {
        guard Int(id.slot) < slotCount else { return nil }
        let slot = unsafe slots[Int(id.slot)]
        return slot.generation == id.generation ? Int(slot.place) : nil
    }

    private mutating func takeSlot() -> UInt32 {
        if firstFree != TimerQueue.none {
            let slot = firstFree
            firstFree = unsafe slots[Int(slot)].place
            return slot
        }
        unsafe slots[slotCount] = Slot(generation: 0, place: 0)
        slotCount += 1
        return UInt32(slotCount - 1)
    }

    private mutating func remove(at place: Int) {
        let entry = unsafe heap[place]
        if !entry.isBackground { foregroundCount -= 1 }
        unsafe slots[Int(entry.slot)].generation &+= 1
        unsafe slots[Int(entry.slot)].place = firstFree
        firstFree = entry.slot
        count -= 1
        guard place < count else { return }
        let last = unsafe heap[count]
        if place > 0, unsafe last < heap[(place - 1) / 2] {
            siftUp(last, from: place)
        } else {
            siftDown(last, from: place)
        }
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        unsafe heap[place] = entry
        unsafe slots[Int(entry.slot)].place = UInt32(truncatingIfNeeded: place)
    }

    private mutating func siftUp(_ entry: Entry, from start: Int) {
        var place = start
        while place > 0, unsafe entry < heap[(place - 1) / 2] {
            unsafe put(heap[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        put(entry, at: place)
    }

    private mutating func siftDown(_ entry: Entry, from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < count else { break }
            if child + 1 < count, unsafe heap[child + 1] < heap[child] { child += 1 }
            guard unsafe heap[child] < entry else { break }
            unsafe put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    /// As many slots as entries are enough: each waiting timer has one.
    private mutating func grow() {
        precondition(capacity < Int(TimerQueue.none) / 2, "more than two thousand million timers wait")
        let (oldHeap, oldSlots) = unsafe (heap, slots)
        capacity *= 2
        unsafe heap = .allocate(capacity: capacity)
        unsafe slots = .allocate(capacity: capacity)
        unsafe heap.moveInitialize(from: oldHeap, count: count)
        unsafe slots.moveInitialize(from: oldSlots, count: slotCount)
        unsafe oldHeap.deallocate()
        unsafe oldSlots.deallocate()
    }
}
