import Testing
import Weir
import WeirTesting
import WeirWire

/// The table of connections is bounded, and forgets what is missed least.
@Suite struct FlowTableTests {
    typealias Timed = [(time: Duration, packet: ClientPacket)]

    /// Host 1 is alone for a second, then only host 2 takes new ones: who is remembered stays with host 1.
    private func cluster(_ limit: Int) -> FilterCluster {
        FilterCluster(
            hosts: [1, 2],
            """
            cluster: 10.0.0.100, affinity: none, connections: \(limit), cleanup-delay: 0s,
            changes: [{ up: 1 }, { up: 1-2, weights: { 1: 0 }, at: 1s }]
            """)
    }

    private func flows(_ seconds: Double, _ ports: Range<UInt16>, _ flags: TCPFlags) -> Timed {
        ports.map { (.milliseconds(Int(seconds * 1000)) + .microseconds(Int($0 % 1000)), .tcp($0, flags)) }
    }

    @Test(arguments: [1, 7, 100, 767, 768, 1000]) func theLimitHolds(limit: Int) throws {
        let count = 3 * limit
        let ports = 1..<UInt16(count + 1)
        let outcome = try cluster(limit).run(ports.map { (.microseconds(Int($0)), .tcp($0)) })
        for host in 1...2 {
            #expect(outcome.counter("connections", host) == limit)
            #expect(outcome.counter("evicted", host) == count - limit)
        }
        #expect(outcome.counter("own-connections", 1) == limit)
        #expect(outcome.counter("own-connections", 2) == 0)
        #expect(outcome.keepers.allSatisfy { $0 == [1] })
    }

    /// What becomes of 300 and 300 flows when 100 more come than there is room for: how many of each are remembered.
    private func remembered(_ first: Timed, _ second: Timed) throws -> (first: Int, second: Int) {
        func ports(_ flows: Timed) -> [UInt16] { Set(flows.map(\.packet.port)).sorted() }
        let old = (first + second).sorted { $0.time < $1.time }
        let outcome = try cluster(600).run(
            old + flows(2, 5000..<5100, .ack)
                + (ports(first) + ports(second)).enumerated().map {
                    (.seconds(3) + .microseconds($0.offset), .tcp($0.element, .ack))
                })
        #expect(outcome.keepers.allSatisfy { $0.count == 1 })
        let asked = outcome.owners.suffix(600)
        return (asked.prefix(300).count { $0 == 1 }, asked.suffix(300).count { $0 == 1 })
    }

    // Each further packet of a flow that was forgotten needs a place again, so that more go than came.

    @Test func whatClosesGoesBeforeWhatIsEstablished() throws {
        let counts = try remembered(
            flows(0, 1000..<1300, .syn) + flows(0.2, 1000..<1300, .ack),
            flows(0.1, 2000..<2300, .syn) + flows(0.3, 2000..<2300, .ack) + flows(0.4, 2000..<2300, .fin))
        #expect(counts.first == 300)
        #expect(counts.second <= 200)
    }

    @Test func whatOpensGoesBeforeWhatIsEstablished() throws {
        let counts = try remembered(
            flows(0, 1000..<1300, .syn) + flows(0.1, 1000..<1300, .ack), flows(0.5, 2000..<2300, .syn))
        #expect(counts.first == 300)
        #expect(counts.second <= 200)
    }

    @Test func whatClosesGoesBeforeWhatOpens() throws {
        let counts = try remembered(flows(0, 1000..<1300, .syn), flows(0.5, 2000..<2300, .rst))
        #expect(counts.first == 300)
        #expect(counts.second <= 200)
    }

    @Test func ofTheEstablishedThoseGoThatWereSilentLongest() throws {
        let counts = try remembered(
            flows(0, 1000..<1300, .ack) + flows(0.9, 1000..<1300, .ack), flows(0.5, 2000..<2300, .ack))
        #expect(counts.first >= 299)
        #expect(counts.second <= 200)
    }
}
