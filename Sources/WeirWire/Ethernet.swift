// Ethernet II frames: IEEE 802.3 §3.1, with VLAN tags as in 802.1Q §9.
//
//    +-----------+-----------+-----------------+-----------+-----------
//    |Destination|  Source   | tags, 4 octets  | EtherType |  payload
//    | 6 octets  | 6 octets  | each, if any    | 2 octets  |
//    +-----------+-----------+-----------------+-----------+-----------

/// A view of an Ethernet frame, from its destination address to its last octet; the frame check sequence is not seen.
///
/// It looks through up to four VLAN tags. Whatever follows the fourth is payload, with its EtherType.
@frozen
public struct EthernetFrame: ~Escapable {
    /// The offsets of the fields that do not depend on tags, from the first octet of the frame.
    public enum Field {
        /// Destination address.
        @inlinable public static var destination: Int { 0 }
        /// Source address.
        @inlinable public static var source: Int { 6 }
        /// The first tag, or else the EtherType.
        @inlinable public static var typeOrTag: Int { 12 }
    }

    /// The octets of an untagged header.
    @inlinable public static var minimumHeaderLength: Int { 14 }
    /// The number of tags that the view looks through.
    @inlinable public static var maximumTagCount: Int { 4 }

    /// The octets of the frame.
    public let bytes: RawSpan
    /// The number of octets before the payload: 14, and 4 for each tag.
    public let payloadOffset: Int
    /// The EtherType behind all tags (802.3 §3.2.6).
    public let etherType: EtherType

    /// The frame in `bytes`, nil when they end before the EtherType.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumHeaderLength else { return nil }
        let type = EtherType(rawValue: bytes.uint16(at: Field.typeOrTag))
        guard let end = type.isVLANTag ? Self.endOfTags(bytes) : (Self.minimumHeaderLength, type) else { return nil }
        self.bytes = bytes
        (payloadOffset, etherType) = end
    }

    /// Where the payload of a tagged frame begins, and the EtherType before it; nil when the frame ends before that.
    ///
    /// Apart from the initializer, so that what untagged frames run through stays short.
    @inlinable
    @inline(never)
    static func endOfTags(_ bytes: RawSpan) -> (payloadOffset: Int, etherType: EtherType)? {
        var offset = Field.typeOrTag
        for tagCount in 0...maximumTagCount {
            guard bytes.holds(2, at: offset) else { return nil }
            let type = EtherType(rawValue: bytes.uint16(at: offset))
            if tagCount == maximumTagCount || !type.isVLANTag { return (offset &+ 2, type) }
            offset &+= VLANTag.encodedLength
        }
        return nil
    }

    /// Where the frame goes (802.3 §3.2.4).
    @inlinable public var destination: MACAddress { bytes.macAddress(at: Field.destination) }
    /// Where the frame comes from (802.3 §3.2.5).
    @inlinable public var source: MACAddress { bytes.macAddress(at: Field.source) }

    /// The number of tags that were looked through, 0 to 4.
    @inlinable public var tagCount: Int { (payloadOffset &- Self.minimumHeaderLength) / VLANTag.encodedLength }
    /// The first tag, the service tag of a frame with two (802.1Q §9.5).
    @inlinable public var outerTag: VLANTag? { tag(at: 0) }
    /// The second tag, the customer tag of a frame with two (802.1Q §9.5).
    @inlinable public var innerTag: VLANTag? { tag(at: 1) }
    /// The tag with the given number, from 0 for the outermost, nil when there are not as many.
    @inlinable
    public func tag(at index: Int) -> VLANTag? {
        guard index >= 0, index < tagCount else { return nil }
        return bytes.vlanTag(at: Field.typeOrTag &+ index &* VLANTag.encodedLength)
    }

    /// What follows the EtherType; where that is a length, as many octets (802.3 §3.2.6), otherwise padding included.
    @inlinable
    @inline(__always)
    public var payload: RawSpan {
        @_lifetime(copy self)
        get {
            let count = bytes.byteCount &- payloadOffset
            return bytes.octets(
                from: payloadOffset, count: etherType.isLength ? min(count, Int(etherType.rawValue)) : count)
        }
    }
}

/// The header of an Ethernet frame with up to two tags, to be sent.
@frozen
public struct EthernetHeader: Hashable, WireEncodable {
    /// The octets of the shortest frame without its frame check sequence; shorter ones are padded (802.3 §4.4.2).
    @inlinable public static var minimumFrameLength: Int { 60 }

    /// Where the frame goes.
    public var destination: MACAddress
    /// Where the frame comes from.
    public var source: MACAddress
    /// The first tag.
    public var outerTag: VLANTag?
    /// The second tag, or the only one.
    public var innerTag: VLANTag?
    /// What the payload is.
    public var etherType: EtherType

    /// The header with the given fields.
    @inlinable
    public init(
        destination: MACAddress, source: MACAddress, outerTag: VLANTag? = nil, innerTag: VLANTag? = nil,
        etherType: EtherType
    ) {
        self.destination = destination
        self.source = source
        self.outerTag = outerTag
        self.innerTag = innerTag
        self.etherType = etherType
    }

    @inlinable public var encodedLength: Int {
        EthernetFrame.minimumHeaderLength
            + (outerTag == nil ? 0 : VLANTag.encodedLength) + (innerTag == nil ? 0 : VLANTag.encodedLength)
    }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard span.holds(encodedLength, at: offset) else { return 0 }
        span.store(destination, at: offset &+ EthernetFrame.Field.destination)
        span.store(source, at: offset &+ EthernetFrame.Field.source)
        var next = offset &+ EthernetFrame.Field.typeOrTag
        if let outerTag {
            span.store(outerTag, at: next)
            next &+= VLANTag.encodedLength
        }
        if let innerTag {
            span.store(innerTag, at: next)
            next &+= VLANTag.encodedLength
        }
        span.store(etherType.rawValue, at: next)
        return encodedLength
    }
}
