// One of the files with unsafe code: a frame is a pointer into a block and four words about it. Stages never see this
// type; they see `Packet` and `Batch`, which bound every access by the frame's length.

/// One packet's octets in the arena plus its metadata: 32 octets, copied as four words.
///
/// A frame is a reference: whoever holds it owes the arena one `release`. The engine keeps that account.
@frozen
@safe
public struct Frame {
    /// The first octet of the packet, inside the block.
    @usableFromInline var start: UnsafeMutableRawPointer
    /// Captured length in the lower half, length on the wire in the upper one, in octets: as in a capture's records, and
    /// one register for both.
    @usableFromInline var lengths: UInt64
    /// When the packet was captured or made, in nanoseconds since the epoch of the clock.
    @usableFromInline var timestamp: UInt64
    /// From the low bits: block, share, sequence, headroom, 16 bits each. The headroom is at the top, so that adding to
    /// it tells by overflow when it no longer fits.
    @usableFromInline var place: UInt64

    @inlinable
    init(
        start: UnsafeMutableRawPointer, length: Int, wireLength: Int, timestamp: UInt64, block: UInt16, headroom: Int,
        sequence: UInt16
    ) {
        unsafe self.start = start
        lengths = Frame.lengths(length, wireLength)
        self.timestamp = timestamp
        self.place =
            UInt64(block) | UInt64(truncatingIfNeeded: sequence) &<< 32 | UInt64(truncatingIfNeeded: headroom) &<< 48
    }

    /// A frame of a source: the lengths as one word, the one on the wire in the upper half.
    @inlinable
    init(start: UnsafeMutableRawPointer, lengths: UInt64, timestamp: UInt64, place: UInt64) {
        unsafe self.start = start
        self.lengths = lengths
        self.timestamp = timestamp
        self.place = place
    }

    /// Two lengths as one word. Each fits into 32 bits: frames lie in blocks, and wire lengths come from such fields.
    @inlinable
    static func lengths(_ captured: Int, _ onWire: Int) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: captured)) | UInt64(truncatingIfNeeded: onWire) &<< 32
    }

    @inlinable var length: Int { Int(truncatingIfNeeded: lengths & 0xffff_ffff) }
    @inlinable var wireLength: Int { Int(truncatingIfNeeded: lengths &>> 32) }
    @inlinable var block: Int { Int(truncatingIfNeeded: place & 0xffff) }
    /// 0 for a frame with one holder, else its row in the arena's table of shares.
    @inlinable var share: Int { Int(truncatingIfNeeded: place &>> 16 & 0xffff) }
    /// Octets before `start` that belong to this frame.
    @inlinable var headroom: Int { Int(truncatingIfNeeded: place &>> 48) }
    /// Where the frame stands among those that the source listed with it; joins merge by it.
    @inlinable var sequence: UInt16 { UInt16(truncatingIfNeeded: place &>> 32) }

    /// Block and share together: equal for frames that one subtraction can release.
    @inlinable var residence: UInt64 { place & 0xffff_ffff }

    @inlinable
    mutating func set(share: Int) {
        place = place & ~0xffff_0000 | UInt64(truncatingIfNeeded: share) &<< 16
    }

    @inlinable
    mutating func set(sequence: UInt16) {
        place = place & 0xffff_0000_ffff_ffff | UInt64(sequence) &<< 32
    }

    /// Takes `count` octets, at most `length`, off the front. They become headroom, unless its 16 bits cannot hold that
    /// many: then all headroom is given up.
    @inlinable
    @inline(__always)
    mutating func dropFirst(_ count: Int) {
        let (moved, overflow) = place.addingReportingOverflow(UInt64(truncatingIfNeeded: count) &<< 48)
        if _fastPath(!overflow && count <= 0xffff) { place = moved } else { place &= 0xffff_ffff_ffff }
        moveStart(by: count)
    }

    /// Opens `count` octets at the front, at most `headroom`.
    @inlinable
    @inline(__always)
    mutating func openFirst(_ count: Int) {
        place = place &- UInt64(truncatingIfNeeded: count) &<< 48
        moveStart(by: -count)
    }

    @inlinable
    @inline(__always)
    mutating func moveStart(by count: Int) {
        unsafe start += count
        // Neither half borrows from the other: the captured length, the smaller one, is at least `count`; what is added
        // to both stays far below 32 bits.
        lengths &-= UInt64(bitPattern: Int64(count)) &* 0x1_0000_0001
    }

    @inlinable
    mutating func set(length: Int, wireLength: Int) {
        lengths = Frame.lengths(length, wireLength)
    }
}
