import Weir
import WeirWire

/// `- igmp-querier: { source: 10.0.0.1 }` with `to: { queries: ID }`: a router's side of IGMP on one network.
///
/// The stage stands in for a router. It passes on whatever comes in and sends queries by its output `queries`: general ones
/// on a timer, and specific ones when a member leaves (RFC 1112 App. I, RFC 2236 §3 and §7, RFC 3376 §6).
public struct IGMPQuerier: ProtocolStage {
    public static let kind = "igmp-querier"
    public static let summary = "Queries hosts for their groups as a router does, and keeps track of what they report."
    public static let details = """
        The first `startup-count` queries are `startup-interval` apart, the others `interval`. A group is known from its
        first report until `group-membership-interval` after the last one; RFC 9776 has twice the response time in that
        interval, RFC 2236 and RFC 3376 once, as here. A leave, and a version 3 report that gives something up, cuts the
        time to `last-member-count` x `last-member-interval`, while as many queries go out that far apart. They are
        finished even if another router becomes the querier meanwhile.

        A general query from a lower address silences the querier until none has come for `other-querier-timeout`. It
        follows reports and the other's specific queries all the while, with the other's robustness and interval if that
        is of version 3. A query from 0.0.0.0 is a switch's and counts for nothing (RFC 4541 §2.1.1). No address is lower
        than 0.0.0.0, so a querier without `source` is never silenced and silences nobody; `election: false` is for one
        that has an address and asks all the same, to which others with a higher address still give way.

        `version` is what all routers of the network must be set to (RFC 3376 §7.3.1); queries of another version are
        warned of once. Version 3 keeps the state of RFC 3376 §6, down to sources, also for hosts of older versions.
        Versions 1 and 2 follow groups as a whole, of version 3 reports too; version 1 ignores leaves, and version 2 stops
        asking once a report has come.

        Groups and sources beyond the limits are refused and counted; those that are known stay. Nothing is dropped:
        invalid messages pass too. Timers don't keep a run going after the last packet; `--duration` does.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - igmp-querier: { interval: 20s, response-time: 5s, source: 10.0.0.1, vlan: 10 }
            to: { queries: [{ discard: }] }
          - discard
        """

    private let version: IGMPVersion
    private let mac: MACAddress
    private let tag: VLANTag?
    private let groupsLimit: Int
    private let sourcesLimit: Int
    private let holdsElection: Bool
    private let configuredTimers: QuerierTimers

    /// Those of the querier, whoever that is.
    private var timers: QuerierTimers
    private var election: Election
    private var startupQueriesLeft: Int
    /// For the next general query, or for the end of the other querier's presence.
    private var queryTimer: TimerID?
    private var memberships: [IPv4Address: Membership] = [:]
    private var foreignVersions: Set<IGMPVersion> = []

    /// What a timer is for; the number of a group stands for that group.
    private enum Token {
        static let generalQuery: UInt64 = 0
        static let otherQuerier: UInt64 = 1
    }

    public init(_ configuration: Configuration) throws {
        try configuration.check()
        version = IGMPVersion(rawValue: UInt8(configuration.version)) ?? .version2
        mac = configuration.mac
        tag = configuration.vlan.map { VLANTag(identifier: UInt16($0)) }
        groupsLimit = configuration.groupsLimit
        sourcesLimit = configuration.sourcesLimit
        holdsElection = configuration.election
        configuredTimers = QuerierTimers(configuration)
        timers = configuredTimers
        election = Election(address: configuration.source)
        startupQueriesLeft = configuredTimers.startupQueryCount
    }

    // MARK: General queries (RFC 2236 §3, RFC 3376 §6.1)

    public mutating func start(_ context: Context) { sendGeneralQuery(context) }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        switch token {
        case Token.generalQuery: sendGeneralQuery(context)
        case Token.otherQuerier: becomeQuerier(context)
        default: settle(IPv4Address(rawValue: UInt32(truncatingIfNeeded: token)), context) { _ in }
        }
    }

    private mutating func sendGeneralQuery(_ context: Context) {
        context.count(.generalQueries)
        send(IGMPQuery(version: version, maxResponseTime: timers.queryResponseInterval.wholeTenths), context)
        startupQueriesLeft = max(startupQueriesLeft - 1, 0)
        let interval = startupQueriesLeft > 0 ? timers.startupQueryInterval : timers.queryInterval
        queryTimer = context.schedule(Token.generalQuery, at: context.now + interval, background: true)
    }

    private func send(_ query: IGMPQuery, _ context: Context) {
        var query = query
        query.querierRobustnessVariable = UInt8(clamping: configuredTimers.robustness)
        query.querierQueryInterval = Int(configuredTimers.queryInterval.components.seconds)
        let frame = IGMPFrame(
            sourceHardwareAddress: mac, source: election.address, tag: tag, contents: .query(query))
        context.send(length: frame.encodedLength, to: .queries) { _ = frame.encode(into: &$0, at: 0) }
    }

    // MARK: What comes in

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        switch IGMPReception(packet.bytes) {
        case .other: break
        case .invalid: context.count(.invalidMessages)
        case .message(let frame): hear(frame, context)
        }
        return .forward
    }

    private mutating func hear(_ frame: IGMPFrame, _ context: Context) {
        // A tag with identifier 0 tells a priority, and no VLAN (802.1Q §9.6).
        guard frame.tag?.identifier ?? 0 == tag?.identifier ?? 0 else { return context.count(.otherVlans) }
        switch frame.contents {
        case .query(let query): hear(query, from: frame.source, context)
        case .version1Report(let group): hear(.modeIsExclude, group, .version1, context)
        case .version2Report(let group): hear(.modeIsExclude, group, .version2, context)
        case .leave(let group): hear(.changeToIncludeMode, group, .version3, context)
        case .version3Report(let records): for record in records { hear(record, .version3, context) }
        }
    }

    // MARK: Other queriers (RFC 2236 §3, RFC 3376 §6.6.1 and §6.6.2)

    private mutating func hear(_ query: IGMPQuery, from source: IPv4Address, _ context: Context) {
        // Where pipelines have loops, its own queries may come back.
        if source == election.address, !source.isUnspecified { return }
        context.count(.foreignQueries)
        if query.version != version, foreignVersions.insert(query.version).inserted {
            let fields: KeyValuePairs = ["version": "\(query.version.rawValue)", "querier": "\(source)"]
            context.log(.warning, "queries of another version", fields)
        }
        guard !source.isUnspecified else { return }
        if query.isGeneral {
            yield(to: query, from: source, context)
        } else if query.version > .version1, !query.suppressRouterSideProcessing, memberships[query.groupAddress] != nil
        {
            let limit = context.now + timers.timeToAnswer(query)
            settle(query.groupAddress, context) { $0.state.lower(query.sources, notAfter: limit) }
        }
    }

    private mutating func yield(to query: IGMPQuery, from source: IPv4Address, _ context: Context) {
        let wasQuerier = election.isQuerier
        guard holdsElection, election.hear(from: source) else { return }
        timers = configuredTimers.adopting(query)
        if let queryTimer { context.cancel(queryTimer) }
        let end = context.now + timers.otherQuerierPresentInterval
        queryTimer = context.schedule(Token.otherQuerier, at: end, background: true)
        startupQueriesLeft = 0
        guard wasQuerier else { return }
        context.count(.electionsLost)
        context.log(.info, "another router is the querier", ["querier": "\(source)"])
    }

    private mutating func becomeQuerier(_ context: Context) {
        context.count(.electionsWon)
        let silent = election.otherQuerier.map { "\($0)" } ?? ""
        context.log(.info, "became the querier", ["silent": silent])
        election.win()
        timers = configuredTimers
        sendGeneralQuery(context)
    }

    // MARK: Members (RFC 2236 §7, RFC 3376 §6.4 and §7.3.2)

    private mutating func hear(
        _ type: IGMPGroupRecordType, _ group: IPv4Address, _ speaker: IGMPVersion, _ context: Context
    ) {
        hear(IGMPGroupRecord(type: type, multicastAddress: group), speaker, context)
    }

    private mutating func hear(_ record: IGMPGroupRecord, _ speaker: IGMPVersion, _ context: Context) {
        let group = record.multicastAddress
        guard group.isMulticast, group != .allSystems else { return context.count(.invalidMessages) }
        context.count(record.isLeave ? .leaves : .reports)
        let record = version == .version3 ? record : record.withoutSources
        guard let record else { return }
        let (now, timers, version, asks) = (context.now, timers, version, election.isQuerier)
        settle(group, context) { membership in
            let refused = membership.hear(record, speaker, at: now, timers, version, asks: asks)
            context.count(.refusedEntries, by: refused)
        }
    }

    /// Has something happen to a group, notices what ends with it, sends the queries that are due, and sets the timer.
    private mutating func settle(
        _ group: IPv4Address, _ context: Context, _ change: (inout Membership) -> Void
    ) {
        let known = memberships.removeValue(forKey: group)
        var membership = known ?? Membership(since: context.now, state: GroupState(sourcesLimit: sourcesLimit))
        change(&membership)
        membership.state.expire(at: context.now)
        if let timer = membership.timer { context.cancel(timer) }
        guard !membership.state.isEmpty else {
            if known != nil { expired(group, since: membership.since, context) }
            return
        }
        if known == nil {
            guard memberships.count < groupsLimit else { return context.count(.refusedEntries) }
            context.count(.groupsJoined)
            context.log(.info, "group joined", ["group": "\(group)"])
        }
        // What it asks it has begun as the querier, by its own times.
        let queries = membership.state.takeQueries(at: context.now, configuredTimers)
        for query in queries { send(query, for: group, context) }
        membership.timer = context.schedule(
            UInt64(group.rawValue), at: membership.state.nextDeadline, background: true)
        memberships[group] = membership
    }

    private func expired(_ group: IPv4Address, since: Instant, _ context: Context) {
        context.count(.groupsExpired)
        context.log(.info, "group expired", ["group": "\(group)", "after": (context.now - since).logText])
    }

    private func send(_ specific: SpecificQuery, for group: IPv4Address, _ context: Context) {
        context.count(specific.sources.isEmpty ? .groupQueries : .sourceQueries)
        let tenths = configuredTimers.lastMemberQueryInterval.wholeTenths
        var query = IGMPQuery(version: version, groupAddress: group, maxResponseTime: tenths)
        query.sources = specific.sources
        query.suppressRouterSideProcessing = specific.suppressesRouterSideProcessing
        send(query, context)
    }
}

extension Duration {
    /// In the unit of Max Resp Code, rounded down.
    fileprivate var wholeTenths: Int { Int(clamping: wholeNanoseconds / 100_000_000) }
}
