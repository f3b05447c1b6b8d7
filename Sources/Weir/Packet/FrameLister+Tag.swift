// One of the files with unsafe code: a tag goes back into a frame's octets, in headroom that was checked to be there.

import WeirWire

extension FrameLister {
    /// Lists the frame of `length` octets at `offset` in the block together with a VLAN tag that was put aside, as a
    /// network card or a kernel does: the tag is put back behind the two addresses (IEEE 802.1Q §9.4), so that stages see
    /// the frame as it was on the wire.
    ///
    /// The addresses move by four octets into the `headroom`, and what is listed is longer by as much, on the wire too:
    /// `length` and `wireLength` don't count the tag. Spans of the block that were taken before show the change. A frame
    /// that was cut before the end of its addresses has no place for a tag, and is listed without.
    ///
    /// False, and nothing listed or changed, when the batch is full, the frame isn't inside the block, or the headroom has
    /// less than four octets.
    @inlinable
    @discardableResult
    public mutating func list(
        at offset: Int, length: Int, wireLength: Int, timestamp: Instant, headroom: Int, tag: VLANTag
    ) -> Bool {
        let (addresses, added) = (EthernetFrame.Field.typeOrTag, VLANTag.encodedLength)
        guard !isFull, headroom >= added, headroom <= offset, length >= 0, length <= Arena.blockSize &- offset else {
            return false
        }
        guard length >= addresses else {
            return list(at: offset, length: length, wireLength: wireLength, timestamp: timestamp, headroom: headroom)
        }
        let start = unsafe blockStart + (offset &- added)
        // copyMemory allows the two regions to overlap.
        unsafe start.copyMemory(from: start + added, byteCount: addresses)
        let octets = UInt32(tag.tpid.rawValue) &<< 16 | UInt32(tag.tci)
        unsafe start.storeBytes(of: octets.bigEndian, toByteOffset: addresses, as: UInt32.self)
        return list(
            at: offset &- added, length: length &+ added, wireLength: max(wireLength, length) &+ added,
            timestamp: timestamp, headroom: headroom &- added)
    }
}
