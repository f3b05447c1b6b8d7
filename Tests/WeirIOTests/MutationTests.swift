import Foundation
import Testing
import Weir

/// Captures with a few octets changed: whatever they hold, a run ends, balances, and says what is wrong or nothing.
@Suite struct MutationTests {
    /// `WEIR_SEED` repeats a run.
    static let seed = ProcessInfo.processInfo.environment["WEIR_SEED"].flatMap(UInt64.init) ?? 0x7765_6972

    private static let originals: [[UInt8]] = {
        var blocks = PcapngBytes()
        blocks.section()
        blocks.interface(resolution: 9)
        for record in someRecords(8) { blocks.packet(record.octets, ticks: record.nanoseconds) }
        blocks.block(5) { $0.bytes = [1, 2, 3, 4] }
        blocks.simplePacket([1, 2, 3])
        return [
            classic(someRecords(10)), classic(someRecords(10), littleEndian: false, nanoseconds: true, snapLength: 200),
            blocks.bytes,
        ]
    }()

    @Test(arguments: 0..<3)
    func mutated(original: Int) throws {
        let folder = try Folder()
        for turn in 0..<700 {
            var chance = SeededRandom(seed: Self.seed &+ UInt64(turn), name: "mutation-\(original)")
            let file = mutate(Self.originals[original], &chance)
            let input = try folder.write(file, to: "in")
            let note = "WEIR_SEED=\(Self.seed), original \(original), turn \(turn)"
            let summary = try run(capture(input), transmit("/dev/null"), note: note)
            #expect([.success, .badData].contains(summary.status), "\(note): \(summary.failures)")
            #expect(summary.read == summary.written, "\(note)")
        }
    }

    private func mutate(_ original: [UInt8], _ chance: inout SeededRandom) -> [UInt8] {
        let interesting: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 4, 12]
        var file = original
        for _ in 0...Int.random(in: 0..<4, using: &chance) {
            let place = Int.random(in: 0..<max(file.count, 1), using: &chance)
            guard file.indices.contains(place) else { break }
            switch Int.random(in: 0..<5, using: &chance) {
            case 0: file[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 1: file[place] = interesting[Int.random(in: 0..<8, using: &chance)]
            case 2: file[place] = UInt8.random(in: 0...255, using: &chance)
            case 3: file.removeSubrange(place..<min(place + Int.random(in: 1..<40, using: &chance), file.count))
            default: file.insert(contentsOf: file[place..<min(place + 16, file.count)], at: place)
            }
        }
        return file
    }
}
