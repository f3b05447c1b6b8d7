import Weir
import WeirWire

/// `- igmp-responder: { groups: [239.255.0.100], answer: queries }` with `to: { reports: ID }`: a host's side of IGMP.
///
/// The stage stands in for a host that has joined groups. It passes on whatever comes in and sends reports by its output
/// `reports`: when it joins, in answer to queries (RFC 1112 App. I, RFC 2236 §3, RFC 3376 §5.2), and, if told so, on a timer
/// of its own.
public struct IGMPResponder: ProtocolStage {
    public static let kind = "igmp-responder"
    public static let summary = "Answers IGMP queries for its groups after a random delay; or reports on a fixed timer."
    public static let details = """
        `answer: queries` answers general, group-specific and group-and-source-specific queries of IGMPv1, v2 and v3 with a
        report of the querier's version, after a delay uniform over the query's maximum response time, less a margin of a
        quarter of it, at most 200 ms, since a report that is sent at the last moment arrives too late. A pending answer
        only ever moves earlier. A reporter's own timer is `report-interval`. The fault of KB 838408 is
        `answer: never, report-interval: 60s`. Other hosts' reports never suppress an answer: behind a snooping switch a
        host that stays silent is pruned.

        The version is that of the last query; a version 2 specific query doesn't change it. The timers of RFC 3376 §7
        that keep a host at an older version are not there yet. Answers carry the outermost
        tag of their query. Answers still due after the last packet are sent; the fixed timer is not waited for.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - igmp-responder: { groups: [239.255.0.100], answer: queries }
            to: { reports: [{ discard: }] }
          - discard
        """

    public enum Answer: String, CaseIterable, ParameterWord { case queries, never }

    public struct Configuration: StageConfiguration {
        @Parameter("Groups that the host has joined.") public var groups: [IPv4Address]
        @Parameter("What is answered: `queries`, or `never`.", default: .queries) public var answer: Answer
        @Parameter("Time between reports that nobody asked for; none without it.", in: .milliseconds(1)...)
        public var reportInterval: Duration?
        @Parameter("The host's IP address.", default: .unspecified) public var source: IPv4Address
        @Parameter("The host's MAC address.", default: MACAddress(0x02, 0, 0, 0, 0, 0x01)) public var mac: MACAddress
        @Parameter("The VLAN of reports that nobody asked for; untagged without it.", in: 1...4094) public var vlan:
            Int?
        @Parameter("The IGMP version until a query tells.", default: 2, in: 1...3) public var version: Int
        public init() {}
    }

    public enum Output: String, StageWord { case reports = "membership reports that the host sends" }

    public enum Counter: String, StageWord {
        case queries = "valid queries that came in"
        case ignoredQueries = "queries left unanswered since `answer` is `never`"
        case invalidMessages = "IGMP messages with a wrong checksum, length, group or destination"
        case answers = "reports in answer to a query"
        case unsolicitedReports = "reports that nobody asked for: on joining and on the fixed timer"
    }

    private var memberships: [Membership]
    private let numbers: [IPv4Address: Int]
    private var version: IGMPVersion
    private let answers: Bool
    private let reportInterval: Duration?
    private let mac: MACAddress
    private let source: IPv4Address
    private let tag: VLANTag?

    /// One timer a group, and groups found by address: a query for one of ten thousand costs as much as for one of one.
    private struct Membership {
        let group: IPv4Address
        var pending: TimerID?
        var tag: VLANTag?
    }

    /// What a timer is for; the number of a group stands for the answer that is pending for it.
    private enum Token {
        static let repeatJoin = UInt64.max - 1
        static let report = UInt64.max
    }

    public init(_ configuration: Configuration) throws {
        var numbers: [IPv4Address: Int] = [:]
        for (number, group) in configuration.groups.enumerated() {
            guard group.isMulticast, group != .allSystems else {
                throw ConfigurationError(
                    parameter: "groups", "\(group) is not a group that a host can report",
                    help: "groups are 224.0.0.0 to 239.255.255.255, and 224.0.0.1 is never reported (RFC 1112)")
            }
            guard numbers.updateValue(number, forKey: group) == nil else {
                throw ConfigurationError(parameter: "groups", "\(group) is listed twice")
            }
        }
        self.numbers = numbers
        memberships = configuration.groups.map { Membership(group: $0) }
        version = IGMPVersion(rawValue: UInt8(configuration.version)) ?? .version2
        answers = configuration.answer == .queries
        reportInterval = configuration.reportInterval
        mac = configuration.mac
        source = configuration.source
        tag = configuration.vlan.map { VLANTag(identifier: UInt16($0)) }
    }

    // MARK: Joining (RFC 2236 §3, RFC 3376 §5.1: at once, and again after a random delay)

    public mutating func start(_ context: Context) {
        reportAll(.changeToExcludeMode, context)
        // The Unsolicited Report Interval of RFC 3376 §8.11 and of RFC 2236 §8.10.
        let longest: Duration = version == .version3 ? .seconds(1) : .seconds(10)
        if answers { context.schedule(Token.repeatJoin, at: context.now + context.random.delay(upTo: longest)) }
        scheduleReport(context)
    }

    private func scheduleReport(_ context: Context) {
        guard let reportInterval else { return }
        context.schedule(Token.report, at: context.now + reportInterval, background: true)
    }

    // MARK: Queries

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        switch IGMPReception(packet.bytes) {
        case .other: break
        case .invalid: context.count(.invalidMessages)
        case .message(let frame):
            if case .query(let query) = frame.contents { hear(query, tag: frame.tag, context) }
        }
        return .forward
    }

    private mutating func hear(_ query: IGMPQuery, tag: VLANTag?, _ context: Context) {
        context.count(.queries)
        guard answers else { return context.count(.ignoredQueries) }
        if query.isGeneral || query.version != .version2 { version = query.version }
        let longest = Duration.milliseconds(query.maxResponseTime * 100)
        let margin = min(longest / 4, .milliseconds(200))
        if query.isGeneral {
            for number in memberships.indices { answer(number, within: longest - margin, tag, context) }
        } else if let number = numbers[query.groupAddress] {
            answer(number, within: longest - margin, tag, context)
        }
    }

    /// A pending answer that is due earlier stays (RFC 2236 §3, RFC 3376 §5.2).
    private mutating func answer(_ number: Int, within longest: Duration, _ tag: VLANTag?, _ context: Context) {
        let time = context.now + context.random.delay(upTo: longest)
        if let pending = memberships[number].pending, let due = context.deadline(of: pending) {
            if due <= time { return }
            context.cancel(pending)
        }
        memberships[number].pending = context.schedule(UInt64(number), at: time)
        memberships[number].tag = tag
    }

    // MARK: Reports

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        switch token {
        case Token.repeatJoin: reportAll(.changeToExcludeMode, context)
        case Token.report:
            reportAll(.modeIsExclude, context)
            scheduleReport(context)
        default:
            let number = Int(token)
            memberships[number].pending = nil
            context.count(.answers)
            send(memberships[number].group, .modeIsExclude, memberships[number].tag, context)
        }
    }

    private func reportAll(_ type: IGMPGroupRecordType, _ context: Context) {
        context.count(.unsolicitedReports, by: memberships.count)
        for membership in memberships { send(membership.group, type, tag, context) }
    }

    /// Only version 3 tells a change of state, which joining is, from a state (RFC 3376 §4.2.12).
    private func send(_ group: IPv4Address, _ type: IGMPGroupRecordType, _ tag: VLANTag?, _ context: Context) {
        let contents: IGMPContents =
            switch version {
            case .version1: .version1Report(group)
            case .version2: .version2Report(group)
            case .version3: .version3Report([IGMPGroupRecord(type: type, multicastAddress: group)])
            }
        let report = IGMPFrame(sourceHardwareAddress: mac, source: source, tag: tag, contents: contents)
        context.send(length: report.encodedLength, to: .reports) { _ = report.encode(into: &$0, at: 0) }
    }
}
