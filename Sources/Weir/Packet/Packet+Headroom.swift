extension Packet {
    /// Takes `count` octets off the front, on the wire too; they become headroom. Takes all there are at most. O(1).
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func trimFront(_ count: Int) {
        frame.dropFirst(Swift.min(Swift.max(count, 0), length))
    }

    /// Opens `count` octets at the front, whose content is not set; copies the frame when its headroom is too small or
    /// others hold it.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func extendFront(_ count: Int) {
        guard count > 0, count <= 0xffff else { return }
        if frame.share != 0 || frame.headroom < count { makeUnique(headroom: count) }
        frame.openFirst(count)
    }

    /// Cuts the packet to `length` octets, on the wire too; nothing when it is not longer.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func truncate(to length: Int) {
        guard length >= 0, length < self.length else { return }
        frame.set(length: length, wireLength: length)
    }
}
