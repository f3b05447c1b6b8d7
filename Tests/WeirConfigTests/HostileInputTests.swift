import Testing
import WeirConfig

/// Files that were made to do harm, or were never pipelines. What multiplies without bound would run for hours, and ends
/// at the limit; how fast the machine is doesn't matter.
@Suite(.timeLimit(.minutes(5))) struct HostileInputTests {
    /// The first complaint about `bytes`.
    private func complaint(
        _ bytes: [UInt8], at location: Testing.SourceLocation = #_sourceLocation
    ) -> String {
        let result = PipelineFile.load(bytes: bytes, name: "p.yaml", catalogue: catalogue)
        #expect(result.pipeline == nil, sourceLocation: location)
        let text = DiagnosticRenderer().text(Array(result.diagnostics.prefix(1)))
        return String(text.split(separator: "\n").first ?? "")
    }

    private func complaint(_ text: String, at location: Testing.SourceLocation = #_sourceLocation) -> String {
        complaint(Array(text.utf8), at: location)
    }

    @Test func aliasBombsAreRefused() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        #expect(
            complaint(text)
                == "p.yaml:5:45: error: aliases expand this file to more than 100000 values, like an alias bomb")
        #expect(complaint("a: &a [*a]\n") == "p.yaml:1:8: error: `*a` stands inside the value that it repeats")
    }

    @Test func deepNestingIsRefused() {
        let refusal = "error: more than 64 levels of lists and maps"
        #expect(complaint(String(repeating: "[", count: 10_000)) == "p.yaml:1:65: " + refusal)
        #expect(complaint(String(repeating: "[", count: 1 << 20)) == "p.yaml:1:65: " + refusal)
        #expect(complaint(String(repeating: "{a: ", count: 10_000)) == "p.yaml:1:257: " + refusal)
        #expect(complaint(String(repeating: "- ", count: 100_000)) == "p.yaml:1:129: " + refusal)
        let lines = (0..<1_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(complaint(lines) == "p.yaml:65:65: " + refusal)
        let aliases = "a0: &a0 [x]\n" + (1...200).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
        #expect(complaint(aliases).hasSuffix(refusal))
    }

    @Test func largeFilesAreRefused() {
        let tooLarge = "p.yaml:1:1: error: the file is larger than 1 MiB, which no pipeline is"
        #expect(complaint([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 28)) == tooLarge)
        let values = "- a\n"
        #expect(
            complaint(String(repeating: values, count: 200_000))
                == "p.yaml:100001:3: error: more than 100000 values in one file")
        let keys = (0..<60_000).map { "k\($0): v\n" }.joined()
        #expect(complaint(keys) == "p.yaml:50001:1: error: more than 100000 values in one file")
        let stages = "weir: 1\nstages:\n" + String(repeating: "  - x\n", count: 90_000)
        #expect(complaint(stages) == "p.yaml:10003:5: error: more than 10000 stages")
        let chain = "weir: 1\nstages:\n  - capture: { file: a }\n" + String(repeating: "  - counter\n", count: 80_000)
        #expect(complaint(chain) == "p.yaml:10003:5: error: more than 10000 stages")
        let wrong = "weir: 1\nstages:\n" + String(repeating: "  - x: {}\n    to: y\n", count: 10_000)
        #expect(complaint(wrong) == "p.yaml:3:5: error: there is no stage `x`")
    }

    @Test func whatIsNotTextIsRefused() {
        let notUTF8: [UInt8] = Array("weir: 1\nname: a".utf8) + [0xff] + Array("b\n".utf8)
        #expect(complaint(notUTF8) == "p.yaml:2:8: error: the byte 0xff at offset 15 is not UTF-8")
        #expect(complaint([0xc3]) == "p.yaml:1:1: error: the byte 0xc3 at offset 0 is not UTF-8")
        #expect(complaint([0x61, 0xef, 0xbf]) == "p.yaml:1:2: error: the byte 0xef at offset 1 is not UTF-8")
        #expect(complaint([0xff, 0xfe, 0x77, 0x00]) == "p.yaml:1:1: error: the byte 0xff at offset 0 is not UTF-8")
        #expect(complaint([0, 0, 0]) == "p.yaml:1:1: error: a control character, which YAML does not allow")
        let random = (0..<4096).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
        #expect(complaint(random).contains("is not UTF-8"))
    }

    @Test func aByteOrderMarkIsNoPartOfTheText() {
        let text = "\u{FEFF}weir: 1\nstages:\n  - capture: { file: a }\n  - discard\n"
        #expect(PipelineFile.load(text: text, name: "p.yaml", catalogue: catalogue).pipeline != nil)
    }

    @Test func repetitionIsBounded() {
        let yaml = "weir: 1\nstages:\n  - capture: { file: a }\n    each: { a: 1-100, b: 1-100 }\n  - discard\n"
        #expect(complaint(yaml) == "p.yaml:4:23: error: more than 1024 copies of an item")
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 1, 2])
    func damagedFilesGiveAPipelineOrAPlace(seed: UInt64) {
        print("seed \(seed)")
        var random = Generator(state: seed)
        let original = Array(PipelineTests.fixed.utf8)
        let pieces = [
            "[", "]", "{", "}", ": ", "- ", "\n", "  ", "\t", "*a", "&a ", "$x", "'", "\"", "#", "|", "!!x ", "\u{0}",
        ]
        for _ in 0..<2_000 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                default: bytes.insert(contentsOf: original[min(place, original.count)...].prefix(40), at: place)
                }
            }
            let result = PipelineFile.load(bytes: bytes, name: "p.yaml", catalogue: catalogue)
            let text = DiagnosticRenderer(usesColor: true).text(result.diagnostics)
            #expect(!DiagnosticRenderer.json(result.diagnostics).isEmpty)
            let hasPlace = result.diagnostics.contains { $0.severity == .error && $0.span != nil && !text.isEmpty }
            #expect(result.pipeline != nil || hasPlace, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// A generator that a seed determines (SplitMix64).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            return word ^ word >> 31
        }
    }
}
