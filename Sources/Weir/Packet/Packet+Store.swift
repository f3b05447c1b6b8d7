import WeirWire

// One-line writes, so that a stage need not name the span: `packet.store(address, at: 0)`. Like every store of a span
// they are in network byte order and ignored where they would not lie entirely inside the packet.
extension Packet {
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ octet: UInt8, at offset: Int) {
        var bytes = mutableBytes
        bytes.store(octet, at: offset)
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt16, at offset: Int) {
        var bytes = mutableBytes
        bytes.store(value, at: offset)
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt32, at offset: Int) {
        var bytes = mutableBytes
        bytes.store(value, at: offset)
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ address: MACAddress, at offset: Int) {
        var bytes = mutableBytes
        bytes.store(address, at: offset)
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ tag: VLANTag, at offset: Int) {
        var bytes = mutableBytes
        bytes.store(tag, at: offset)
    }
}
