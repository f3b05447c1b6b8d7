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
        guard length >= 12 else { return }
        let destination = bytes.uint64(at: 0)
        let rest = bytes.uint32(at: 8)
        extendFront(4)
        storeAddresses(destination, rest)
        store(tag, at: 12)
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
