import Counter
import Discard
import Sample
import Tee
import Testing
import VLANIsolation
import Weir
import WeirTesting

@Suite struct SmallChangeTests {
    @Test func sampleKeepsTheFirstOfEverySoMany() throws {
        var bench = Bench(numbered(1000))
        let stage = try bench.add(StageDescriptor(Sample.self), Sample.Configuration()) { $0.every = 300 }
        let kept = bench.keep(behind: stage)
        let summary = bench.run()
        #expect(numbers(kept) == [0, 300, 600, 900])
        #expect(summary.stage("sample")?.dropped(as: "not-sampled") == 996)
    }

    @Test func counterCountsAndPassesOn() throws {
        var bench = Bench(numbered(700))
        let stage = try bench.add(StageDescriptor(PacketCounter.self), NoParameters())
        let kept = bench.keep(behind: stage)
        let counter = bench.run().stage("counter")
        #expect(numbers(kept) == Array(0..<700))
        #expect(counter?.counter("packets") == 700)
        #expect(counter?.counter("octets") == 700 * 60)
    }

    @Test func discardCountsWhatItDrops() throws {
        var bench = Bench(numbered(300))
        _ = try bench.add(StageDescriptor(Discard.self), NoParameters())
        #expect(bench.run().stage("discard")?.dropped(as: "discarded") == 300)
    }

    @Test func teeGivesBothSidesEveryPacketInOrder() throws {
        var bench = Bench(numbered(700))
        let tee = try bench.add(StageDescriptor(Tee.self), NoParameters())
        let (one, other) = (bench.keep(behind: tee), bench.keep(behind: tee, output: "copy"))
        let summary = bench.run()
        #expect(numbers(one) == Array(0..<700))
        #expect(other.frames == one.frames)
        #expect(summary.copies == 0)
        #expect(summary.stage("tee")?.created == 700)
    }

    /// One side strips the tag; the other must not see it.
    @Test(arguments: ["next", "copy"])
    func aSideThatWritesGetsACopyOfItsOwn(writer: String) throws {
        let tagged = numbered(300).map { frame in
            var octets = frame.octets
            octets.replaceSubrange(12..<16, with: [0x81, 0, 0, 10])
            return TestFrame(at: frame.time, octets)
        }
        var bench = Bench(tagged)
        let tee = try bench.add(StageDescriptor(Tee.self), NoParameters())
        let strip = try bench.add(
            StageDescriptor(VLANIsolation.self), VLANIsolation.Configuration(), behind: tee, output: writer
        ) { $0.allow = [10] }
        let changed = bench.keep(behind: strip)
        let unchanged = bench.keep(behind: tee, output: writer == "next" ? "copy" : "next")
        let summary = bench.run()
        #expect(unchanged.frames == tagged)
        #expect(changed.frames.map(\.octets) == tagged.map { Array($0.octets[..<12] + $0.octets[16...]) })
        #expect(summary.copies <= 300)
    }
}
