import Generator
import Testing
import Weir
import WeirTesting
import WeirWire

@Suite struct GeneratorTests {
    /// What a generator makes of `configure`, on its way through nothing.
    private func frames(_ configure: (inout Generator.Configuration) -> Void) throws -> [TestFrame] {
        var configuration = Generator.Configuration()
        configuration.destination = IPv4Address(10, 0, 0, 100)
        configure(&configuration)
        let descriptor = StageDescriptor(Generator.self)
        var graph = PipelineGraph(name: "test")
        let source = graph.add(
            id: "generator", stage: try descriptor.makeStage(configuration), descriptor: descriptor)
        let collection = CollectedFrames()
        let sink = graph.add(
            id: "kept", stage: AnyStage.of(Collector(into: collection)), descriptor: StageDescriptor(Collector.self))
        graph.connect(source, output: "next", to: sink)
        var engine = Engine(graph)
        let summary = engine.run()
        #expect(summary.balanced && summary.failures.isEmpty)
        return collection.frames
    }

    @Test func datagramsComeAtAnEvenPaceForAsLongAsTold() throws {
        let made = try frames { ($0.interval, $0.length, $0.after) = (.milliseconds(250), .seconds(1), .seconds(5)) }
        #expect(made.map(\.time) == [5000, 5250, 5500, 5750].map { .milliseconds($0) })
        // A time that the interval does not divide has one more.
        #expect(try frames { ($0.interval, $0.length) = (.milliseconds(300), .seconds(1)) }.count == 4)
        #expect(try frames { ($0.count, $0.length) = (3, .seconds(3600)) }.count == 3)
        #expect(try frames { $0.count = 1000 }.count == 1000)
    }

    @Test func everyOctetIsInItsPlace() throws {
        let made = try frames {
            ($0.count, $0.flows, $0.destinationMAC) = (3, 2, MACAddress(3, 0xbf, 10, 0, 0, 100))
        }
        #expect(
            made[2].octets == [
                0x03, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00,
                0x45, 0x00, 0x00, 0x2e, 0x00, 0x00, 0x00, 0x00, 0x40, 0x11, 0x66, 0x53,  // IPv4, 46 octets, UDP
                0x0a, 0x00, 0x00, 0x09, 0x0a, 0x00, 0x00, 0x64,
                0x04, 0x00, 0x00, 0x50, 0x00, 0x1a, 0xe6, 0xfb,  // 1024 to 80: flow 0 again
                0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            ])
        let ports = made.map { Int($0.octets[34]) << 8 | Int($0.octets[35]) }
        #expect(ports == [1024, 1025, 1024])
    }

    @Test(arguments: [8, 17, 18, 19, 1472]) func checksumsAreRightForEveryLength(payload: Int) throws {
        for frame in try frames({ ($0.count, $0.payload, $0.flows) = (5, payload, 3) }) {
            #expect(frame.octets.count == max(60, 42 + payload))
            let isRight = unsafe rightChecksums(frame.octets.span.bytes)
            #expect(isRight)
        }
    }

    private func rightChecksums(_ bytes: RawSpan) -> Bool {
        guard let frame = EthernetFrame(bytes), let packet = IPv4Packet(frame.payload),
            let datagram = UDPDatagram(packet.payload)
        else { return false }
        return packet.headerChecksumIsValid && datagram.checksumIsValid(packet.pseudoHeader)
    }

    @Test func withoutAnEndItIsRefused() {
        #expect(throws: ConfigurationError.self) { try frames { _ in } }
    }
}
