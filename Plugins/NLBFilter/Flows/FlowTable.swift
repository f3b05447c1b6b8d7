import Weir

/// Flows by their identity: a bounded hash table with open addressing, at most three quarters full, 16 octets a place. It
/// doubles when it is fuller, so that it is no larger than its flows need and as much of it as can be is in the cache.
///
/// What it does depends on nothing but the packets, so that hosts which see the same packets forget the same flows.
struct FlowTable {
    /// Flows that are remembered at most.
    let limit: Int
    /// How long each phase lasts without a packet, in ticks; that of `client` depends on the rule.
    private let idle: [UInt32]
    private let clientIdle: [UInt32]
    /// Of each place the identity, 0 for a free one, and the entry.
    private var words: ZeroedWords
    private var placeMask: Int
    private(set) var count = 0
    private(set) var evicted = 0
    /// Where the search for expired flows goes on.
    private var hand = 0
    /// Open connections of the host that counts them.
    private(set) var ownCount = 0
    private let hostID: Int

    private static let fewestPlaces = 1024

    /// How far from its place an evicted flow may be.
    private static let neighbourhood = 32

    init(limit: Int, hostID: Int, idle: [UInt32], clientIdle: [UInt32] = []) {
        self.limit = limit
        self.hostID = hostID
        self.idle = idle
        self.clientIdle = clientIdle
        words = ZeroedWords(count: 2 * Self.fewestPlaces)
        placeMask = Self.fewestPlaces - 1
    }

    // MARK: Looking

    /// Where the search for an identity begins.
    @inline(__always)
    private func home(_ identity: UInt64) -> Int { Int(truncatingIfNeeded: identity ^ identity >> 32) & placeMask }

    /// The place of a flow, nil when it is not there. O(1).
    @inline(__always)
    func place(of identity: UInt64) -> Int? {
        var place = home(identity)
        while true {
            let found = words[2 &* place]
            if found == identity { return place }
            if found == 0 { return nil }
            place = (place &+ 1) & placeMask
        }
    }

    /// Begins to fetch what `place(of:)` will look at.
    @inline(__always)
    func prefetch(_ identity: UInt64) { words.prefetch(2 &* home(identity)) }

    @inline(__always)
    func entry(at place: Int) -> FlowEntry { FlowEntry(word: words[2 &* place &+ 1]) }

    /// Whether the entry's time has passed.
    @inline(__always)
    func isExpired(_ entry: FlowEntry, at tick: UInt32) -> Bool {
        let phase = entry.phase
        let limit = phase == .client ? clientIdle[entry.rule] : idle[phase.rawValue]
        return tick &- entry.seen > limit
    }

    /// The live entry of a flow.
    func entry(of identity: UInt64, at tick: UInt32) -> FlowEntry? {
        guard let place = place(of: identity) else { return nil }
        let entry = entry(at: place)
        return isExpired(entry, at: tick) ? nil : entry
    }

    // MARK: Changing

    @inline(__always)
    func touch(_ place: Int, _ entry: FlowEntry, at tick: UInt32) {
        words[2 &* place &+ 1] = entry.touched(at: tick).word
    }

    /// The same for a flow that may not be there: then nothing happens, and it is false.
    @inline(__always)
    func touch(_ identity: UInt64, at tick: UInt32) -> Bool {
        guard let place = place(of: identity) else { return false }
        let entry = entry(at: place)
        guard !isExpired(entry, at: tick) else { return false }
        touch(place, entry, at: tick)
        return true
    }

    /// Remembers a flow, or something else of one that is there.
    mutating func set(_ identity: UInt64, _ entry: FlowEntry, at tick: UInt32) {
        if let place = place(of: identity) {
            recount(self.entry(at: place), -1)
            words[2 * place + 1] = entry.word
            recount(entry, 1)
            return
        }
        sweep(places: 2, at: tick)
        if count >= limit { evict(near: home(identity), at: tick) }
        guard count < limit else { return }
        if 4 * count > 3 * placeMask { double() }
        insert(identity, entry.word)
        count += 1
        recount(entry, 1)
    }

    private func insert(_ identity: UInt64, _ word: UInt64) {
        var place = home(identity)
        while words[2 * place] != 0 { place = (place + 1) & placeMask }
        words[2 * place] = identity
        words[2 * place + 1] = word
    }

    private mutating func double() {
        let (old, places) = (words, placeMask + 1)
        words = ZeroedWords(count: 4 * places)
        placeMask = 2 * places - 1
        for place in 0..<places where old[2 * place] != 0 { insert(old[2 * place], old[2 * place + 1]) }
    }

    private mutating func recount(_ entry: FlowEntry, _ change: Int) {
        if isOwnConnection(entry) { ownCount += change }
    }

    /// Removes expired flows from the next `places`.
    private mutating func sweep(places: Int, at tick: UInt32) {
        for _ in 0..<places {
            // What moves up into a place that was freed is looked at next time.
            if words[2 * hand] != 0, isExpired(entry(at: hand), at: tick) { remove(hand) }
            hand = (hand + 1) & placeMask
        }
    }

    /// Open connections of the host that counts them, without those whose time is over. They are not removed: the other
    /// hosts, which don't count, would go on with another table. O(places).
    func liveOwnCount(at tick: UInt32) -> Int {
        (0...placeMask).count { place in
            guard words[2 * place] != 0 else { return false }
            let entry = entry(at: place)
            return isOwnConnection(entry) && !isExpired(entry, at: tick)
        }
    }

    private func isOwnConnection(_ entry: FlowEntry) -> Bool { entry.owner == hostID && entry.phase.isOpen }

    /// Makes room: of the flows near a place, an expired one goes, else one that is closing, else one that is opening or of UDP,
    /// else the one that was silent for longest.
    private mutating func evict(near home: Int, at tick: UInt32) {
        var victim: (place: Int, rank: UInt64)?
        var place = home
        var looked = 0
        while looked < Self.neighbourhood || (victim == nil && looked <= placeMask) {
            if words[2 * place] != 0 {
                let entry = entry(at: place)
                let rank = self.rank(entry, at: tick)
                if victim.map({ rank > $0.rank }) ?? true { victim = (place, rank) }
            }
            place = (place + 1) & placeMask
            looked += 1
        }
        guard let victim else { return }
        evicted += 1
        remove(victim.place)
    }

    private func rank(_ entry: FlowEntry, at tick: UInt32) -> UInt64 {
        let group: UInt64 =
            if isExpired(entry, at: tick) {
                3
            } else {
                switch entry.phase {
                case .closing: 2
                // What anybody can make by one packet goes before what two sides have agreed on.
                case .opening, .datagrams: 1
                case .established, .client, .fragments: 0
                }
            }
        return group << 32 | UInt64(tick &- entry.seen)
    }

    /// Frees a place, and moves up what would no longer be found behind it.
    private mutating func remove(_ place: Int) {
        recount(entry(at: place), -1)
        count -= 1
        var free = place
        var next = (place + 1) & placeMask
        while words[2 * next] != 0 {
            let distance = (next - home(words[2 * next])) & placeMask
            if distance >= (next - free) & placeMask {
                words[2 * free] = words[2 * next]
                words[2 * free + 1] = words[2 * next + 1]
                free = next
            }
            next = (next + 1) & placeMask
        }
        words[2 * free] = 0
    }
}
