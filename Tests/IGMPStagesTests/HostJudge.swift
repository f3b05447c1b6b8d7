import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Says what is wrong with what a host sent in the course of a history. It knows the rules by heart, and nothing of how the
/// host keeps them.
struct HostJudge {
    let history: HostHistory
    let run: HostRun
    let suppresses: Bool
    /// What the host wants of a group from when on, in order.
    private let wishes: [IPv4Address: [(time: Duration, filter: SourceFilter<IPv4Address>)]]
    /// The version from when on, in order.
    private let versions: [(time: Duration, version: MembershipVersion)]

    /// - Parameters:
    ///   - newest: the version that the host speaks by itself.
    ///   - timeout: how long it remembers an older querier.
    init(_ history: HostHistory, _ run: HostRun, newest: MembershipVersion, timeout: Duration, suppresses: Bool) {
        self.history = history
        self.run = run
        self.suppresses = suppresses
        wishes = Dictionary(grouping: history.settings, by: \.group).mapValues { settings in
            settings.map { ($0.time, $0.filter) }.sorted { $0.0 < $1.0 }
        }
        versions = Self.versions(history, newest, timeout)
    }

    /// The oldest version that was asked in, until nobody has for the timeout (RFC 3376 §7.2.1).
    private static func versions(
        _ history: HostHistory, _ newest: MembershipVersion, _ timeout: Duration
    ) -> [(time: Duration, version: MembershipVersion)] {
        let older = history.queries.filter { $0.isGeneral && MembershipVersion($0.version) < newest }
        let instants = Set(older.flatMap { [$0.time, $0.time + timeout] }).sorted()
        var versions: [(time: Duration, version: MembershipVersion)] = [(.zero, newest)]
        for instant in instants {
            let remembered = older.filter { $0.time <= instant && instant < $0.time + timeout }
            let version = remembered.map { MembershipVersion($0.version) }.min() ?? newest
            if version != versions[versions.count - 1].version { versions.append((instant, version)) }
        }
        return versions
    }

    func version(at time: Duration) -> MembershipVersion {
        versions.last { $0.time <= time }?.version ?? .third
    }

    func filter(of group: IPv4Address, at time: Duration) -> SourceFilter<IPv4Address> {
        wishes[group]?.last { $0.time <= time }?.filter ?? .nothing
    }

    /// Everything that is wrong.
    var complaints: [String] { wrongVersions + falseReports + lateAnswers + answersTooMany + changesUnsaid }

    private var wrongVersions: [String] {
        let last = history.frames.map(\.time).max() ?? .zero
        let expected = versions.dropFirst().filter { $0.time <= last }.map {
            "\($0.time.inSeconds) IGMPv\($0.version.rawValue)"
        }
        return expected == run.versions ? [] : ["versions \(run.versions), not \(expected)"]
    }

    /// Whatever is reported is what the host wants at that instant, in the version of that instant.
    private var falseReports: [String] {
        run.sent.flatMap { report -> [String] in
            let version = version(at: report.time)
            let isTrue: Bool
            switch report.contents {
            case .version1Report(let group): isTrue = version == .first && filter(of: group, at: report.time).isMember
            case .version2Report(let group): isTrue = version == .second && filter(of: group, at: report.time).isMember
            case .leave(let group): isTrue = version == .second && !filter(of: group, at: report.time).isMember
            case .version3Report(let records):
                isTrue = version == .third && records.allSatisfy { holds($0, at: report.time) }
            case .query: isTrue = false
            }
            return isTrue ? [] : ["false: \(report)"]
        }
    }

    private func holds(_ record: IGMPGroupRecord, at time: Duration) -> Bool {
        let filter = filter(of: record.multicastAddress, at: time)
        let whole = filter.sources == record.sources
        return switch record.type {
        case .modeIsExclude, .changeToExcludeMode: filter.mode == .exclude && whole
        case .changeToIncludeMode: filter.mode == .include && whole
        case .modeIsInclude, .allowNewSources:
            !record.sources.isEmpty && record.sources.allSatisfy(filter.admits)
        case .blockOldSources: !record.sources.isEmpty && !record.sources.contains(where: filter.admits)
        default: false
        }
    }

    /// Whether the host answers a query for a group: it wants the same all the time until the answer is due, speaks the
    /// same version, and wants something of what is asked.
    private func owes(_ group: IPv4Address, _ query: HostHistory.Query) -> Bool {
        guard query.isGeneral || query.group == group else { return false }
        let end = query.time + query.limit
        let isSteady =
            wishes[group]?.contains { $0.time > query.time && $0.time <= end } != true
            && !versions.contains { $0.time > query.time && $0.time <= end }
        guard isSteady, filter(of: group, at: query.time).isMember else { return false }
        guard version(at: query.time) != .third else {
            return query.sources.isEmpty || query.sources.contains { filter(of: group, at: query.time).admits($0) }
        }
        return !suppresses || !history.heard.contains { $0.group == group && $0.time > query.time && $0.time <= end }
    }

    /// Whether a report tells all that a query asks of a group.
    private func tells(_ report: Report, _ group: IPv4Address, _ query: HostHistory.Query) -> Bool {
        guard version(at: query.time) == .third else { return report.groups.contains(group) }
        let filter = filter(of: group, at: query.time)
        return report.records.contains { record in
            guard record.multicastAddress == group, Self.answering.contains(record.type) else { return false }
            let isWhole =
                record.sources == filter.sources && (record.type == .modeIsExclude) == (filter.mode == .exclude)
            return isWhole
                || !query.sources.isEmpty
                    && query.sources.allSatisfy { !filter.admits($0) || record.sources.contains($0) }
        }
    }

    private static let answering: [IGMPGroupRecordType] = [.modeIsInclude, .modeIsExclude]

    private var lateAnswers: [String] {
        let reports = reportsByGroup
        return history.groups.flatMap { group in
            history.queries.filter { owes(group, $0) }.compactMap { query in
                let end = query.time + query.limit
                let isTold = (reports[group] ?? []).contains {
                    $0.time > query.time && $0.time <= end && tells($0, group, query)
                }
                return isTold ? nil : "\(group) untold: query at \(query.time.inSeconds) of \(query.sources)"
            }
        }
    }

    /// Every answer has a query of its own, that it is in time for; so has the repetition of a report on joining.
    private var answersTooMany: [String] {
        let reports = reportsByGroup
        return history.groups.flatMap { group -> [String] in
            var open = history.queries.filter { $0.isGeneral || $0.group == group }.map {
                ($0.time, $0.time + $0.limit)
            }
            let changes = (wishes[group] ?? []).map(\.time)
            open += changes.map { ($0, $0 + .seconds(10)) }
            return (reports[group] ?? []).compactMap { report in
                let isAnswer =
                    report.records.isEmpty
                    || report.records.contains { $0.multicastAddress == group && Self.answering.contains($0.type) }
                guard isAnswer, !changes.contains(report.time) else { return nil }
                let fitting = open.indices.filter { open[$0].0 < report.time && report.time <= open[$0].1 }
                // The one that has the least time left; a later report may do for the others.
                guard let own = fitting.min(by: { open[$0].1 < open[$1].1 }) else { return "unasked: \(report)" }
                open.remove(at: own)
                return nil
            }
        }
    }

    /// A change is reported at its instant.
    private var changesUnsaid: [String] {
        let instants = Set(run.sent.map(\.time))
        return wishes.flatMap { group, wishes -> [String] in
            zip([(time: Duration.zero, filter: SourceFilter<IPv4Address>.nothing)] + wishes, wishes).compactMap {
                old, new in
                let isTold =
                    switch version(at: new.time) {
                    case .third: old.filter != new.filter
                    // Without suppression a leaving host always tells; with it, the last reporter does.
                    case .second: new.filter.isMember ? !old.filter.isMember : old.filter.isMember && !suppresses
                    case .first: new.filter.isMember && !old.filter.isMember
                    }
                return !isTold || instants.contains(new.time) ? nil : "\(group) unsaid: change at \(new.time.inSeconds)"
            }
        }
    }

    private var reportsByGroup: [IPv4Address: [Report]] {
        var reports: [IPv4Address: [Report]] = [:]
        for report in run.sent { for group in Set(report.groups) { reports[group, default: []].append(report) } }
        return reports
    }
}
