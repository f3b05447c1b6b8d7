import Testing
import Weir
import WeirTesting

/// Packets that a stage holds and releases in any order.
@Suite struct HeldPacketTests {
    private static let (hold, pass, release, discard): (UInt8, UInt8, UInt8, UInt8) = (0, 1, 2, 3)

    /// Does with packets what their first octet says: holds it, passes it, or takes the held one that the second octet
    /// counts to and forwards or drops that.
    private struct Shelf: ProtocolStage {
        static let kind = "shelf"
        static let summary = "Holds packets."
        static let example = ""
        enum Drop: String, StageWord { case used = "it was an order", taken = "it was taken from the shelf" }
        enum Counter: String, StageWord { case refused = "orders for what is not there" }

        init(_ configuration: NoParameters) {}

        mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
            let index = Int(Int8(bitPattern: packet.bytes.uint8(at: 1)))
            switch packet.bytes.uint8(at: 0) {
            case HeldPacketTests.hold: return .keep
            case HeldPacketTests.release: if !context.forwardHeld(at: index) { context.count(.refused) }
            case HeldPacketTests.discard: if !context.dropHeld(.taken, at: index) { context.count(.refused) }
            default: return .forward
            }
            return .drop(.used)
        }

        mutating func timerFired(_ token: UInt64, _ context: Context) {}
    }

    private func run(_ orders: [(UInt8, Int8)], joined: Bool = false) throws -> StageRun.Result {
        var run = StageRun()
        try run.add(StageDescriptor(Shelf.self))
        if joined {
            try run.add(StageDescriptor(Passer.self), id: "join")
            run.connect("shelf", "taken", to: "join")
        }
        return run.run(
            orders.enumerated().map { TestFrame(at: .milliseconds($0), [$1.0, UInt8(bitPattern: $1.1)]) })
    }

    @Test func anyHeldPacketLeavesInItsPlace() throws {
        let (hold, pass, release) = (Self.hold, Self.pass, Self.release)
        let result = try run([
            (hold, 10), (hold, 11), (hold, 12), (pass, 20), (release, 1), (pass, 21), (release, 1), (release, 0),
            (pass, 22),
        ])
        #expect(result.frames().map { $0.octets[1] } == [20, 11, 21, 12, 10, 22])
        #expect(result.summary.balanced)
        #expect(result.dropped("used", by: "shelf") == 3)
    }

    @Test func whatIsNotHeldIsNotReleased() throws {
        let (hold, release, discard) = (Self.hold, Self.release, Self.discard)
        let result = try run([
            (release, 0), (hold, 10), (release, 1), (release, -1), (discard, 1), (discard, -128), (discard, 127),
            (discard, 0), (discard, 0),
        ])
        #expect(result.frames().isEmpty)
        #expect(result.counter("refused", of: "shelf") == 7)
        #expect(result.dropped("taken", by: "shelf") == 1)
        #expect(result.summary.balanced)
    }

    @Test func aWiredReasonLeadsAReleasedPacketToItsPlaceAtAJoin() throws {
        let (hold, pass, discard) = (Self.hold, Self.pass, Self.discard)
        let result = try run([(hold, 10), (hold, 11), (pass, 20), (discard, 1), (pass, 21)], joined: true)
        #expect(result.frames().map { $0.octets[1] } == [20, 11, 21])
        #expect(result.summary.balanced)
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 1])
    func anyOrderOfReleasesIsFollowed(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var shelf: [UInt8] = []
        var (expected, orders): ([UInt8], [(UInt8, Int8)]) = ([], [])
        var taken = 0
        for number in 0..<3000 {
            let order = UInt8(random.next() % 6)
            let index = shelf.isEmpty ? 0 : Int(random.next() % UInt64(min(shelf.count, 128)))
            switch order {
            case Self.release, Self.discard:
                orders.append((order, Int8(index)))
                guard !shelf.isEmpty else { continue }
                let number = shelf.remove(at: index)
                if order == Self.release { expected.append(number) } else { taken += 1 }
            case Self.pass:
                orders.append((order, Int8(truncatingIfNeeded: number)))
                expected.append(UInt8(truncatingIfNeeded: number))
            default:
                orders.append((Self.hold, Int8(truncatingIfNeeded: number)))
                shelf.append(UInt8(truncatingIfNeeded: number))
            }
        }
        let result = try run(orders)
        #expect(result.frames().map { $0.octets[1] } == expected, "seed \(seed)")
        #expect(result.dropped("taken", by: "shelf") == taken, "seed \(seed)")
        #expect(result.summary.stages.first { $0.id == "shelf" }?.held == UInt64(shelf.count), "seed \(seed)")
        #expect(result.summary.balanced, "seed \(seed)")
    }
}
