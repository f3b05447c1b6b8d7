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
    /// The frame, by value: it stays in registers while a stage judges it, and is stored once, where the batch keeps it.
    /// Functions that aren't inlined are given a copy, since one whose address is taken, and be it on a path that is never
    /// taken, lives in memory for the whole loop.
    @usableFromInline var frame: Frame
    @usableFromInline let arena: Unmanaged<Arena>

    @inlinable
    @inline(__always)
    @_lifetime(immortal)
    init(_ frame: Frame, _ arena: Unmanaged<Arena>) {
        self.frame = frame
        unsafe self.arena = unsafe arena
    }

    /// Captured octets.
    @inlinable public var length: Int { frame.length }

    /// Octets that the frame had on the wire: `length`, or more when the capture cut it.
    @inlinable public var wireLength: Int { frame.wireLength }

    /// When the frame was captured or made.
    @inlinable public var timestamp: Instant { Instant(nanoseconds: frame.timestamp) }

    /// The captured octets, for reading.
    @inlinable
    public var bytes: RawSpan {
        @inline(__always)
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: frame.start, byteCount: frame.length)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The captured octets, for writing. A frame that others hold too is copied first.
    @inlinable
    public var mutableBytes: MutableRawSpan {
        @inline(__always)
        @_lifetime(&self)
        mutating get {
            if frame.share != 0 { makeUnique(headroom: 0) }
            let span = unsafe MutableRawSpan(_unsafeStart: frame.start, byteCount: frame.length)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func makeUnique(headroom: Int) {
        frame = unsafe arena._withUnsafeGuaranteedRef { [frame] in $0.unique(frame, headroom: headroom) }
    }
}
