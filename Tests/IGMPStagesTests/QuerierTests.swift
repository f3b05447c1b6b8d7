import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirTesting
import WeirWire

@Suite struct QuerierTests {
    @Test func sendsTwoQueriesAQuarterApartAndThenOnItsInterval() throws {
        var run = StageRun()
        run.duration = .seconds(500)
        try run.add(StageDescriptor(IGMPQuerier.self)) { (configuration: inout IGMPQuerier.Configuration) in
            configuration.interval = .seconds(120)
        }
        let result = run.run([])
        #expect(result.summary.balanced)
        #expect(result.frames().map(\.time) == [0, 30, 150, 270, 390].map { .seconds($0) })
    }

    @Test func queriesStandInTheirPlaceAmongThePackets() throws {
        var run = StageRun()
        try run.add(StageDescriptor(IGMPQuerier.self)) { (configuration: inout IGMPQuerier.Configuration) in
            configuration.interval = .seconds(20)
        }
        let packets = (0..<100).map { TestFrame(at: .seconds($0), [UInt8($0)]) }
        let result = run.run(packets)
        #expect(result.summary.balanced)
        #expect(result.frames().filter { $0.octets.count == 1 } == packets)
        let times = result.frames().map(\.time)
        #expect(times == times.sorted())
        // A query at the very time of a packet goes ahead of it.
        #expect(result.frames().firstIndex { $0.time == .seconds(5) && $0.octets.count > 1 } == 6)
    }

    @Test func randomOctetsOfEveryLengthPassAllThreeStages() throws {
        let seed: UInt64 = 838_408
        var random = SeededRandom(seed: seed)
        let igmp: [UInt8] = [1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 1, 8, 0, 0x46, 0, 0, 36, 0, 0, 0, 0, 1, 2]
        let lengths = Array(0...400) + [1500, 9000, 65_536]
        let frames = lengths.flatMap { length in
            (0..<3).map { shape in
                var octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if shape > 0 { octets.replaceSubrange(0..<min(length, igmp.count), with: igmp.prefix(length)) }
                return TestFrame(octets)
            }
        }
        var run = StageRun()
        try run.add(StageDescriptor(IGMPQuerier.self))
        try run.add(StageDescriptor(IGMPResponder.self)) { (configuration: inout IGMPResponder.Configuration) in
            configuration.groups = [IPv4Address(239, 255, 0, 100)]
        }
        try run.add(StageDescriptor(IGMPSnooper.self))
        let result = run.run(frames)
        #expect(result.summary.balanced, "seed \(seed)")
        #expect(result.summary.read == UInt64(frames.count), "seed \(seed)")
    }
}
