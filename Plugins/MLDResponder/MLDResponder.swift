import Weir
import WeirMembership
import WeirWire

/// `- mld-responder: { groups: [ff15::100] }` with `to: { reports: ID }`: a host's side of MLD (RFC 2710 §4, RFC 3810 §6).
///
/// For IPv6 what `igmp-responder` is for IPv4, with the same state machine.
public struct MLDResponder: ResponderStage {
    public static let kind = "mld-responder"
    public static let summary = "Answers MLD queries for its IPv6 groups after a random delay; or on a fixed timer."

    public typealias Configuration = ResponderConfiguration<IPv6Address>
    public typealias Frame = MLDFrame
    public typealias Output = ResponderOutput
    public typealias Drop = ResponderDrop
    public typealias Counter = ResponderCounter

    private var responder: Responder<MLDFrame>
    private let requiresRouterAlert: Bool

    public init(_ configuration: Configuration) throws {
        responder = try Responder(configuration)
        requiresRouterAlert = configuration.routerAlert == .required
    }

    public mutating func start(_ context: Context) { responder.start(context) }

    public mutating func timerFired(_ token: UInt64, _ context: Context) { responder.timerFired(token, context) }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        switch MLDReception(packet.bytes, requiresRouterAlert: requiresRouterAlert) {
        case .other: return .forward
        case .invalid(let fault):
            if let reason = Drop(fault) { return .drop(reason) }
            context.count(.unknownTypes)
        case .message(let frame):
            guard responder.isOnItsNetwork(frame.tag, context) else { break }
            if case .query(let query) = frame.contents {
                responder.hear(MembershipQuery(query), about: query.sources, context)
            }
            if case .version1Report(let group) = frame.contents {
                responder.hearReport(of: group, from: frame.sourceHardwareAddress, context)
            }
        }
        return .forward
    }
}
