import Testing
import WeirWire

@Suite struct ChecksumTests {
    /// The sum of RFC 1071 §1 as it is written there: one word after the other.
    static func plainChecksum(_ octets: [UInt8], initial: UInt32 = 0) -> UInt16 {
        var sum = UInt64(initial)
        for (index, octet) in octets.enumerated() { sum += UInt64(octet) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
        return ~UInt16(sum)
    }

    @Test func theExampleOfRFC1071() {
        // RFC 1071 §3: the sum is ddf2.
        reading([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) {
            #expect(internetChecksum(of: $0) == ~0xddf2)
        }
    }

    @Test func nothingAndZeroesSumUpToZero() {
        for count in [0, 1, 2, 7, 8, 60] {
            reading([UInt8](repeating: 0, count: count)) { #expect(internetChecksum(of: $0) == 0xffff) }
        }
    }

    @Test func carriesAreAddedBack() {
        for count in 1...41 {
            let octets = [UInt8](repeating: 0xff, count: count)
            reading(octets) {
                #expect(internetChecksum(of: $0, initial: .max) == Self.plainChecksum(octets, initial: .max))
            }
        }
    }

    @Test func equalsThePlainSumForEveryLength() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for count in Array(0...70) + [1499, 1500, 65_535] {
            let octets = generator.octets(count)
            let initial = UInt32(truncatingIfNeeded: generator.next())
            reading(octets) {
                #expect(
                    internetChecksum(of: $0, initial: initial) == Self.plainChecksum(octets, initial: initial),
                    "seed \(seed), \(count) octets")
            }
        }
    }

    @Test func theExampleOfRFC1624() {
        // RFC 1624 §4: the case in which the older equation fails.
        #expect(updateChecksum(0xdd2f, replacing: UInt16(0x5555), with: 0x3285) == 0x0000)
    }

    @Test func anUpdateEqualsTheSumAnew() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var octets = generator.octets(2 * Int.random(in: 3...20, using: &generator))
            octets[0] |= 1
            let before = reading(octets) { internetChecksum(of: $0) }
            // Words with few bits, 0 and 0xffff are where carries go wrong.
            let random = UInt32(truncatingIfNeeded: generator.next())
            let new = [random, 0, .max, random & 0xffff, 0xffff_0000][Int.random(in: 0..<5, using: &generator)]
            let offset = 2 * Int.random(in: 1...octets.count / 2 - 2, using: &generator)
            let old = reading(octets) { $0.uint32(at: offset) }

            let longer = writing(octets) { $0.store(new, at: offset) }
            #expect(
                updateChecksum(before, replacing: old, with: new) == reading(longer) { internetChecksum(of: $0) },
                "seed \(seed)")
            let (oldWord, newWord) = (UInt16(old >> 16), UInt16(new >> 16))
            let shorter = writing(octets) { $0.store(newWord, at: offset) }
            #expect(
                updateChecksum(before, replacing: oldWord, with: newWord)
                    == reading(shorter) { internetChecksum(of: $0) },
                "seed \(seed)")
        }
    }

    @Test func pseudoHeadersSumAsTheyAreDrawn() {
        // RFC 768: addresses, zero, protocol, length.
        let v4: [UInt8] = [0xc0, 0x00, 0x02, 0x0a, 0xef, 0xff, 0x01, 0x02, 0, 17, 0xff, 0xfe]
        let v4Header = PseudoHeader(source: IPv4Address(192, 0, 2, 10), destination: IPv4Address(239, 255, 1, 2))
        reading([]) {
            let sum = v4Header.sum(protocol: .udp, length: 0xfffe)
            #expect(internetChecksum(of: $0, initial: sum) == Self.plainChecksum(v4))
        }
        // RFC 8200 §8.1: addresses, length of four octets, zero, next header.
        let source = IPv6Address(high: 0xfe80_0000_0000_0000, low: 0x0123_4567_89ab_cdef)
        let destination = IPv6Address(high: .max, low: .max)
        let v6: [UInt8] =
            [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]
            + [UInt8](repeating: 0xff, count: 16) + [0x00, 0x01, 0x02, 0x03, 0, 0, 0, 58]
        reading([]) {
            let sum = PseudoHeader(source: source, destination: destination).sum(protocol: .icmpv6, length: 0x10203)
            #expect(internetChecksum(of: $0, initial: sum) == Self.plainChecksum(v6))
        }
    }
}
