import NLBFilter
import Testing
import UnicastRewrite
import VLANIsolation
import Weir
import WeirTesting
import WeirWire

@Suite struct UnicastRewriteTests {
    private let shared: [UInt8] = [0x02, 0xbf, 10, 0, 0, 100]
    private let masked: [UInt8] = [0x02, 0x03, 10, 0, 0, 100]
    private let client: [UInt8] = [0x02, 0, 0, 0, 0x0a, 1]
    private let rest = [UInt8](repeating: 7, count: 50)

    private func run(
        _ frame: [UInt8], _ mask: UnicastRewrite.Mask = .cluster
    ) throws -> [UInt8]? {
        var run = StageRun()
        try run.add(StageDescriptor(UnicastRewrite.self)) { (configuration: inout UnicastRewrite.Configuration) in
            configuration.cluster = IPv4Address(10, 0, 0, 100)
            configuration.hostID = 3
            configuration.mask = mask
        }
        let result = run.run([TestFrame(frame)])
        #expect(result.summary.balanced)
        return result.frames().first?.octets
    }

    @Test(arguments: [[0x03, 0xbf, 10, 0, 0, 100], [0x01, 0, 0x5e, 0x7f, 0, 100]] as [[UInt8]])
    func aMulticastDestinationBecomesTheSharedAddress(destination: [UInt8]) throws {
        #expect(try run(destination + client + rest) == shared + client + rest)
    }

    @Test func theSharedSourceIsMasked() throws {
        #expect(try run(client + shared + rest) == client + masked + rest)
        #expect(try run(client + shared + rest, .none) == client + shared + rest)
    }

    @Test func otherAddressesStayUnlessAllAreMasked() throws {
        let broadcast = [UInt8](repeating: 0xff, count: 6)
        let group: [UInt8] = [0x01, 0, 0x5e, 0x7f, 0, 101]
        for destination in [client, broadcast, group] {
            #expect(try run(destination + client + rest) == destination + client + rest)
            #expect(try run(destination + client + rest, .all) == destination + masked + rest)
        }
    }

    @Test func shortFramesAreDropped() throws {
        for length in 0..<14 { #expect(try run([UInt8](repeating: 0, count: length)) == nil) }
    }

    @Test func randomOctetsOfEveryLengthPassTheClusterStages() throws {
        let seed: UInt64 = 602
        var random = SeededRandom(seed: seed)
        let ethernet: [UInt8] = shared + client + [0x81, 0, 0, 10, 8, 0, 0x45, 0]
        let frames = (Array(0...300) + [1500, 65_536]).flatMap { length in
            (0..<4).map { shape in
                var octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if shape > 0 { octets.replaceSubrange(0..<min(length, ethernet.count), with: ethernet.prefix(length)) }
                if shape == 3, length >= 38 { octets.replaceSubrange(34..<38, with: [10, 0, 0, 100]) }
                return TestFrame(octets)
            }
        }
        var run = StageRun()
        try run.add(StageDescriptor(VLANIsolation.self)) { (configuration: inout VLANIsolation.Configuration) in
            configuration.allow = [10]
            configuration.native = 10
        }
        try run.add(StageDescriptor(NLBFilter.self)) { (configuration: inout NLBFilter.Configuration) in
            configuration.cluster = [.ipv4(IPv4Address(10, 0, 0, 100))]
            configuration.hostID = 1
            configuration.hosts = [1, 2]
            configuration.affinity = .none
        }
        try run.add(StageDescriptor(UnicastRewrite.self)) { (configuration: inout UnicastRewrite.Configuration) in
            configuration.cluster = IPv4Address(10, 0, 0, 100)
            configuration.hostID = 1
        }
        let result = run.run(frames)
        #expect(result.summary.balanced, "seed \(seed)")
    }
}
