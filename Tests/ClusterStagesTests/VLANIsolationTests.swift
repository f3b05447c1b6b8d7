import Testing
import VLANIsolation
import Weir
import WeirTesting

/// The two addresses of every frame here.
private let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
private let rest: [UInt8] = [0x08, 0x00, 0x45, 0x11, 0x22]

private func tagged(_ identifier: UInt16, priority: UInt8 = 0, tpid: [UInt8] = [0x81, 0x00]) -> TestFrame {
    TestFrame(addresses + tpid + [priority << 5 | UInt8(identifier >> 8), UInt8(identifier & 0xff)] + rest)
}

private let untagged = TestFrame(addresses + rest)

@Suite struct VLANIsolationTests {
    private func run(
        _ frames: [TestFrame], _ configure: (inout VLANIsolation.Configuration) -> Void
    ) throws -> StageRun.Result {
        var run = StageRun()
        try run.add(StageDescriptor(VLANIsolation.self), configure)
        let result = run.run(frames)
        #expect(result.summary.balanced)
        return result
    }

    @Test func onlyAllowedVLANsPassAndLoseTheirTag() throws {
        let result = try run([tagged(10), tagged(20), tagged(10, tpid: [0x88, 0xa8]), untagged]) { $0.allow = [10] }
        #expect(result.frames() == [untagged, untagged])
        #expect(result.dropped("foreign-vlan", by: "vlan-isolation") == 1)
        #expect(result.dropped("untagged", by: "vlan-isolation") == 1)
    }

    @Test func aRangeAllowsItsEndsAndNothingBeside() throws {
        let result = try run([19, 20, 29, 30, 4094, 4095].map { tagged($0) }) {
            $0.allow = IntegerRanges([20...29, 4094...4094])
        }
        #expect(result.frames().count == 3)
    }

    @Test func keepChangesNothing() throws {
        let frames = [tagged(10, priority: 5)]
        #expect(
            try run(frames) {
                $0.allow = [10]
                $0.tag = .keep
            }.frames() == frames)
    }

    @Test func untaggedAndPriorityTaggedFramesBelongToTheNativeVLAN() throws {
        let result = try run([untagged, tagged(0, priority: 6)]) {
            $0.allow = [10]
            $0.native = 10
        }
        #expect(result.frames() == [untagged, untagged])
        let foreign = try run([untagged, tagged(0)]) {
            $0.allow = [10]
            $0.native = 20
        }
        #expect(foreign.dropped("foreign-vlan", by: "vlan-isolation") == 2)
    }

    @Test func pushGivesEveryFrameATag() throws {
        let result = try run([untagged, tagged(0, priority: 6), tagged(10, priority: 3)]) {
            $0.allow = [10]
            $0.native = 10
            $0.tag = .push
        }
        #expect(result.frames() == [tagged(10), tagged(10, priority: 6), tagged(10, priority: 3)])
    }

    @Test func onlyTheOuterTagIsStripped() throws {
        var double = tagged(10)
        double.octets.insert(contentsOf: [0x88, 0xa8, 0, 5], at: 12)
        #expect(try run([double]) { $0.allow = [5] }.frames() == [tagged(10)])
    }

    @Test func shortFramesAreMalformed() throws {
        let frames =
            (0..<14).map { TestFrame([UInt8](repeating: 0, count: $0)) } + [
                TestFrame(Array(tagged(10).octets.prefix(17)))
            ]
        #expect(try run(frames) { $0.allow = [10] }.dropped("malformed", by: "vlan-isolation") == 15)
    }
}
