import Testing
import WeirWire

@Suite struct OctetsTests {
    static let eight: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]

    @Test func loadsAreInNetworkOrder() {
        reading(Self.eight) { bytes in
            #expect(bytes.uint8(at: 1) == 0x23)
            #expect(bytes.uint16(at: 1) == 0x2345)
            #expect(bytes.uint32(at: 1) == 0x2345_6789)
            #expect(bytes.uint64(at: 0) == 0x0123_4567_89ab_cdef)
        }
    }

    @Test(arguments: [-1, -8, Int.min, Int.min + 3, Int.max, Int.max - 1, Int.max - 7, 8, 9, 1 << 62])
    func loadsOutsideReadZero(offset: Int) {
        reading(Self.eight) { bytes in
            #expect(bytes.uint8(at: offset) == 0)
            #expect(bytes.uint16(at: offset) == 0)
            #expect(bytes.uint32(at: offset) == 0)
            #expect(bytes.uint64(at: offset) == 0)
            #expect(bytes.macAddress(at: offset) == MACAddress(rawValue: 0))
            #expect(bytes.ipv6Address(at: offset) == .unspecified)
            #expect(bytes.octets(from: offset, count: 1).byteCount == 0)
            #expect(bytes.octets(from: offset, count: Int.max).byteCount == 0)
            #expect(bytes.octets(from: offset, count: Int.min).byteCount == 0)
            #expect(bytes.octets(from: offset).byteCount == 0)
        }
    }

    @Test func loadsAcrossTheEndReadZero() {
        reading(Self.eight) { bytes in
            #expect(bytes.uint16(at: 7) == 0)
            #expect(bytes.uint32(at: 5) == 0)
            #expect(bytes.uint64(at: 1) == 0)
            #expect(bytes.macAddress(at: 3) == MACAddress(rawValue: 0))
        }
    }

    @Test func loadsOfAnEmptySpanReadZero() {
        reading([]) { bytes in
            #expect(bytes.uint8(at: 0) == 0)
            #expect(bytes.uint64(at: 0) == 0)
            #expect(bytes.octets(from: 0).byteCount == 0)
        }
    }

    @Test func partsAreCutAtBothEnds() {
        reading(Self.eight) { bytes in
            #expect(octets(bytes.octets(from: 2, count: 3)) == [0x45, 0x67, 0x89])
            #expect(octets(bytes.octets(from: 6)) == [0xcd, 0xef])
            #expect(bytes.octets(from: 8).byteCount == 0)
            #expect(bytes.octets(from: 6, count: 3).byteCount == 0)
            #expect(bytes.octets(from: 2, count: -1).byteCount == 0)
            #expect(octets(bytes.octets(from: 0, count: 8)) == Self.eight)
        }
    }

    @Test func storesAreInNetworkOrder() {
        let stored = writing([UInt8](repeating: 0xa5, count: 17)) {
            $0.store(UInt8(0x01), at: 0)
            $0.store(UInt16(0x2345), at: 1)
            $0.store(UInt32(0x6789_abcd), at: 4)
            $0.store(UInt64(0x0123_4567_89ab_cdef), at: 9)
        }
        #expect(
            stored == [
                0x01, 0x23, 0x45, 0xa5, 0x67, 0x89, 0xab, 0xcd, 0xa5, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
            ])
    }

    @Test(arguments: [-1, Int.min, Int.max, Int.max - 3, 8, 9])
    func storesOutsideAreIgnored(offset: Int) {
        let stored = writing(Self.eight) {
            $0.store(UInt8(0), at: offset)
            $0.store(UInt16(0), at: offset)
            $0.store(UInt32(0), at: offset)
            $0.store(UInt64(0), at: offset)
            $0.store(MACAddress.broadcast, at: offset)
            $0.store(IPv4Address.broadcast, at: offset)
            $0.store(IPv6Address.loopback, at: offset)
            copy([0, 0], at: offset, of: &$0)
            $0.fill(0, from: offset, count: 1)
            $0.fill(0, from: 0, count: offset == 8 ? 9 : offset)
            $0.move(from: offset, to: 0, count: 2)
            $0.move(from: 0, to: offset, count: 2)
            $0.move(from: 0, to: 1, count: offset)
        }
        #expect(stored == Self.eight)
    }

    @Test func storesAcrossTheEndAreIgnored() {
        let stored = writing(Self.eight) {
            $0.store(UInt16(0), at: 7)
            $0.store(UInt32(0), at: 5)
            $0.store(UInt64(0), at: 1)
            $0.store(MACAddress.broadcast, at: 3)
            copy([0, 0], at: 7, of: &$0)
        }
        #expect(stored == Self.eight)
    }

    @Test func movesMayOverlap() {
        let up = writing(Self.eight) { $0.move(from: 0, to: 2, count: 6) }
        #expect(up == [0x01, 0x23, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab])
        let down = writing(Self.eight) { $0.move(from: 2, to: 0, count: 6) }
        #expect(down == [0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xcd, 0xef])
    }

    @Test func copiesAndFillsWriteWhatIsNamed() {
        let copied = writing(Self.eight) { copy([0xaa, 0xbb], at: 6, of: &$0) }
        #expect(copied == [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xaa, 0xbb])
        let filled = writing(Self.eight) { $0.fill(0xee, from: 1, count: 2) }
        #expect(filled == [0x01, 0xee, 0xee, 0x67, 0x89, 0xab, 0xcd, 0xef])
    }
}
