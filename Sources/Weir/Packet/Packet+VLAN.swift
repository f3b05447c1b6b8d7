import WeirWire

extension Packet {
    /// Takes the outermost tag off: the two addresses move up by its four octets. Nothing happens to a packet too short
    /// to have one (IEEE 802.1Q).
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func popVLANTag() {
        guard length >= 18 else { return }
        let destination = bytes.uint64(at: 0)
        let rest = bytes.uint32(at: 8)
        trimFront(4)
        storeAddresses(destination, rest)
    }

    /// Puts a tag in front of the EtherType or of the tags that are there. Nothing happens to a packet without addresses.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func pushVLANTag(_ tag: VLANTag) {
        frame = unsafe Self.pushing(tag, onto: frame, arena)
    }

    /// A function of its own, since it is long: in the loop of a stage that pushes few tags, or none, it would take the
    /// registers from the rest.
    @usableFromInline
    @inline(never)
    static func pushing(_ tag: VLANTag, onto frame: Frame, _ arena: Unmanaged<Arena>) -> Frame {
        guard frame.length >= 12 else { return frame }
        var packet = unsafe Packet(frame, arena)
        let destination = packet.bytes.uint64(at: 0)
        let rest = packet.bytes.uint32(at: 8)
        packet.extendFront(4)
        packet.storeAddresses(destination, rest)
        packet.store(tag, at: 12)
        return packet.frame
    }

    /// The twelve octets of both addresses, as eight and four.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func storeAddresses(_ first: UInt64, _ rest: UInt32) {
        var bytes = mutableBytes
        bytes.store(first, at: 0)
        bytes.store(rest, at: 8)
    }
}
