import Testing
import VLANIsolation
import Weir
import WeirTesting
import WeirWire

/// Frames whose tag was put aside, as a network card and a kernel do.
@Suite struct TagListingTests {
    private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
    private static let rest: [UInt8] = [0x08, 0x00, 0x45, 0x11, 0x22]
    private static let tag = VLANTag(tpid: .serviceVLAN, priority: 5, dropEligible: true, identifier: 10)
    private static let tagOctets: [UInt8] = [0x88, 0xa8, 0xb0, 10]

    /// Runs what the source lists through `stage`, and returns what comes out.
    private func run(
        _ source: PutAside, through stage: (AnyStage, StageDescriptor)? = nil,
        at location: Testing.SourceLocation = #_sourceLocation
    ) -> [TestFrame] {
        let collected = CollectedFrames()
        var graph = PipelineGraph(name: "tags")
        var last = graph.add(id: "source", stage: AnyStage.of(source), descriptor: StageDescriptor(PutAside.self))
        if let (stage, descriptor) = stage {
            let next = graph.add(id: "stage", stage: stage, descriptor: descriptor)
            graph.connect(last, output: "next", to: next)
            last = next
        }
        let sink = graph.add(
            id: "sink", stage: AnyStage.of(Collector(into: collected)), descriptor: StageDescriptor(Collector.self))
        graph.connect(last, output: "next", to: sink)
        var engine = Engine(graph, Engine.Options())
        let summary = engine.run()
        #expect(summary.balanced, sourceLocation: location)
        #expect(summary.failures.isEmpty, sourceLocation: location)
        return collected.frames
    }

    @Test func theTagIsBackInTheFrameAndOnTheWire() {
        let source = PutAside([(Self.addresses + Self.rest, Self.tag)], wireLength: 100)
        #expect(
            run(source) == [TestFrame(Self.addresses + Self.tagOctets + Self.rest, wireLength: 104)])
    }

    @Test func stagesSeeIt() throws {
        let isolation = StageDescriptor(VLANIsolation.self)
        let configuration = VLANIsolation.Configuration()
        var allow = configuration
        allow.allow = [10]
        let other = VLANTag(identifier: 11)
        let frame = Self.addresses + Self.rest
        let source = PutAside([(frame, Self.tag), (frame, other), (frame, nil)])
        #expect(run(source, through: (try isolation.makeStage(allow), isolation)) == [TestFrame(frame)])
    }

    /// A tag that is put back in front of one that stayed is the outer one.
    @Test func theTagThatStayedIsBehindIt() {
        let inner: [UInt8] = [0x81, 0, 0, 20]
        let source = PutAside([(Self.addresses + inner + Self.rest, Self.tag)])
        #expect(run(source) == [TestFrame(Self.addresses + Self.tagOctets + inner + Self.rest)])
    }

    /// Without both addresses there is no place for it.
    @Test(arguments: 0...14) func aCutFrameTakesTheTagBehindItsAddresses(length: Int) {
        let cut = Array((Self.addresses + Self.rest).prefix(length))
        let expected = length < 12 ? cut : Self.addresses + Self.tagOctets + cut.dropFirst(12)
        let frames = run(PutAside([(cut, Self.tag), (cut, Self.tag)], wireLength: 60))
        #expect(frames.map(\.octets) == [expected, expected])
        #expect(frames.map(\.wireLength) == (length < 12 ? [60, 60] : [64, 64]))
    }

    /// The frame in front ends where the headroom begins.
    @Test func nothingInFrontOfTheHeadroomChanges() {
        let frame = Self.addresses + Self.rest
        let source = PutAside([(frame, nil), (frame, Self.tag), (frame, nil), (frame, Self.tag)], headroom: 4)
        let tagged = TestFrame(Self.addresses + Self.tagOctets + Self.rest)
        #expect(run(source) == [TestFrame(frame), tagged, TestFrame(frame), tagged])
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let source = PutAside([(Self.addresses + Self.rest, Self.tag)], headroom: 3)
        #expect(run(source) == [])
        // Lengths and places that aren't inside the block, with and without a tag.
        let refusals = Refusals()
        let odd = OddPlaces(refusals)
        var graph = PipelineGraph(name: "odd")
        let number = graph.add(id: "odd", stage: AnyStage.of(odd), descriptor: StageDescriptor(OddPlaces.self))
        let sink = graph.add(
            id: "sink", stage: AnyStage.of(Collector(into: CollectedFrames())),
            descriptor: StageDescriptor(Collector.self))
        graph.connect(number, output: "next", to: sink)
        var engine = Engine(graph, Engine.Options())
        #expect(engine.run().balanced)
        #expect(refusals.answers == Array(repeating: false, count: 2 * OddPlaces.places.count))
    }
}

/// Lists frames, each with a tag that was put aside or with none.
private struct PutAside: Source {
    static let kind = "put-aside"
    static let summary = "Lists frames whose tags were put aside."
    static let example = ""

    private var frames: [(octets: [UInt8], tag: VLANTag?)]
    private let wireLength: Int
    private let headroom: Int

    init(_ frames: [(octets: [UInt8], tag: VLANTag?)], wireLength: Int = 0, headroom: Int = 8) {
        (self.frames, self.wireLength, self.headroom) = (frames, wireLength, headroom)
    }
    init(_ configuration: NoParameters) { self.init([]) }

    mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        guard !frames.isEmpty else { return false }
        guard var block = context.takeBlock() else { return true }
        var places: [Int] = []
        var end = 0
        for frame in frames {
            end += headroom
            places.append(end)
            var bytes = block.mutableBytes
            for octet in frame.octets {
                bytes.store(octet, at: end)
                end += 1
            }
        }
        let (frames, wireLength, headroom) = (frames, wireLength, headroom)
        block.listFrames(into: &batch) { lister in
            for (frame, place) in zip(frames, places) {
                let (length, time) = (frame.octets.count, Instant(nanoseconds: 0))
                if let tag = frame.tag {
                    lister.list(
                        at: place, length: length, wireLength: wireLength, timestamp: time, headroom: headroom, tag: tag
                    )
                } else {
                    lister.list(at: place, length: length, wireLength: wireLength, timestamp: time, headroom: headroom)
                }
            }
        }
        self.frames = []
        return true
    }
}

private final class Refusals { var answers: [Bool] = [] }

/// Tries to list frames that aren't inside the block.
private struct OddPlaces: Source {
    static let kind = "odd-places"
    static let summary = "Tries to list what isn't there."
    static let example = ""

    static let places = [
        (16, Int.max, 16), (16, Int.max - 16, 16), (16, -1, 16), (-1, 60, 16), (Int.max, 60, 16), (3, 60, 4),
        (16, 60, -1), (300_000, 60, 16), (300_000, 0, 16), (Int.min, 60, Int.min),
    ]

    private let refusals: Refusals
    private var isDone = false

    init(_ refusals: Refusals) { self.refusals = refusals }
    init(_ configuration: NoParameters) { self.init(Refusals()) }

    mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        guard !isDone, let block = context.takeBlock() else { return false }
        isDone = true
        let refusals = refusals
        block.listFrames(into: &batch) { lister in
            for (offset, length, headroom) in Self.places {
                let time = Instant(nanoseconds: 0)
                refusals.answers.append(
                    lister.list(at: offset, length: length, wireLength: 0, timestamp: time, headroom: headroom))
                refusals.answers.append(
                    lister.list(
                        at: offset, length: length, wireLength: 0, timestamp: time, headroom: headroom,
                        tag: VLANTag(identifier: 1)))
            }
        }
        return true
    }
}
