import BuiltinStages
import Testing
import VLANIsolation
import Weir
import WeirTesting

/// What becomes of tags: IEEE 802.1Q, with the port that a line of the manual names.
@Suite struct VLANTagTests {
    private typealias Configure = (inout VLANIsolation.Configuration) -> Void

    /// Checks what comes out for a frame, nil for nothing.
    private func expect(
        _ pairs: [(TestFrame, TestFrame?)], at location: Testing.SourceLocation = #_sourceLocation,
        _ configure: Configure
    ) throws {
        for (sent, expected) in pairs {
            // Twice, and as one of two holders' frames in the same block.
            let found = try isolate([sent, sent], at: location, configure).frames()
            #expect(found == [expected, expected].compactMap { $0 }, sourceLocation: location)
        }
    }

    @Test func anAccessPortTowardsTheHost() throws {
        try expect([
            (frame(tag(10, priority: 5, dei: true)), frame()), (frame(), frame()),
            (frame(tag(0, priority: 6)), frame()),
            (frame(tag(20)), nil), (frame(serviceTag(10), tag(20)), frame(tag(20))),
        ]) {
            $0.allow = [10]
            $0.native = 10
        }
    }

    @Test func anAccessPortTowardsTheNetwork() throws {
        try expect([
            (frame(), frame(tag(10))), (frame(tag(0, priority: 6, dei: true)), frame(tag(10, priority: 6, dei: true))),
            (frame(tag(10, priority: 3)), frame(tag(10, priority: 3))), (frame(tag(20)), nil),
        ]) {
            $0.allow = [10]
            $0.native = 10
            $0.tag = .push
        }
    }

    @Test func aTrunkSendsItsNativeVLANWithoutTag() throws {
        try expect([
            (frame(tag(1, priority: 7)), frame()), (frame(tag(0, priority: 7)), frame()), (frame(), frame()),
            (frame(tag(10, priority: 7)), frame(tag(10, priority: 7))), (frame(tag(20)), nil),
        ]) {
            $0.allow = [1, 10]
            $0.native = 1
            $0.tag = .stripNative
        }
    }

    @Test func aTrunkMayTakeTaggedFramesOnly() throws {
        let configure: Configure = {
            $0.allow = IntegerRanges([10...19])
            $0.tag = .keep
        }
        try expect([(frame(tag(10, priority: 7)), frame(tag(10, priority: 7))), (frame(), nil)], configure)
        let dropped = try isolate([frame(), frame(tag(0)), frame(tag(20))], configure)
        #expect(dropped.dropped("untagged", by: "vlan-isolation") == 2)
        #expect(dropped.dropped("foreign-vlan", by: "vlan-isolation") == 1)
    }

    @Test func translationChangesTheNumberAndNothingElse() throws {
        try expect([
            (frame(tag(20, priority: 5, dei: true)), frame(tag(10, priority: 5, dei: true))),
            (frame(serviceTag(20, priority: 1), tag(20)), frame(serviceTag(10, priority: 1), tag(20))),
            (frame(tag(20, tpid: 0x9100)), frame(tag(10, tpid: 0x9100))),
            (frame(tag(21)), frame(tag(4094))), (frame(tag(22)), frame(tag(22))),
            // `allow` is about what comes in.
            (frame(tag(10)), nil),
        ]) {
            $0.allow = IntegerRanges([20...22])
            $0.translate = VLANTranslation([20: 10, 21: 4094])
            $0.tag = .keep
        }
    }

    @Test func theNativeVLANIsTranslatedWhereItGetsATag() throws {
        let pairs = [(frame(), frame(tag(10))), (frame(tag(0, priority: 6)), frame(tag(10, priority: 6)))]
        try expect(pairs) {
            $0.allow = [20]
            $0.native = 20
            $0.translate = VLANTranslation([20: 10])
            $0.tag = .push
        }
        try expect([(frame(), frame()), (frame(tag(0, priority: 6)), frame(tag(0, priority: 6)))]) {
            $0.allow = [20]
            $0.native = 20
            $0.translate = VLANTranslation([20: 10])
            $0.tag = .keep
        }
    }

    @Test func pushedTagsHaveThePriorityAndKindAskedFor() throws {
        try expect([
            (frame(), frame(serviceTag(10, priority: 5, dei: true))),
            // Those that were there have their own.
            (frame(tag(0, priority: 6)), frame(tag(10, priority: 6))),
            (frame(tag(10, priority: 1)), frame(tag(10, priority: 1))),
        ]) {
            $0.allow = [10]
            $0.native = 10
            $0.tag = .push
            $0.priority = 5
            $0.dropEligible = true
            $0.tpid = .service
        }
    }

    @Test func aServiceTagGoesOnTopWithThePriorityUnderIt() throws {
        try expect([
            (frame(tag(10, priority: 5)), frame(serviceTag(100, priority: 5), tag(10, priority: 5))),
            (frame(tag(10, dei: true)), frame(serviceTag(100, dei: true), tag(10, dei: true))),
            (
                frame(tag(10, priority: 3), tag(20)),
                frame(serviceTag(100, priority: 3), tag(10, priority: 3), tag(20))
            ),
            (frame(), frame(serviceTag(100))),
            (frame(tag(0, priority: 2)), frame(serviceTag(100, priority: 2), tag(0, priority: 2))),
            (frame(tag(11)), nil),
        ]) {
            $0.allow = [10]
            $0.native = 10
            $0.tag = .keep
            $0.service = 100
        }
    }

    @Test func aServiceTagHasWhatItIsTold() throws {
        let customer = tag(10, priority: 5, dei: true)
        func configure(_ configuration: inout VLANIsolation.Configuration) {
            configuration.allow = [10]
            configuration.tag = .keep
            configuration.service = 100
        }
        try expect([(frame(customer), frame(serviceTag(100, priority: 1, dei: true), customer))]) {
            configure(&$0)
            $0.priority = 1
        }
        try expect([(frame(customer), frame(serviceTag(100, priority: 5), customer))]) {
            configure(&$0)
            $0.dropEligible = false
        }
        try expect([(frame(customer), frame(tag(100, priority: 5, dei: true), customer))]) {
            configure(&$0)
            $0.tpid = .customer
        }
    }

    @Test func aServiceTagGoesOnTopOfWhatElseHappens() throws {
        try expect([
            (frame(), frame(serviceTag(100), tag(12))),
            (frame(tag(0, priority: 4)), frame(serviceTag(100, priority: 4), tag(12, priority: 4))),
            (frame(tag(11, priority: 4)), frame(serviceTag(100, priority: 4), tag(11, priority: 4))),
        ]) {
            $0.allow = [10, 11]
            $0.native = 10
            $0.tag = .push
            $0.translate = VLANTranslation([10: 12])
            $0.service = 100
        }
        try expect([
            (frame(), frame(serviceTag(100))), (frame(tag(10, priority: 4)), frame(serviceTag(100, priority: 4))),
            (frame(tag(11)), frame(serviceTag(100), tag(11))),
        ]) {
            $0.allow = [10, 11]
            $0.native = 10
            $0.tag = .stripNative
            $0.service = 100
        }
    }

    @Test func theInnerTagDecidesToo() throws {
        let configure: Configure = {
            $0.allow = [100]
            $0.native = 100
            $0.inner = IntegerRanges([10...19])
        }
        try expect(
            [
                (frame(serviceTag(100), tag(10)), frame(tag(10))), (frame(tag(100), tag(19)), frame(tag(19))),
                (frame(tag(0), serviceTag(19), tag(30)), frame(serviceTag(19), tag(30))),
                (frame(serviceTag(100), tag(9)), nil), (frame(serviceTag(100), tag(20)), nil),
                (frame(serviceTag(100), tag(0)), nil), (frame(serviceTag(100)), nil), (frame(), nil),
            ], configure)
        let whole = frame(serviceTag(100), tag(10)).octets
        let cut = (18..<22).map { TestFrame(Array(whole.prefix($0))) }
        let result = try isolate([frame(serviceTag(100), tag(9)), frame(serviceTag(100)), frame()] + cut, configure)
        #expect(result.dropped("foreign-inner-vlan", by: "vlan-isolation") == 3)
        #expect(result.dropped("malformed", by: "vlan-isolation") == 4)
    }

    /// Where there is no headroom, and where others hold the same octets, frames are copied.
    @Test func othersDoNotSeeWhatIsPushed() throws {
        var run = StageRun()
        let tee = try #require(StageCatalogue.builtin["tee"])
        try run.add(tee)
        for id in ["a", "b", "c", "d", "e"] {
            try run.add(VLANIsolation.self, id: id) {
                $0.allow = IntegerRanges([1...4094])
                $0.native = 1
                $0.tag = .push
                $0.service = 100
            }
        }
        let result = run.run([frame(), frame(tag(7))])
        #expect(result.imbalances == [])
        #expect(result.frames("tee.copy") == [frame(), frame(tag(7))])
        let tags = (0..<5).flatMap { _ in serviceTag(100) }
        #expect(result.frames() == [frame(tags, tag(1)), frame(tags, tag(7))])
    }
}
