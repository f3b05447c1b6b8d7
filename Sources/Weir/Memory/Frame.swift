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
    /// When the packet was captured or made, in nanoseconds since the epoch of the clock.
    @usableFromInline var timestamp: UInt64
    /// Captured length in the low 32 bits, length on the wire in the high 32, in octets.
    @usableFromInline var lengths: UInt64
    /// From the low bits: block, share, headroom, sequence, 16 bits each.
    @usableFromInline var place: UInt64

    @inlinable
    init(
        start: UnsafeMutableRawPointer, length: Int, wireLength: Int, timestamp: UInt64, block: UInt16, headroom: Int,
        sequence: UInt16
    ) {
        unsafe self.start = start
        self.timestamp = timestamp
        self.lengths = UInt64(truncatingIfNeeded: length) | UInt64(truncatingIfNeeded: wireLength) &<< 32
        self.place =
            UInt64(block) | UInt64(truncatingIfNeeded: headroom) &<< 32 | UInt64(truncatingIfNeeded: sequence) &<< 48
    }

    @inlinable var length: Int { Int(truncatingIfNeeded: lengths & 0xffff_ffff) }
    @inlinable var wireLength: Int { Int(truncatingIfNeeded: lengths &>> 32) }
    @inlinable var block: Int { Int(truncatingIfNeeded: place & 0xffff) }
    /// 0 for a frame with one holder, else its row in the arena's table of shares.
    @inlinable var share: Int { Int(truncatingIfNeeded: place &>> 16 & 0xffff) }
    /// Octets before `start` that belong to this frame.
    @inlinable var headroom: Int { Int(truncatingIfNeeded: place &>> 32 & 0xffff) }
    /// Where the frame stands among those that the source listed with it; joins merge by it.
    @inlinable var sequence: UInt16 { UInt16(truncatingIfNeeded: place &>> 48) }

    /// Block and share together: equal for frames that one subtraction can release.
    @inlinable var residence: UInt64 { place & 0xffff_ffff }

    @inlinable
    mutating func set(share: Int) {
        place = place & ~0xffff_0000 | UInt64(truncatingIfNeeded: share) &<< 16
    }

    @inlinable
    mutating func set(sequence: UInt16) {
        place = place & 0x0000_ffff_ffff_ffff | UInt64(sequence) &<< 48
    }

    /// Moves the first octet by `count`: forward takes octets away, backward opens headroom.
    @inlinable
    mutating func moveStart(by count: Int) {
        unsafe start += count
        lengths = lengths &- UInt64(bitPattern: Int64(count)) &* 0x1_0000_0001
        place = place &+ UInt64(bitPattern: Int64(count)) &<< 32
    }
}

extension Frame {
    @inlinable
    mutating func set(length: Int, wireLength: Int) {
        lengths = UInt64(truncatingIfNeeded: length) | UInt64(truncatingIfNeeded: wireLength) &<< 32
    }

    /// `moveStart` for moves that the 16 bits of headroom cannot hold: the headroom is given up.
    @usableFromInline
    func movingStartFar(by count: Int) -> Frame {
        var frame = self
        unsafe frame.start += count
        frame.set(length: length &- count, wireLength: wireLength &- count)
        frame.place &= 0xffff_0000_ffff_ffff
        return frame
    }
}
