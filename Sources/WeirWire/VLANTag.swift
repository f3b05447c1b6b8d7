// VLAN tags: IEEE 802.1Q §9.6 (customer tag, TPID 0x8100) and 802.1ad, now in 802.1Q §9.5 (service tag, 0x88a8).
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------------------------------+-----+-+-----------------------+
//    |             TPID              | PCP |D|          VID          |
//    +-------------------------------+-----+-+-----------------------+

/// A VLAN tag: four octets between the source address and the EtherType of a frame.
@frozen
public struct VLANTag: Hashable, Sendable {
    /// The number of octets of a tag.
    @inlinable public static var encodedLength: Int { 4 }

    /// The kind of the tag, `EtherType.vlan` or `EtherType.serviceVLAN` (802.1Q §9.5).
    public var tpid: EtherType
    /// Tag Control Information: priority, drop eligible indicator and identifier together (802.1Q §9.6).
    public var tci: UInt16

    /// The tag with the given Tag Control Information.
    @inlinable
    public init(tpid: EtherType = .vlan, tci: UInt16) {
        self.tpid = tpid
        self.tci = tci
    }

    /// The tag with the given fields; of `identifier` the low 12 bits count and of `priority` the low 3.
    @inlinable
    public init(tpid: EtherType = .vlan, priority: UInt8 = 0, dropEligible: Bool = false, identifier: UInt16) {
        let control = UInt16(priority & 7) << 13 | (dropEligible ? 0x1000 : 0)
        self.init(tpid: tpid, tci: control | identifier & 0xfff)
    }

    /// PCP, the Priority Code Point, 0 to 7 (802.1Q §6.9.3).
    @inlinable public var priority: UInt8 { UInt8(truncatingIfNeeded: tci >> 13) }
    /// DEI, the Drop Eligible Indicator (802.1Q §9.6).
    @inlinable public var dropEligible: Bool { tci & 0x1000 != 0 }
    /// VID, the VLAN Identifier, 0 to 4095; 0 is a tag that carries only a priority (802.1Q §9.6).
    @inlinable public var identifier: UInt16 { tci & 0xfff }
}

extension VLANTag: CustomStringConvertible {
    public var description: String {
        "\(tpid) \(identifier) priority \(priority)" + (dropEligible ? " drop-eligible" : "")
    }
}

extension RawSpan {
    /// The VLAN tag at `offset`, all zeros when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func vlanTag(at offset: Int) -> VLANTag {
        let tag = uint32(at: offset)
        let tpid = EtherType(rawValue: UInt16(truncatingIfNeeded: tag >> 16))
        return VLANTag(tpid: tpid, tci: UInt16(truncatingIfNeeded: tag))
    }
}

extension MutableRawSpan {
    /// Stores a VLAN tag at `offset`, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ tag: VLANTag, at offset: Int) {
        store(UInt32(tag.tpid.rawValue) << 16 | UInt32(tag.tci), at: offset)
    }
}
