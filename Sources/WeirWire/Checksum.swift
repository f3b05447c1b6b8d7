// The Internet checksum: RFC 1071 (computing it), RFC 1624 (updating it), and the pseudo headers of RFC 768 and
// RFC 8200 §8.1 that UDP, TCP and ICMPv6 sum with their own octets.

/// The Internet checksum of `octets`: the complement of the one's complement sum of its 16-bit words (RFC 1071 §1).
///
/// An odd last octet counts as if a zero octet followed. Octets that carry their own correct checksum sum up to 0.
/// - Parameter initial: a sum to begin with, for instance that of a pseudo header.
@inlinable
public func internetChecksum(of octets: RawSpan, initial: UInt32 = 0) -> UInt16 {
    var sum = UInt64(initial)
    var offset = 0
    // A sum of 32-bit halves has room for 2^32 of them.
    let whole = octets.byteCount & ~7
    while offset < whole {
        sum &+= halvesAdded(octets.uint64(at: offset))
        offset &+= 8
    }
    if offset < octets.byteCount {
        while octets.holds(2, at: offset) {
            sum &+= UInt64(octets.uint16(at: offset))
            offset &+= 2
        }
        // Behind an even length this is outside, and 0.
        sum &+= UInt64(octets.uint8(at: offset)) << 8
    }
    return ~foldedSum(sum)
}

/// The sum of the two halves of eight octets: the carries out of their 16-bit words stay in the upper half.
@inlinable
@inline(__always)
func halvesAdded(_ octets: UInt64) -> UInt64 { (octets >> 32) &+ (octets & 0xffff_ffff) }

/// A one's complement sum folded into 16 bits: the carries out of each half are added back (RFC 1071 §2).
@inlinable
@inline(__always)
func foldedSum(_ sum: UInt64) -> UInt16 {
    var folded = halvesAdded(sum)
    folded = (folded >> 16) &+ (folded & 0xffff)
    folded = (folded >> 16) &+ (folded & 0xffff)
    folded = (folded >> 16) &+ (folded & 0xffff)
    return UInt16(truncatingIfNeeded: folded)
}

/// The checksum after one 16-bit word changed, HC' = ~(~HC + ~m + m') (RFC 1624 §3, equation 3).
///
/// A UDP checksum of 0 means that there is none: do not update it, and store 0xffff for a result of 0.
@inlinable
public func updateChecksum(_ checksum: UInt16, replacing old: UInt16, with new: UInt16) -> UInt16 {
    // Above both words are 16 zero bits, and replacing 0 by 0 changes nothing.
    updateChecksum(checksum, replacing: UInt32(old), with: UInt32(new))
}

/// The checksum after one 32-bit word at an even offset changed, an address for instance (RFC 1624 §3, equation 3).
@inlinable
public func updateChecksum(_ checksum: UInt16, replacing old: UInt32, with new: UInt32) -> UInt16 {
    ~foldedSum(UInt64(~checksum) &+ UInt64(~old) &+ UInt64(new))
}

/// What a transport checksum sums besides the octets of the transport itself: both addresses, the protocol and the
/// length (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1).
@frozen
public struct PseudoHeader: Hashable, Sendable {
    /// The sum of both addresses, not yet folded.
    @usableFromInline let addressSum: UInt32

    /// The pseudo header of an IPv4 packet.
    @inlinable
    public init(source: IPv4Address, destination: IPv4Address) {
        addressSum = UInt32(foldedSum(UInt64(source.rawValue) &+ UInt64(destination.rawValue)))
    }

    /// The pseudo header of an IPv6 packet; with a routing header, `destination` is the final one (RFC 8200 §8.1).
    @inlinable
    public init(source: IPv6Address, destination: IPv6Address) {
        addressSum =
            UInt32(foldedSum(source.high)) &+ UInt32(foldedSum(source.low))
            &+ UInt32(foldedSum(destination.high)) &+ UInt32(foldedSum(destination.low))
    }

    /// The sum to begin with, for a transport header and payload of `length` octets.
    @inlinable
    public func sum(protocol number: IPProtocol, length: Int) -> UInt32 {
        addressSum &+ UInt32(number.rawValue)
            &+ UInt32(foldedSum(UInt64(truncatingIfNeeded: length) & 0xffff_ffff))
    }

    /// Whether `octets`, a transport header and its payload, sum up with this pseudo header and their checksum.
    @inlinable
    func verifies(_ octets: RawSpan, protocol number: IPProtocol) -> Bool {
        internetChecksum(of: octets, initial: sum(protocol: number, length: octets.byteCount)) == 0
    }
}

extension MutableRawSpan {
    /// Computes the Internet checksum of `length` octets from `offset`, with the checksum field at `field` taken as 0,
    /// and stores it there. Everything else that it covers must have been written before.
    /// - Returns: the checksum.
    @inlinable
    @discardableResult
    @_lifetime(self: copy self)
    mutating func storeChecksum(at field: Int, from offset: Int, length: Int, initial: UInt32 = 0) -> UInt16 {
        store(UInt16(0), at: field)
        let checksum = internetChecksum(of: bytes.octets(from: offset, count: length), initial: initial)
        store(checksum, at: field)
        return checksum
    }
}
