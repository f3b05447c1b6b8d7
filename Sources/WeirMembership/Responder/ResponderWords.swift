import Weir
import WeirWire

/// Why `igmp-responder` and `mld-responder` drop a message: a host must ignore it (RFC 2236 §6, RFC 3376 §4, RFC 3810 §6).
public enum ResponderDrop: String, StageWord {
    case malformedHeader = "the IP header of a membership message, or one of its lengths, is wrong or cut off"
    case fragment = "the membership message is a fragment"
    case badChecksum = "the checksum of a membership message is wrong"
    case badLength = "no membership message of its type has this length"
    case badGroup = "the message is about an address that is no group, or about sources without a group"
    case badSource = "the sender's address is one that no querier or host has"
    case badDestination = "the query went neither to all hosts nor to its group"
    case badHopLimit = "the TTL or hop limit is not 1, so the message may come from another network"
    case noRouterAlert = "the Router Alert option is missing, and `router-alert` is `required`"

    /// Nil for a message of unknown type, which others may know.
    @inlinable
    public init?(_ fault: MembershipFault) {
        switch fault {
        case .malformedHeader: self = .malformedHeader
        case .fragment: self = .fragment
        case .checksum: self = .badChecksum
        case .length: self = .badLength
        case .unknownType: return nil
        case .group: self = .badGroup
        case .source: self = .badSource
        case .destination: self = .badDestination
        case .hopLimit: self = .badHopLimit
        case .routerAlert: self = .noRouterAlert
        }
    }
}

/// What `igmp-responder` and `mld-responder` count.
public enum ResponderCounter: String, StageWord {
    case queries = "valid queries that came in"
    case ignoredQueries = "queries left unanswered since `answer` is `never`"
    case answers = "reports in answer to a query"
    case unsolicitedReports = "reports and leaves that nobody asked for: on a change, and on the fixed timer"
    case heardReports = "reports of other hosts"
    case otherNetworks = "membership messages with the tag of another VLAN, which don't count"
    case unknownTypes = "membership messages of a type that is not known, which pass"
    case versionChanges = "times that another version was spoken from then on"
}
