import Testing
import Weir
import WeirTesting

/// The packet loop of protocol stages: whatever becomes of the packets of a batch, what the stage and its timers send leaves
/// in its place.
@Suite struct ProtocolLoopTests {
    private enum Order: UInt8, CaseIterable {
        case dropFirst, dropSecond, forward, keep, sendAndForward, sendAndDrop, forwardOldest, setTimer, sort
    }

    private static let (ownFrame, timerFrame): (UInt8, UInt8) = (0xf0, 0xf1)
    /// Between the packets that follow, which are 1 ms apart.
    private static let timerDelay = Duration.microseconds(2500)

    /// Does what the first octet of a packet says. Its own frames have the packet's second octet too.
    private struct Mixer: ProtocolStage {
        static let kind = "mixer"
        static let summary = "Does what packets say."
        static let example = ""
        enum Output: String, StageWord { case odd = "what is sorted out" }
        enum Drop: String, StageWord { case first = "the first reason", second = "the second reason" }

        init(_ configuration: NoParameters) {}

        mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
            let number = packet.bytes.uint8(at: 1)
            switch Order(rawValue: packet.bytes.uint8(at: 0)) {
            case .dropFirst, nil: return .drop(.first)
            case .dropSecond: return .drop(.second)
            case .forward: return .forward
            case .keep: return .keep
            case .sendAndForward: send(ownFrame, number, context)
            case .sendAndDrop:
                send(ownFrame, number, context)
                return .drop(.first)
            case .forwardOldest: context.forwardHeld()
            case .setTimer: context.schedule(UInt64(number), at: context.now + timerDelay)
            case .sort: return .forward(to: .odd)
            }
            return .forward
        }

        mutating func timerFired(_ token: UInt64, _ context: Context) {
            send(timerFrame, UInt8(truncatingIfNeeded: token), context)
        }

        private func send(_ kind: UInt8, _ number: UInt8, _ context: Context) {
            context.send(length: 2) { octets in
                octets.store(kind, at: 0)
                octets.store(number, at: 1)
            }
        }
    }

    /// What is to become of packets: what leaves, in order, and how many are dropped and held.
    private struct Expectation {
        var frames: [[UInt8]] = []
        var drops = [0, 0]
        var held: [[UInt8]] = []
        private var timers: [(due: Int, number: UInt8)] = []

        /// Times are in microseconds.
        mutating func meet(_ packet: [UInt8], at time: Int) {
            fireTimers(until: time)
            switch Order(rawValue: packet[0]) {
            case .dropFirst, nil: drops[0] += 1
            case .dropSecond: drops[1] += 1
            case .forward: frames.append(packet)
            case .keep: held.append(packet)
            case .sendAndForward: frames += [[ownFrame, packet[1]], packet]
            case .sendAndDrop:
                frames.append([ownFrame, packet[1]])
                drops[0] += 1
            case .forwardOldest:
                if !held.isEmpty { frames.append(held.removeFirst()) }
                frames.append(packet)
            case .setTimer:
                timers.append((time + 2500, packet[1]))
                frames.append(packet)
            case .sort: break
            }
        }

        mutating func fireTimers(until time: Int = .max) {
            while let timer = timers.first, timer.due <= time {
                frames.append([timerFrame, timer.number])
                timers.removeFirst()
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 1, 2], [false, true])
    func everythingLeavesInItsPlace(seed: UInt64, dropsAreWired: Bool) throws {
        var random = SeededRandom(seed: seed)
        var expected = Expectation()
        var packets: [TestFrame] = []
        for number in 0..<2000 {
            // Half of the packets are dropped for the first reason, in runs and alone.
            let isDropped = random.next() % 2 == 0
            let order = isDropped ? 0 : UInt8(random.next() % UInt64(Order.allCases.count))
            let octets = [order, UInt8(truncatingIfNeeded: number)]
            packets.append(TestFrame(at: .milliseconds(number), octets))
            expected.meet(octets, at: number * 1000)
        }
        expected.fireTimers()
        var run = StageRun()
        try run.add(StageDescriptor(Mixer.self))
        if dropsAreWired {
            try run.add(StageDescriptor(Passer.self), id: "after")
            run.connect("mixer", "first", to: "after")
        }
        let result = run.run(packets)
        #expect(result.summary.balanced, "seed \(seed)")
        let frames = result.frames().map(\.octets)
        #expect(frames.filter { $0[0] != 0 && $0[0] != Order.sendAndDrop.rawValue } == expected.frames, "seed \(seed)")
        let first = dropsAreWired ? frames.count - expected.frames.count : Int(result.dropped("first", by: "mixer"))
        #expect([first, Int(result.dropped("second", by: "mixer"))] == expected.drops, "seed \(seed)")
        #expect(result.summary.stages.first { $0.id == "mixer" }?.held == UInt64(expected.held.count), "seed \(seed)")
    }
}
