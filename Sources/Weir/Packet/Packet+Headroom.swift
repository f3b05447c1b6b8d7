extension Packet {
    /// Takes `count` octets off the front, on the wire too; they become headroom. Takes all there are at most. O(1).
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func trimFront(_ count: Int) {
        let count = Swift.min(Swift.max(count, 0), frame.length)
        if frame.headroom &+ count > 0xffff {
            frame = frame.movingStartFar(by: count)
        } else {
            frame.moveStart(by: count)
        }
    }

    /// Opens `count` octets at the front, whose content is not set; copies the frame when its headroom is too small or
    /// others hold it.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func extendFront(_ count: Int) {
        guard count > 0, count <= 0xffff else { return }
        if frame.share != 0 || frame.headroom < count { makeUnique(headroom: count) }
        frame.moveStart(by: -count)
    }

    /// Cuts the packet to `length` octets, on the wire too; nothing when it is not longer.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func truncate(to length: Int) {
        guard length >= 0, length < frame.length else { return }
        frame.set(length: length, wireLength: length)
    }
}
