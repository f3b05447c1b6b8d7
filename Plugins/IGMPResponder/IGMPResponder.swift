import Weir
import WeirMembership
import WeirWire

/// `- igmp-responder: { groups: [239.255.0.100] }` with `to: { reports: ID }`: a host's side of IGMP (RFC 1112 App. I,
/// RFC 2236 §3, RFC 3376 §5, RFC 9776 §5).
///
/// The stage stands in for a host that is a member of groups. It passes on whatever comes in, except for messages that a
/// host must ignore, and sends reports by its output `reports`. What it says and when is `MembershipHost`'s to decide.
public struct IGMPResponder: ResponderStage {
    public static let kind = "igmp-responder"
    public static let summary = "Answers IGMP queries for its groups after a random delay; or reports on a fixed timer."

    public typealias Configuration = ResponderConfiguration<IPv4Address>
    public typealias Frame = IGMPFrame
    public typealias Output = ResponderOutput
    public typealias Drop = ResponderDrop
    public typealias Counter = ResponderCounter

    private var responder: Responder<IGMPFrame>
    private let requiresRouterAlert: Bool

    public init(_ configuration: Configuration) throws {
        responder = try Responder(configuration)
        requiresRouterAlert = configuration.routerAlert == .required
    }

    public mutating func start(_ context: Context) { responder.start(context) }

    public mutating func timerFired(_ token: UInt64, _ context: Context) { responder.timerFired(token, context) }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        IGMPReception.isIGMP(packet.bytes) ? receive(packet.bytes, context) : .forward
    }

    private mutating func receive(_ bytes: RawSpan, _ context: Context) -> Verdict {
        do throws(MembershipFault) {
            try hear(ReceivedIGMP(bytes), context)
        } catch {
            if let reason = Drop(error) { return .drop(reason) }
            context.count(.unknownTypes)
        }
        return .forward
    }

    private mutating func hear(_ received: ReceivedIGMP, _ context: Context) throws(MembershipFault) {
        let tag = received.frame.outerTag
        if received.message.type == .membershipQuery {
            let head = try received.queryHead(requiresRouterAlert: requiresRouterAlert)
            guard responder.isOnItsNetwork(tag, context) else { return }
            guard head.version == .version3 else { return responder.hear(MembershipQuery(head), context) }
            let query = try IGMPQuery(received.message)
            responder.hear(MembershipQuery(head, query), about: query.sources, context)
            return
        }
        switch try received.contents(requiresRouterAlert: requiresRouterAlert) {
        case .version1Report(let group), .version2Report(let group):
            guard responder.isOnItsNetwork(tag, context) else { return }
            responder.hearReport(of: group, from: received.frame.source, context)
        // A version 3 report is no reason to keep silent (RFC 3376 §7.2.2).
        case .query, .leave, .version3Report: _ = responder.isOnItsNetwork(tag, context)
        }
    }
}
