import Testing
import VLANIsolation
import Weir
import WeirTesting
import WeirWire

/// Runs frames through a `vlan-isolation`; every run must balance.
func isolate(
    _ frames: [TestFrame], note: String = "", at location: Testing.SourceLocation = #_sourceLocation,
    _ configure: (inout VLANIsolation.Configuration) -> Void
) throws -> StageRun.Result {
    var run = StageRun()
    try run.add(VLANIsolation.self, configure)
    let result = run.run(frames)
    #expect(result.imbalances == [], "\(note)", sourceLocation: location)
    return result
}

/// A tag's four octets.
func tag(_ identifier: UInt16, priority: UInt8 = 0, dei: Bool = false, tpid: UInt16 = 0x8100) -> [UInt8] {
    let high = priority << 5 | (dei ? 0x10 : 0) | UInt8(identifier >> 8)
    return [UInt8(tpid >> 8), UInt8(tpid & 0xff), high, UInt8(identifier & 0xff)]
}

/// A service tag's four octets.
func serviceTag(_ identifier: UInt16, priority: UInt8 = 0, dei: Bool = false) -> [UInt8] {
    tag(identifier, priority: priority, dei: dei, tpid: 0x88a8)
}

/// A frame of two stations with these tags, the outermost first, and a payload that says nothing.
func frame(_ tags: [UInt8]..., to destination: UInt8 = 1, from source: UInt8 = 2) -> TestFrame {
    TestFrame(
        [2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source] + tags.flatMap { $0 } + [0x08, 0x00, 0x45, 0x11, 0x22])
}
