import Weir
import WeirMembership
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

    /// One port, on a switch without VLANs.
    private var snooper: MembershipSnooper
    private let floods: Bool
    private let host: MACAddress?

    public init(_ configuration: Configuration) {
        let policy = AgeingPolicy(
            ageing: configuration.ageing, timeout: configuration.timeout, robustness: configuration.robustness,
            queryInterval: configuration.queryInterval, slack: configuration.slack)
        snooper = MembershipSnooper(
            ports: 1, capacity: .max, keying: .mac, policy: policy, lastMemberTime: configuration.lastMemberTime)
        floods = configuration.unregistered == .flood
        host = configuration.host
    }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        let destination = packet.bytes.macAddress(at: EthernetFrame.Field.destination)
        guard destination.isIPv4Multicast else { return .forward }
        if case .message(let frame) = IGMPReception(packet.bytes) { return hear(frame, context) }
        if floods || destination.isLinkLocalMulticast { return .forward }
        return snooper.members(of: ForwardingKey(destination, vlan: 0)).isEmpty ? .drop(.noMember) : .forward
    }

    private mutating func hear(_ frame: IGMPFrame, _ context: Context) -> Verdict {
        let isQuery = if case .query = frame.contents { true } else { false }
        if isQuery { context.count(.queries) }
        if isQuery || host == nil || host == frame.sourceHardwareAddress {
            let outcome = snooper.hear(frame.contents, on: 0, vlan: 0, context)
            context.count(.reports, by: outcome.reports)
            for change in outcome.changes { tell(change, context) }
        }
        return isQuery ? .forward : .drop(.forRouterPorts)
    }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        if let change = snooper.timerFired(token, at: context.now) { tell(change, context) }
    }

    public mutating func finish(_ context: Context) {
        for change in snooper.finish(at: context.now) { tell(change, context) }
    }

    private func tell(_ change: MembershipChange, _ context: Context) {
        if let outage = change.outage {
            context.count(.millisecondsWithoutMember, by: Int(outage / .milliseconds(1)))
        }
        let (event, counter): (String, Counter)
        switch change.kind {
        case .joined: (event, counter) = ("joined", .joined)
        case .expired: (event, counter) = ("expired", .expired)
        case .left: (event, counter) = ("left", .left)
        case .forgotten: return
        }
        context.count(counter)
        context.log(.info, event, ["group": "\(change.group)", "after": change.after.logText])
    }
}
