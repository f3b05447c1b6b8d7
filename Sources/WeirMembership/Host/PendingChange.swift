import WeirWire

/// What a host has changed of a group and how often it still reports that (RFC 3376 §5.1, RFC 3810 §6.1).
@usableFromInline
struct PendingChange<Address: IPAddress> {
    /// How often the change of mode, with the whole list of sources, is still to be reported.
    private(set) var modeReports = 0
    /// The same for single sources, in ascending order. Whether one is allowed or blocked is for the filter to say.
    private(set) var sourceReports: [(source: Address, count: Int)] = []

    @usableFromInline init() {}

    var isEmpty: Bool { modeReports == 0 && sourceReports.isEmpty }

    /// The filter changes: what is new is reported `robustness` times from now on.
    mutating func add(from old: SourceFilter<Address>, to new: SourceFilter<Address>, robustness: Int) {
        guard old.mode == new.mode else {
            // The list that goes with the mode says all about sources.
            modeReports = robustness
            sourceReports = []
            return
        }
        let (before, after) = (Set(old.sources), Set(new.sources))
        for source in before.symmetricDifference(after) {
            sourceReports.removeAll { $0.source == source }
            sourceReports.append((source, robustness))
        }
        sourceReports.sort { $0.source < $1.source }
    }

    /// The records that tell the routers, and one report less to come.
    ///
    /// | since the last reports | records |
    /// |---|---|
    /// | the mode changed | TO_IN or TO_EX with the filter's sources; later changes of sources are part of it |
    /// | sources changed | ALLOW of those that the host wants now, BLOCK of the others |
    mutating func takeRecords(of group: Address, _ filter: SourceFilter<Address>) -> [MembershipRecord<Address>] {
        let sources = sourceReports.map(\.source)
        sourceReports = sourceReports.compactMap { $0.count > 1 ? ($0.source, $0.count - 1) : nil }
        if modeReports > 0 {
            modeReports -= 1
            let type: MembershipRecordType = filter.mode == .include ? .changeToIncludeMode : .changeToExcludeMode
            return [MembershipRecord(type: type, multicastAddress: group, sources: filter.sources)]
        }
        let allowed = filter.admitted(of: sources)
        let blocked = sources.filter { !filter.admits($0) }
        return [(MembershipRecordType.allowNewSources, allowed), (.blockOldSources, blocked)].filter { !$1.isEmpty }
            .map { MembershipRecord(type: $0, multicastAddress: group, sources: $1) }
    }
}
