import Testing
import Weir
import WeirTesting

/// Sends what comes in by a port out by all others, and after a second once more by a timer's count.
private struct Hub: PortStage {
    static let kind = "test-hub"
    static let summary = "Repeats."
    static let example = ""

    struct Configuration: StageConfiguration {
        @Parameter("How many ports.", default: 3, in: 1...64) var ports: Int
        init() {}
    }
    enum Drop: String, StageWord { case alone = "there is no other port" }
    enum Counter: String, StageWord { case ticks = "timers that fired" }
    enum PortCounter: String, StageWord { case heard = "packets heard", unused = "nothing" }

    let ports: PortSet
    init(_ configuration: Configuration) { ports = PortSet(first: configuration.ports) }
    static func portCount(_ configuration: Configuration) -> Int { configuration.ports }

    mutating func process(_ packet: inout Packet, from port: Int, _ context: Context) -> PortVerdict<Hub> {
        context.count(.heard, of: port)
        context.schedule(0, at: context.now + .milliseconds(5))
        var others = ports
        others.remove(port)
        return .send(to: others, orDrop: .alone)
    }
    mutating func timerFired(_ token: UInt64, _ context: Context) { context.count(.ticks) }
}

@Suite struct PortStageTests {
    private func frames(_ octet: UInt8, at times: [Int]) -> [TestFrame] {
        times.map { TestFrame(at: .milliseconds($0), [octet, UInt8($0)]) }
    }

    @Test func packetsKnowTheirPortAndLeaveByAllOthersInOrder() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Hub.self)) { (_: inout Hub.Configuration) in }
        run.feed(frames(1, at: [1, 2, 3, 8]), to: "test-hub.port1")
        run.feed(frames(2, at: [2, 4]), to: "test-hub.port2")
        let result = run.run([])
        #expect(result.imbalances == [])
        #expect(result.frames("test-hub.port1") == frames(2, at: [2, 4]))
        #expect(result.frames("test-hub.port2") == frames(1, at: [1, 2, 3, 8]))
        #expect(result.frames("test-hub.port3").map(\.time) == [1, 2, 2, 3, 4, 8].map { .milliseconds($0) })
        #expect(result.counter("port1-heard", of: "test-hub") == 4)
        #expect(result.counter("port2-heard", of: "test-hub") == 2)
        #expect(result.counter("port3-heard", of: "test-hub") == 0)
        #expect(result.counter("ticks", of: "test-hub") == 6)
    }

    @Test func whatGoesNowhereIsDroppedUnderItsReason() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Hub.self)) { (configuration: inout Hub.Configuration) in configuration.ports = 1 }
        run.feed(frames(1, at: [1, 2]), to: "test-hub.port1")
        let result = run.run([])
        #expect(result.imbalances == [])
        #expect(result.dropped("alone", by: "test-hub") == 2)
    }

    @Test func moreThanABatchFromSeveralPortsKeepsItsOrder() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Hub.self)) { (_: inout Hub.Configuration) in }
        for port in 0..<3 {
            let mine = (0..<700).map {
                TestFrame(at: .microseconds(($0 / 7) * 10 + port), [UInt8(port), UInt8($0 & 255)])
            }
            run.feed(mine, to: "test-hub.port\(port + 1)")
        }
        let result = run.run([])
        #expect(result.imbalances == [])
        for port in 0..<3 {
            let out = result.frames("test-hub.port\(port + 1)")
            #expect(out.count == 1400)
            #expect(zip(out, out.dropFirst()).allSatisfy { $0.time <= $1.time })
            for other in 0..<3 where other != port {
                let numbers = out.filter { $0.octets[0] == UInt8(other) }.map { $0.octets[1] }
                #expect(numbers == (0..<700).map { UInt8($0 & 255) })
            }
        }
    }

    /// More sources than blocks that they could have had before each got its own.
    @Test func asManySourcesAsPortsStayInTheOrderOfTime() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Hub.self)) { (configuration: inout Hub.Configuration) in configuration.ports = 64 }
        for port in 1...64 {
            run.feed((0..<20).map { TestFrame(at: .microseconds($0 * 100 + port), [1]) }, to: "test-hub.port\(port)")
        }
        let result = run.run([])
        #expect(result.imbalances == [])
        let expected = (0..<20).flatMap { round in (2...64).map { Duration.microseconds(round * 100 + $0) } }
        #expect(result.frames("test-hub.port1").map(\.time) == expected)
    }

    @Test func aPortSetIsASet() {
        var set = PortSet(first: 64)
        #expect(set.contains(63))
        set.remove(63)
        #expect(!set.contains(63))
        #expect(PortSet(first: 3).subtracting(PortSet(1)) == PortSet(0).union(PortSet(2)))
        var walked: [Int] = []
        while let port = set.popFirst() { walked.append(port) }
        #expect(walked == Array(0..<63))
    }
}
