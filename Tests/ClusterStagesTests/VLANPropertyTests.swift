import Testing
import VLANIsolation
import Weir
import WeirTesting

/// Random stacks of tags, cut off anywhere.
@Suite struct VLANPropertyTests {
    private static let seed: UInt64 = 8021

    /// A frame with up to four tags, of few VLANs so that they meet those allowed, perhaps cut off.
    private func randomFrame(_ random: inout SeededRandom, cut: Bool) -> TestFrame {
        var octets = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let tpid: UInt16 = [0x8100, 0x88a8, 0x9100].randomElement(using: &random) ?? 0
            octets += tag(
                [0, 1, 9, 10, 20, 4094, 4095].randomElement(using: &random) ?? 0,
                priority: UInt8.random(in: 0...7, using: &random), dei: Bool.random(using: &random), tpid: tpid)
        }
        octets += [0x08, 0x00]
        octets += (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        return TestFrame(cut ? Array(octets.prefix(Int.random(in: 0...octets.count, using: &random))) : octets)
    }

    private func isTPID(_ octets: ArraySlice<UInt8>) -> Bool {
        [[0x81, 0], [0x88, 0xa8], [0x91, 0]].contains(Array(octets))
    }

    /// The outermost tag's VLAN, read without any of weir's code; nil for none.
    private func vlan(of octets: [UInt8]) -> Int? {
        octets.count >= 16 && isTPID(octets[12..<14]) ? Int(octets[14] & 0xf) << 8 | Int(octets[15]) : nil
    }

    private func configurations(_ random: inout SeededRandom) -> VLANIsolation.Configuration {
        var configuration = VLANIsolation.Configuration()
        configuration.allow = [[10], [10, 20], IntegerRanges([1...4094])].randomElement(using: &random) ?? []
        configuration.native = [nil, 1, 10].randomElement(using: &random) ?? nil
        let actions = VLANIsolation.TagAction.allCases.filter { $0 != .stripNative || configuration.native != nil }
        configuration.tag = actions.randomElement(using: &random) ?? .strip
        if Int.random(in: 0...3, using: &random) == 0 { configuration.inner = [9, 10] }
        guard configuration.tag != .strip else { return configuration }
        if Bool.random(using: &random) { configuration.service = 100 }
        if configuration.allow.contains(20), Bool.random(using: &random) {
            configuration.translate = VLANTranslation([20: 30])
        }
        return configuration
    }

    @Test func nothingTrapsAndPayloadsStay() throws {
        var random = SeededRandom(seed: Self.seed)
        for round in 0..<300 {
            let configuration = configurations(&random)
            // Frames are told apart by their time.
            let frames = (0..<60).map { TestFrame(at: .seconds($0), randomFrame(&random, cut: true).octets) }
            let note = "seed \(Self.seed), round \(round)"
            let result = try isolate(frames, note: note) { $0 = configuration }
            for found in result.frames() {
                let sent = frames[Int(found.time / .seconds(1))].octets
                #expect(found.octets.prefix(12) == sent.prefix(12), "\(note), \(sent)")
                // Behind the tags that may have changed all is as it was.
                let kept = sent.dropFirst(vlan(of: sent) == nil ? 12 : 16)
                #expect(found.octets.suffix(kept.count) == kept, "\(note), \(sent)")
                #expect([-4, 0, 4, 8].contains(found.octets.count - sent.count), "\(note), \(sent)")
            }
        }
    }

    @Test func theAllowedSetDecidesExactly() throws {
        var random = SeededRandom(seed: Self.seed + 1)
        for round in 0..<20 {
            let ranges = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                let first = Int.random(in: 1...4094, using: &random)
                return first...min(4094, first + Int.random(in: 0...500, using: &random))
            }
            let native = Int.random(in: 1...4094, using: &random)
            let frames = (0...4095).map { frame(tag(UInt16($0))) } + [frame()]
            let result = try isolate(frames, note: "seed \(Self.seed + 1), round \(round)") {
                $0.allow = IntegerRanges(ranges)
                $0.native = native
                $0.tag = .keep
            }
            let expected = frames.filter { sent in
                let identifier = vlan(of: sent.octets) ?? 0
                return ranges.contains { $0.contains(identifier == 0 ? native : identifier) }
            }
            #expect(result.frames() == expected, "seed \(Self.seed + 1), round \(round), \(ranges), native \(native)")
            #expect(result.dropped("foreign-vlan", by: "vlan-isolation") == UInt64(frames.count - expected.count))
        }
    }

    /// What `strip` took off, `push` puts on again; `service` and then `strip` changes nothing.
    @Test func stripAndPushUndoEachOther() throws {
        var random = SeededRandom(seed: Self.seed + 2)
        for round in 0..<200 {
            let inside = randomFrame(&random, cut: false)
            let identifier = Int.random(in: 1...4094, using: &random)
            let (priority, dei) = (UInt8.random(in: 0...7, using: &random), Bool.random(using: &random))
            let kind: VLANIsolation.TagProtocol = Bool.random(using: &random) ? .customer : .service
            var tagged = inside
            tagged.octets.insert(
                contentsOf: tag(
                    UInt16(identifier), priority: priority, dei: dei, tpid: kind == .customer ? 0x8100 : 0x88a8), at: 12
            )
            var run = StageRun()
            try run.add(VLANIsolation.self, id: "strip") { $0.allow = [identifier] }
            // `service` is the one that pushes whatever is there.
            try run.add(VLANIsolation.self, id: "push") {
                $0.allow = IntegerRanges([1...4094])
                $0.native = 1
                $0.tag = .keep
                $0.service = identifier
                $0.priority = Int(priority)
                $0.dropEligible = dei
                $0.tpid = kind
            }
            let result = run.run([tagged])
            let note = "seed \(Self.seed + 2), round \(round), \(tagged.octets)"
            #expect(result.imbalances == [], "\(note)")
            // VLAN 4095 is nobody's.
            #expect(result.frames() == (vlan(of: inside.octets) == 4095 ? [] : [tagged]), "\(note)")
        }
    }
}
