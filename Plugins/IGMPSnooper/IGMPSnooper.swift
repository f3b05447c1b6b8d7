import Weir
import WeirWire

/// `- igmp-snooper: { ageing: robustness }`: a snooping switch's belief about one port (RFC 4541).
///
/// The stage stands for the port that the host behind it is on: traffic to a group passes while the switch believes that
/// the host is a member. Send it the host's reports (`to: { reports: [switch, uplink] }`): it learns from them, and drops
/// them, for a switch forwards reports to its router ports only.
public struct IGMPSnooper: ProtocolStage {
    public static let kind = "igmp-snooper"
    public static let summary =
        "Passes multicast traffic while a snooping switch would believe in a member on the port."
    public static let details = """
        Groups are keyed by MAC address, as hardware does. A report makes a member. A leave, or a query for the group, cuts
        its time to `last-member-time`. Otherwise `ageing` decides: `fixed` after `timeout` without a report; `robustness`
        after robustness x query-interval + the response time of the last general query; `per-query` when no report follows
        a general query within its response time.

        Broadcast, unicast, 224.0.0.x and what isn't an IP multicast MAC address (NLB's own 03-bf is none) always pass.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: [10] }
          - igmp-responder: { groups: [239.255.0.100] }
            to: { reports: switch }
          - igmp-snooper: { ageing: robustness, query-interval: 10s }
            id: switch
          - discard
        """

    public enum Unregistered: String, CaseIterable, ParameterWord { case drop, flood }

    public struct Configuration: StageConfiguration {
        @Parameter("When a member is given up.", default: .robustness) public var ageing: Ageing
        @Parameter("Time without a report, for `fixed`.", default: .seconds(260)) public var timeout: Duration
        @Parameter("Queries that may go unanswered, for `robustness`.", default: 2, in: 1...7) public var robustness:
            Int
        @Parameter("Time between queries that the switch reckons with.", default: .seconds(125))
        public var queryInterval: Duration
        @Parameter("How late an answer may be, for `per-query`.", default: .milliseconds(100)) public var slack:
            Duration
        @Parameter("Time that a leave or a specific query leaves a member.", default: .seconds(2))
        public var lastMemberTime: Duration
        @Parameter("What happens to traffic of a group without member.", default: .drop)
        public var unregistered: Unregistered
        @Parameter("The host on the port; reports of others are learnt elsewhere. Without it every report counts.")
        public var host: MACAddress?
        public init() {}
    }

    public enum Drop: String, StageWord {
        case noMember = "no host on the port is believed to be a member of the group"
        case forRouterPorts = "a report or leave, which goes to router ports only"
    }

    public enum Counter: String, StageWord {
        case queries = "queries heard"
        case reports = "reports heard"
        case joined = "times that a group got a member"
        case expired = "times that a member was given up since it wasn't heard of"
        case left = "times that a member was given up after a leave or specific query"
        case millisecondsWithoutMember = "time without a member after a group's first report, over all groups"
    }

    private var policy: AgeingPolicy
    private let lastMemberTime: Duration
    private let floods: Bool
    private let host: MACAddress?
    private var table = MembershipTable()

    public init(_ configuration: Configuration) {
        policy = AgeingPolicy(
            ageing: configuration.ageing, timeout: configuration.timeout, robustness: configuration.robustness,
            queryInterval: configuration.queryInterval, slack: configuration.slack)
        lastMemberTime = configuration.lastMemberTime
        floods = configuration.unregistered == .flood
        host = configuration.host
    }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        let destination = packet.bytes.macAddress(at: EthernetFrame.Field.destination)
        guard destination.isIPv4Multicast else { return .forward }
        if case .message(let frame) = IGMPReception(packet.bytes) { return hear(frame, context) }
        if floods || destination.isLinkLocalMulticast { return .forward }
        return table.hasMember(destination) ? .forward : .drop(.noMember)
    }

    // MARK: Messages

    private mutating func hear(_ frame: IGMPFrame, _ context: Context) -> Verdict {
        if case .query(let query) = frame.contents {
            hear(query, context)
            return .forward
        }
        if host == nil || host == frame.sourceHardwareAddress { learn(frame.contents, context) }
        return .drop(.forRouterPorts)
    }

    private mutating func learn(_ contents: IGMPContents, _ context: Context) {
        switch contents {
        case .query: break
        case .version1Report(let group), .version2Report(let group): report(group, context)
        case .leave(let group): cut(group, context)
        case .version3Report(let records):
            for record in records {
                if record.includesNothing {
                    cut(record.multicastAddress, context)
                } else {
                    report(record.multicastAddress, context)
                }
            }
        }
    }

    private mutating func hear(_ query: IGMPQuery, _ context: Context) {
        context.count(.queries)
        guard query.isGeneral else { return cut(query.groupAddress, context) }
        policy.responseTime = .milliseconds(query.maxResponseTime * 100)
        guard let expiry = policy.expiry(afterQueryAt: context.now) else { return }
        for number in table.indices where table[number].isPresent { expire(number, notAfter: expiry, context) }
    }

    // MARK: Belief

    private mutating func report(_ group: IPv4Address, _ context: Context) {
        context.count(.reports)
        guard let number = table.enter(group, at: context.now) else { return }
        if let expiry = table[number].expiry { context.cancel(expiry) }
        table[number].expiry = policy.expiry(afterReportAt: context.now).map {
            context.schedule(UInt64(number), at: $0, background: true)
        }
        table[number].isLeaving = false
        if !table[number].isPresent { change(number, "joined", .joined, context) }
    }

    /// A leave, or a specific query, leaves the member a short time to say that it is still there.
    private mutating func cut(_ group: IPv4Address, _ context: Context) {
        guard let number = table.number(of: group), table[number].isPresent else { return }
        expire(number, notAfter: context.now + lastMemberTime, context)
        table[number].isLeaving = true
    }

    private mutating func expire(_ number: Int, notAfter limit: Instant, _ context: Context) {
        if let expiry = table[number].expiry {
            if let due = context.deadline(of: expiry), due <= limit { return }
            context.cancel(expiry)
        }
        table[number].expiry = context.schedule(UInt64(number), at: limit, background: true)
    }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        let number = Int(token)
        table[number].expiry = nil
        if table[number].isLeaving {
            change(number, "left", .left, context)
        } else {
            change(number, "expired", .expired, context)
        }
    }

    private mutating func change(_ number: Int, _ event: String, _ counter: Counter, _ context: Context) {
        let elapsed = table[number].toggle(at: context.now)
        if table[number].isPresent { countOutage(elapsed, context) }
        context.count(counter)
        context.log(.info, event, ["group": "\(table[number].group)", "after": elapsed.canonicalText])
    }

    public mutating func finish(_ context: Context) {
        for number in table.indices where !table[number].isPresent {
            countOutage(context.now - table[number].since, context)
        }
    }

    private func countOutage(_ outage: Duration, _ context: Context) {
        context.count(.millisecondsWithoutMember, by: Int(outage / .milliseconds(1)))
    }
}

extension IGMPGroupRecord {
    /// "Include nothing" is how version 3 leaves, and what a host says that has left (RFC 3376 §5.1).
    fileprivate var includesNothing: Bool {
        (type == .changeToIncludeMode || type == .modeIsInclude) && sources.isEmpty
    }
}
