import Switch
import Testing
import Weir
import WeirTesting

@Suite struct SwitchTests {
    @Test func unknownAddressesFloodAndKnownOnesDoNot() throws {
        var run = StageRun()
        try run.add(Switch.self) { $0.ports = 3 }
        func frame(at seconds: Int, _ destination: UInt8, _ source: UInt8) -> TestFrame {
            TestFrame(
                at: .seconds(seconds), [2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source, 0x08, 0x06, 1, 2, 3])
        }
        run.feed([frame(at: 1, 9, 1)], to: "switch.port1")
        run.feed([frame(at: 2, 1, 2)], to: "switch.port2")
        let result = run.run([])
        #expect(result.imbalances == [])
        #expect(result.frames("switch.port1") == [frame(at: 2, 1, 2)])
        #expect(result.frames("switch.port2") == [frame(at: 1, 9, 1)])
        #expect(result.frames("switch.port3") == [frame(at: 1, 9, 1)])
    }
}
