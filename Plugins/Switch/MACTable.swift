import Weir
import WeirMembership

/// Which port a station was last heard at (IEEE 802.1Q §8.7, §8.8).
struct MACTable {
    enum Lesson { case known, learned, moved, refused }

    private struct Entry {
        var port: Int
        var heard: Instant
    }

    private let lifetime: UInt64
    private let capacity: Int
    private var entries: [ForwardingKey: Entry] = [:]
    private var lastPurge: Instant?

    init(ageing: Duration, capacity: Int) {
        lifetime = ageing.wholeNanoseconds
        self.capacity = capacity
    }

    func port(of station: ForwardingKey, at time: Instant) -> Int? {
        guard let entry = entries[station], !isForgotten(entry, at: time) else { return nil }
        return entry.port
    }

    mutating func learn(_ station: ForwardingKey, on port: Int, at time: Instant) -> Lesson {
        guard let place = entries.index(forKey: station) else { return enter(station, on: port, at: time) }
        let before = entries.values[place]
        entries.values[place] = Entry(port: port, heard: time)
        if isForgotten(before, at: time) { return .learned }
        return before.port == port ? .known : .moved
    }

    private mutating func enter(_ station: ForwardingKey, on port: Int, at time: Instant) -> Lesson {
        if entries.count >= capacity { purge(at: time) }
        guard entries.count < capacity else { return .refused }
        entries[station] = Entry(port: port, heard: time)
        return .learned
    }

    private func isForgotten(_ entry: Entry, at time: Instant) -> Bool {
        time.nanoseconds &- entry.heard.nanoseconds >= lifetime
    }

    /// Makes room, once a second at most: a flood of new addresses must not cost a walk over the table each.
    private mutating func purge(at time: Instant) {
        if let lastPurge, time - lastPurge < .seconds(1) { return }
        lastPurge = time
        entries = entries.filter { !isForgotten($0.value, at: time) }
    }
}
