import Testing
import Weir
import WeirTesting
import WeirWire

/// Hosts that take no new connections, for some ports or for good.
@Suite struct DrainTests {
    typealias Timed = [(time: Duration, packet: ClientPacket)]

    private static let ports = 1024..<1048 as Range<UInt16>

    private func all(_ seconds: Double, _ packet: (UInt16) -> ClientPacket) -> Timed {
        Self.ports.map { (.milliseconds(Int(seconds * 1000)) + .microseconds(Int($0 - 1024)), packet($0)) }
    }

    private func cluster(_ steps: String, _ parameters: String = "affinity: none") -> FilterCluster {
        FilterCluster(hosts: [1, 2], "cluster: 10.0.0.100, changes: [\(steps)], \(parameters)")
    }

    private func drained(_ outcome: FilterCluster.Outcome, host: Int = 1) -> [Double] {
        (outcome.results[host]?.log ?? []).filter { $0.message.hasPrefix("drained") }
            .map { ($0.time - Instant(nanoseconds: 0)).inSeconds }
    }

    @Test func aHostDrainsForTheRulesThatArePartlyForThesePorts() throws {
        let cluster = cluster(
            "{ up: 1 }, { up: 1-2, drain: [{ host: 1, ports: '443,8050' }], at: 1s }",
            "rules: [{ ports: 80, affinity: none }, { ports: 443, affinity: none }, { ports: 8000-8099, affinity: none }]"
        )
        let owners = try cluster.run(
            all(0) { .tcp($0, to: 443) } + all(0.1) { .tcp($0, to: 443, .ack) }
                + all(2) { .tcp($0, to: 443, .ack) } + all(3) { .tcp($0 + 100, to: 443) }
                + all(4) { .tcp($0, to: 8001) }
                + all(5) { .tcp($0, to: 80) } + all(6) { .tcp($0, to: 9) }
        ).owners
        #expect(owners[..<72].allSatisfy { $0 == 1 })
        #expect(owners[72..<120].allSatisfy { $0 == 2 })
        #expect(Set(owners[120..<144]) == [1, 2])
        // What no rule is for is not drained.
        #expect(owners[144...].allSatisfy { $0 == 1 })
    }

    @Test func aHostThatStopsKeepsItsConnectionsToTheEndAndSaysSo() throws {
        var cluster = cluster("{ up: 1 }, { up: 1-2, drainstop: 1, at: 1s }")
        cluster.duration = .seconds(30)
        let outcome = try cluster.run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(5) { .tcp($0, .ack) } + all(6) { .tcp($0 + 100) }
                + all(10.5) { .tcp($0, [.fin, .ack]) } + [(.seconds(11), .echo())])
        let owners = outcome.owners
        #expect(owners[..<72].allSatisfy { $0 == 1 })
        #expect(owners[72..<96].allSatisfy { $0 == 2 })
        #expect(owners[96..<120].allSatisfy { $0 == 1 })
        #expect(owners[120] == 2)
        #expect(drained(outcome).count == 1)
        #expect(drained(outcome).allSatisfy { (10.5...11.6).contains($0) }, "\(drained(outcome))")
        #expect(drained(outcome, host: 2) == [])
    }

    @Test func silentConnectionsEndTheDrainToo() throws {
        var cluster = cluster("{ up: 1 }, { up: 1-2, drainstop: 1, at: 1s }", "affinity: none, udp-idle: 20s")
        cluster.duration = .seconds(60)
        let outcome = try cluster.run(all(0) { .udp($0) } + all(5) { .udp($0) })
        #expect(drained(outcome).count == 1)
        #expect(drained(outcome).allSatisfy { (25...26.1).contains($0) }, "\(drained(outcome))")
    }

    @Test func otherChangesOnTheWayDoNotRepeatIt() throws {
        let steps = (1...8).map { "{ up: 1-2, drainstop: 1, weights: { 2: \($0) }, at: \($0)s }" }
        var cluster = cluster("{ up: 1 }, " + steps.joined(separator: ", "))
        cluster.duration = .seconds(30)
        let outcome = try cluster.run(all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(4) { .tcp($0, .rst) })
        #expect(drained(outcome).count == 1)
    }

    @Test func aHostThatComesBackMayStopAgain() throws {
        let cluster = cluster(
            "{ up: 1 }, { up: 1-2, drainstop: 1, at: 1s }, { up: 1-2, at: 5s }, { up: 1-2, drainstop: 1, at: 10s }")
        var longer = cluster
        longer.duration = .seconds(30)
        let outcome = try longer.run(
            all(0) { .tcp($0) } + all(2) { .tcp($0, .rst) } + all(6) { .tcp($0) } + all(15) { .tcp($0, .rst) })
        #expect(drained(outcome).count == 2, "\(drained(outcome))")
    }

    @Test func aStopThatIsTakenBackForAMomentIsOneStop() throws {
        var cluster = cluster(
            "{ up: 1 }, { up: 1-2, drainstop: 1, at: 1s }, { up: 1-2, at: 1200ms }, { up: 1-2, drainstop: 1, at: 1400ms }"
        )
        cluster.duration = .seconds(10)
        let outcome = try cluster.run(all(0) { .tcp($0) } + all(4) { .tcp($0, .rst) })
        #expect(drained(outcome).count == 1, "\(drained(outcome))")
    }

    @Test func theLogSaysWhoIsUpWhoStopsAndWhoHasWhat() throws {
        let outcome = try cluster(
            "{ up: 1-2 }, { up: 1-2, drainstop: 1, at: 1s }",
            "rules: [{ ports: 80, protocol: tcp }, { ports: 81, filtering: disabled }]"
        ).run([(.zero, .echo()), (.seconds(2), .echo())])
        #expect(
            outcome.log(2) == [
                "membership up=1-2 drainstop=none moved-buckets=0", "buckets rule=80/tcp hosts=1:0-29 2:30-59",
                "buckets rule=81 hosts=nobody", "buckets rule=other hosts=1",
                "membership up=1-2 drainstop=1 moved-buckets=90", "buckets rule=80/tcp hosts=2",
                "buckets rule=81 hosts=nobody", "buckets rule=other hosts=2",
            ])
    }

    @Test func aHostWithoutConnectionsStopsAtOnce() throws {
        var cluster = cluster("{ up: 1-2 }, { up: 1-2, drainstop: 1, at: 1s }")
        cluster.duration = .seconds(10)
        #expect(drained(try cluster.run([.echo()])) == [1])
    }

    @Test func whenEverybodyDrainsNobodyTakesNewConnections() throws {
        let outcome = try cluster("{ up: 1-2 }, { up: 1-2, drainstop: 1-2, at: 1s }").run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(2) { .tcp($0, .ack) } + all(3) { .tcp($0 + 100) })
        #expect(outcome.keepers[..<72].allSatisfy { $0.count == 1 })
        #expect(outcome.owners[24..<48] == outcome.owners[48..<72])
        #expect(outcome.keepers[72...].allSatisfy { $0.isEmpty })
    }
}
