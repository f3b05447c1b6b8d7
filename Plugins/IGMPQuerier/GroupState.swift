import Weir
import WeirWire

/// What a router knows of one group on its network, and what reports make of it (RFC 3376 §6.2 to §6.5).
///
/// A timer is the instant at which it ends. The names are those of the RFC's tables: INCLUDE (A) is the filter mode
/// `include` with A as `requested`; EXCLUDE (X, Y) is `exclude` with X as `requested` and Y as `excluded`.
struct GroupState {
    enum FilterMode { case include, exclude }

    /// A source whose timer runs.
    struct Source {
        var expiry: Instant
        /// The queries for it that are still to be sent.
        var queries: QuerySequence?
    }

    /// How many sources are known at most. Further ones are refused: what asks for them isn't heard, what excludes them
    /// is not obeyed.
    let sourcesLimit: Int
    var filterMode = FilterMode.include
    /// The group timer, which counts in the mode EXCLUDE only (§6.2.2).
    var expiry = Instant(nanoseconds: 0)
    var requested: [IPv4Address: Source] = [:]
    var excluded: Set<IPv4Address> = []
    /// The queries for the group that are still to be sent.
    var queries: QuerySequence?
    /// The group is in doubt since a member left: queried, and not reported since (RFC 2236 §7, "Checking Membership").
    var isChecked = false

    init(sourcesLimit: Int) { self.sourcesLimit = sourcesLimit }

    /// Nobody wants anything: there is no such record (§6.2.3).
    var isEmpty: Bool { filterMode == .include && requested.isEmpty }

    /// What a row of the tables says to send, and what there was no room for.
    struct Reaction: Equatable {
        /// Send Q(G).
        var queriesGroup = false
        /// Send Q(G, these).
        var queriedSources: Set<IPv4Address> = []
        var refusedSources = 0
    }

    /// Takes a record in: the tables of RFC 3376 §6.4.1 and §6.4.2.
    mutating func hear(
        _ type: IGMPGroupRecordType, _ sources: [IPv4Address], at now: Instant, membershipInterval: Duration
    ) -> Reaction {
        let listed = Set(sources)
        let end = now + membershipInterval
        var reaction = Reaction()
        switch type {
        case .modeIsInclude, .allowNewSources:
            reaction.refusedSources = request(sources, until: end)
        case .changeToIncludeMode:
            reaction.queriesGroup = filterMode == .exclude
            reaction.queriedSources = Set(requested.keys).subtracting(listed)
            reaction.refusedSources = request(sources, until: end)
        case .blockOldSources:
            if filterMode == .exclude { reaction.refusedSources = addUnknown(sources, until: expiry) }
            reaction.queriedSources = listed.intersection(requested.keys)
        case .modeIsExclude:
            reaction.refusedSources = exclude(sources, listed, requestNewUntil: end)
            restart(until: end)
        case .changeToExcludeMode:
            reaction.refusedSources = exclude(sources, listed, requestNewUntil: expiry)
            reaction.queriedSources = Set(requested.keys)
            restart(until: end)
        default: break
        }
        return reaction
    }

    /// INCLUDE (A + B), EXCLUDE (X + A, Y - A).
    private mutating func request(_ sources: [IPv4Address], until end: Instant) -> Int {
        for source in sources {
            if requested[source] != nil {
                requested[source]?.expiry = end
            } else if excluded.remove(source) != nil {
                requested[source] = Source(expiry: end)
            }
        }
        return addUnknown(sources, until: end)
    }

    /// X + (A - Y): the timers of known sources stay.
    private mutating func addUnknown(_ sources: [IPv4Address], until end: Instant) -> Int {
        admit(sources) { $0.requested[$1] = Source(expiry: end) }
    }

    /// EXCLUDE (A * B, B - A) from INCLUDE (A), EXCLUDE (A - Y, Y * A) from EXCLUDE (X, Y).
    private mutating func exclude(
        _ sources: [IPv4Address], _ listed: Set<IPv4Address>, requestNewUntil end: Instant
    ) -> Int {
        requested = requested.filter { listed.contains($0.key) }
        excluded.formIntersection(listed)
        defer { filterMode = .exclude }
        return filterMode == .include ? admit(sources) { $0.excluded.insert($1) } : addUnknown(sources, until: end)
    }

    /// Adds the sources that are not known while there is room. Returns how many there was none for.
    private mutating func admit(_ sources: [IPv4Address], _ add: (inout Self, IPv4Address) -> Void) -> Int {
        var refused = 0
        for source in sources where requested[source] == nil && !excluded.contains(source) {
            if requested.count + excluded.count < sourcesLimit { add(&self, source) } else { refused += 1 }
        }
        return refused
    }

    private mutating func restart(until end: Instant) {
        expiry = end
        isChecked = false
    }

    /// Takes notice of the timers that have ended by `now`.
    mutating func expire(at now: Instant) {
        for source in requested.filter({ $0.value.expiry <= now }).keys {
            requested[source] = nil
            if filterMode == .exclude { excluded.insert(source) }
        }
        // §6.5: sources whose timers run are still wanted by somebody.
        guard filterMode == .exclude, expiry <= now else { return }
        filterMode = .include
        excluded = []
        stopQueries()
    }
}
