/// Why a message about group membership, of IGMP or MLD, must be ignored.
///
/// A message with several faults has the first of them, in this order; one of fewer than eight octets, which may be too
/// short for a checksum, has `length` in place of `checksum`.
public enum MembershipFault: Error, Hashable, Sendable, CaseIterable {
    /// The IP header has a wrong version, length or checksum, or the packet ends before its length says.
    case malformedHeader
    /// The packet is a fragment: what has to stay on its link needs none.
    case fragment
    /// The message does not sum up with its checksum (RFC 3376 §4.1.2, RFC 3810 §5.1.2).
    case checksum
    /// The message has a length that no message of its type has (RFC 3376 §7.1, RFC 3810 §8.1), or ends before the
    /// sources or records that it declares.
    case length
    /// The type is none of IGMP's (RFC 3376 §4). MLD has no such fault: ICMPv6 of other types is not MLD.
    case unknownType
    /// The group of a query is neither unspecified nor multicast, or a query names sources without a group, or what a
    /// report or leave is about is no group.
    case group
    /// IGMP: the source of a query is multicast, limited broadcast or loopback. MLD: the source of a query is not
    /// link-local (RFC 3810 §5.1.14), that of a report or done neither link-local nor :: (RFC 3590 §4).
    case source
    /// A general query goes elsewhere than to all systems or nodes, or a specific one elsewhere than to its group
    /// (RFC 3376 §4.1.12, RFC 3810 §5.1.15).
    case destination
    /// TTL or hop limit is not 1 (RFC 3376 §4, RFC 3810 §5).
    case hopLimit
    /// Router Alert with value 0 is missing where it is required (RFC 3376 §9.1, RFC 3810 §6.2 and §7.4).
    case routerAlert
}
