import Testing
import WeirWire

/// Random octets through every view and every accessor: the test is that nothing traps.
@Suite struct RandomOctetsTests {
    /// Overwrites what a view looks at first, so that random octets come past its check.
    private static func plausible(_ octets: [UInt8], _ kind: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let count = UInt16(clamping: octets.count)
        let extensions: [UInt8] = [0, 43, 44, 51, 60]
        let listenerDiscovery: [UInt8] = [130, 131, 132, 143]
        let random = UInt16.random(in: 0...count, using: &generator)
        return writing(octets) {
            switch kind {
            case 0:
                $0.store(UInt8.random(in: 0x45...0x4f, using: &generator), at: 0)
                $0.store(random, at: 2)
            case 1:
                $0.store(UInt8(0x60), at: 0)
                $0.store(max(random, 40) - 40, at: 4)
                $0.store(extensions.randomElement(using: &generator) ?? 0, at: 6)
                for offset in stride(from: 40, to: min(octets.count, 120), by: 8) {
                    $0.store(extensions.randomElement(using: &generator) ?? 0, at: offset)
                    $0.store(UInt8.random(in: 0...2, using: &generator), at: offset + 1)
                }
            case 2:
                $0.store(UInt32(0x8100_0000), at: 12)
                $0.store(UInt32(0x88a8_0000), at: 16)
                $0.store(UInt16(random % 2000), at: 20)
            case 3:
                $0.store(UInt8(0x11), at: 0)
                $0.store(random / 4, at: 10)
            case 4:
                $0.store(UInt8(0x22), at: 0)
                $0.store(UInt16(0x0100), at: 9)
                $0.store(random / 8, at: 6)
            case 5: $0.store(UInt64(0x0001_0800_0604_0001), at: 0)
            case 6: $0.store(random, at: 4)
            case 7:
                $0.store(listenerDiscovery.randomElement(using: &generator) ?? 0, at: 0)
                $0.store(UInt16(0x0100), at: 9)
                $0.store(random / 20, at: 6)
                $0.store(random / 16, at: 26)
            case 8:
                $0.store(UInt8.random(in: 133...137, using: &generator), at: 0)
                for offset in stride(from: 8, to: min(octets.count, 120), by: 8) {
                    $0.store(UInt16.random(in: 0...2, using: &generator) << 8 | UInt16(offset % 16 / 8 + 1), at: offset)
                }
            default: break
            }
        }
    }

    @Test func everyLengthUpTo300() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        // A trap ends the process, and the last line printed tells how to repeat it.
        print("random octets from seed \(seed)")
        var reader = EveryAccessor()
        for count in 0...300 {
            for kind in 0...9 {
                let octets = Self.plausible(generator.octets(count), kind, using: &generator)
                reading(octets) { reader.everything($0) }
            }
        }
        #expect(reader.sum != 0, "seed \(seed)")
    }

    @Test(arguments: [1500, 9000, 65_535, 65_536])
    func someLengthsUpTo64KiB(count: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        print("\(count) random octets from seed \(seed)")
        var reader = EveryAccessor()
        for kind in 0...9 {
            let octets = Self.plausible(generator.octets(count), kind, using: &generator)
            reading(octets) { reader.everything($0) }
        }
        #expect(reader.sum != 0, "seed \(seed)")
    }
}
