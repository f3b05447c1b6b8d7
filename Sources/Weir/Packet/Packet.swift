// One of the files with unsafe code: here a frame's pointer becomes a span that the compiler ties to the packet.

/// A frame as a stage is handed it: its octets, bounded, and what is known about it.
///
/// A packet cannot be copied and cannot outlive the call it was handed to. Reading and writing exclude each other: a
/// span that is still in scope keeps the packet borrowed. So read in an expression, or in a function that takes the
/// span and returns plain values, and then write:
///
///     let header = EthernetFrame(packet.bytes)?.destination
///     packet.store(cluster, at: 0)
@frozen
@safe
public struct Packet: ~Copyable, ~Escapable {
    /// The frame in its batch. In place, since a copy that some function takes the address of, and be it on a path never
    /// taken, is stored to the stack and loaded from there for every packet.
    @usableFromInline let frame: UnsafeMutablePointer<Frame>
    @usableFromInline let arena: Unmanaged<Arena>

    @inlinable
    @_lifetime(immortal)
    init(_ frame: UnsafeMutablePointer<Frame>, _ arena: Unmanaged<Arena>) {
        unsafe self.frame = unsafe frame
        unsafe self.arena = unsafe arena
    }

    /// Captured octets.
    @inlinable public var length: Int { unsafe frame.pointee.length }

    /// Octets that the frame had on the wire: `length`, or more when the capture cut it.
    @inlinable public var wireLength: Int { unsafe frame.pointee.wireLength }

    /// When the frame was captured or made.
    @inlinable public var timestamp: Instant { Instant(nanoseconds: unsafe frame.pointee.timestamp) }

    /// The captured octets, for reading.
    @inlinable
    public var bytes: RawSpan {
        @inline(__always)
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: frame.pointee.start, byteCount: frame.pointee.length)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The captured octets, for writing. A frame that others hold too is copied first.
    @inlinable
    public var mutableBytes: MutableRawSpan {
        @inline(__always)
        @_lifetime(&self)
        mutating get {
            if unsafe frame.pointee.share != 0 { makeUnique(headroom: 0) }
            let span = unsafe MutableRawSpan(_unsafeStart: frame.pointee.start, byteCount: frame.pointee.length)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func makeUnique(headroom: Int) {
        unsafe arena._withUnsafeGuaranteedRef { [frame] in unsafe $0.makeUnique(&frame.pointee, headroom: headroom) }
    }
}
