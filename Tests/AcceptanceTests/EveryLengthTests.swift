import ARPResolver
import ARPResponder
import BPF
import BuiltinStages
import IGMPResponder
import IGMPSnooper
import MLDResponder
import NLBFilter
import RateLimit
import Sample
import Testing
import UnicastRewrite
import VLANIsolation
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Frames of every length from 0 to 64 KiB, with random octets behind the start of what stages look for.
@Suite struct EveryLengthTests {
    private static let seed: UInt64 = 65_536

    /// What frames start with, so that random octets get past the first look.
    private static let beginnings: [[UInt8]] = [
        [],
        [1, 0, 0x5e, 0x7f, 0, 100, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 10],
        [3, 0xbf, 10, 0, 0, 100, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 10, 0x08, 0, 0x45, 0],
        [1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x08, 0, 0x46, 0, 0, 36, 0, 0, 0, 0, 1, 2],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1],
        [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x08, 0, 0x45],
        [0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 36, 0, 1],
        [2, 0xbf, 10, 0, 0, 100, 2, 0, 0, 0, 0, 1, 0x88, 0xa8, 0, 10, 0x81, 0, 0, 20, 0x86, 0xdd, 0x60],
    ]

    /// All stages that come with weir and can stand in the middle, one behind the other.
    private func chain() throws -> StageRun {
        var run = StageRun()
        try run.add(StageDescriptor(BPFFilter.self)) { (stage: inout BPFFilter.Configuration) in
            stage.filter = "not ether host 00:00:00:00:00:01"
        }
        try run.add(StageDescriptor(VLANIsolation.self)) { (stage: inout VLANIsolation.Configuration) in
            stage.allow = IntegerRanges([1...4094])
            stage.native = 1
            stage.tag = .push
        }
        try run.add(StageDescriptor(VLANIsolation.self), id: "strip") { (stage: inout VLANIsolation.Configuration) in
            stage.allow = IntegerRanges([1...4094])
        }
        try run.add(ARPResolver.self) { stage in
            stage.address = IPv4Address(10, 0, 0, 100)
            stage.mac = MACAddress(2, 0, 0, 0, 0, 1)
        }
        try run.add(ARPResponder.self) { stage in
            stage.cluster = IPv4Address(10, 0, 0, 100)
            stage.addresses = [.ipv6(.loopback)]
            stage.hostID = 1
        }
        try run.add(StageDescriptor(MLDResponder.self)) { (stage: inout MLDResponder.Configuration) in
            stage.groups = [GroupSetting(IPv6Address("ff15::100") ?? .unspecified)]
        }
        try run.add(try #require(StageCatalogue.builtin["igmp-querier"]))
        try run.add(StageDescriptor(IGMPResponder.self)) { (stage: inout IGMPResponder.Configuration) in
            stage.groups = [GroupSetting(IPv4Address(239, 255, 0, 100))]
        }
        try run.add(StageDescriptor(IGMPSnooper.self)) { (stage: inout IGMPSnooper.Configuration) in
            stage.unregistered = .flood
        }
        try run.add(StageDescriptor(NLBFilter.self)) { (stage: inout NLBFilter.Configuration) in
            stage.cluster = [.ipv4(IPv4Address(10, 0, 0, 100))]
            stage.hostID = 1
            stage.hosts = [1]
            stage.affinity = .none
        }
        try run.add(try #require(StageCatalogue.builtin["tee"]))
        try run.add(StageDescriptor(UnicastRewrite.self)) { (stage: inout UnicastRewrite.Configuration) in
            stage.cluster = IPv4Address(10, 0, 0, 100)
            stage.hostID = 1
            stage.mask = .all
        }
        try run.add(StageDescriptor(RateLimit.self)) { (stage: inout RateLimit.Configuration) in
            stage.rate = .packets(1_000_000_000)
        }
        try run.add(StageDescriptor(Sample.self)) { (stage: inout Sample.Configuration) in stage.every = 1 }
        try run.add(try #require(StageCatalogue.builtin["counter"]))
        try run.add(try #require(StageCatalogue.builtin["discard"]), id: "end")
        try run.add(try #require(StageCatalogue.builtin["discard"]), id: "copies")
        run.connect("tee", "copy", to: "copies")
        run.connect("igmp-querier", "queries", to: "copies")
        run.connect("arp-resolver", "network", to: "copies")
        run.connect("arp-responder", "answers", to: "copies")
        run.connect("mld-responder", "reports", to: "copies")
        run.connect("igmp-responder", "reports", to: "copies")
        return run
    }

    @Test func everyLengthPassesEveryStage() throws {
        var random = SeededRandom(seed: Self.seed)
        let octets = (0..<140_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let lengths = Array(0...65_536)
        for chunk in stride(from: 0, to: lengths.count, by: 2048) {
            let frames = lengths[chunk..<min(chunk + 2048, lengths.count)].map { length in
                let start = Int.random(in: 0..<70_000, using: &random)
                var frame = Array(octets[start..<start + length])
                let beginning = Self.beginnings[length % Self.beginnings.count].prefix(length)
                frame.replaceSubrange(0..<beginning.count, with: beginning)
                return TestFrame(frame)
            }
            let result = try chain().run(frames)
            #expect(result.summary.balanced, "seed \(Self.seed), lengths from \(chunk)")
            #expect(result.summary.read == UInt64(frames.count), "seed \(Self.seed), lengths from \(chunk)")
        }
    }
}
