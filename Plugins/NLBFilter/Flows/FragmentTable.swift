import Weir

/// Packets in fragments: where the first one went, which has the ports, the later ones go too.
struct FragmentTable {
    /// Where a packet's fragments go.
    enum Fate: Equatable {
        case host(Int)
        /// Nowhere: their port is disabled.
        case disabled

        init(code: Int) { self = code == FlowEntry.nobody ? .disabled : .host(code) }
        var code: Int { if case .host(let host) = self { host } else { FlowEntry.nobody } }
    }

    /// Packets whose fragments are under way at a time.
    static let limit = 4096
    /// As Linux waits for the rest of a packet by default.
    static let idle = Duration.seconds(30)
    /// Fragments that are held until the first one of their packet comes, and how long.
    static let heldLimit = 64
    static let patience = Duration.seconds(1)

    private var packets = FlowTable(
        limit: limit, hostID: 0, idle: FlowEntry.Phase.allCases.map { _ in FlowClock.ticks(idle) })
    /// What packets the held fragments belong to, oldest first, and until when they are held.
    private var held: [(identity: UInt64, until: Instant)] = []

    /// The fate of a later fragment; nil when the first one hasn't come.
    func fate(of identity: UInt64, at tick: UInt32) -> Fate? {
        packets.entry(of: identity, at: tick).map { Fate(code: $0.owner) }
    }

    /// Remembers where a first fragment went.
    mutating func set(_ identity: UInt64, _ fate: Fate, at tick: UInt32) {
        packets.set(identity, FlowEntry(owner: fate.code, phase: .fragments, rule: 0, at: tick), at: tick)
    }

    /// Whether one more fragment may be held.
    var hasRoom: Bool { held.count < Self.heldLimit }

    var isHolding: Bool { !held.isEmpty }

    mutating func hold(_ identity: UInt64, until: Instant) { held.append((identity, until)) }

    /// The number of the oldest held fragment of a packet, which is no longer counted as held.
    mutating func release(_ identity: UInt64) -> Int? {
        guard let index = held.firstIndex(where: { $0.identity == identity }) else { return nil }
        held.remove(at: index)
        return index
    }

    /// Whether the oldest held fragment has been held for long enough; it is no longer counted as held then.
    mutating func expireOldest(at now: Instant) -> Bool {
        guard let oldest = held.first, oldest.until <= now else { return false }
        held.removeFirst()
        return true
    }
}
