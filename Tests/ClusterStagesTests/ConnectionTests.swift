import Testing
import Weir
import WeirTesting
import WeirWire

/// Connections stay with the host that has them, for as long as they are remembered.
@Suite struct ConnectionTests {
    typealias Timed = [(time: Duration, packet: ClientPacket)]

    private static let ports = 1024..<1048 as Range<UInt16>

    /// Host 1 is alone for a second, then host 2 joins.
    private func cluster(_ parameters: String) -> FilterCluster {
        FilterCluster(hosts: [1, 2], "cluster: 10.0.0.100, changes: [{ up: 1 }, { up: 1-2, at: 1s }], \(parameters)")
    }

    /// One packet of each connection, all within a moment.
    private func all(_ seconds: Double, _ packet: (UInt16) -> ClientPacket) -> Timed {
        Self.ports.map { (.milliseconds(Int(seconds * 1000)) + .microseconds(Int($0 - 1024)), packet($0)) }
    }

    /// Whose the connections are by the map, when both hosts are up.
    private func byMap(_ packet: (UInt16) -> ClientPacket = { .tcp($0) }) throws -> [Int] {
        let owners = try FilterCluster(hosts: [1, 2], "cluster: 10.0.0.100, affinity: none").run(Self.ports.map(packet))
            .owners
        #expect(Set(owners) == [1, 2])
        return owners
    }

    private var host1: [Int] { Self.ports.map { _ in 1 } }

    @Test func establishedConnectionsStayAndNewOnesFollowTheMap() throws {
        let owners = try cluster("affinity: none").run(
            all(0) { .tcp($0) } + all(0.5) { .tcp($0, .ack) } + all(2) { .tcp($0, .ack) }
                + all(3) { .tcp($0, [.ack, .fin]) }
                + all(4) { .tcp($0, to: 81) }
        ).owners
        #expect(owners[..<96] == (host1 + host1 + host1 + host1)[...])
        #expect(Set(owners[96...]) == [1, 2])
    }

    @Test func datagramsStayUntilTheyWereSilentForTooLong() throws {
        let outcome = try cluster("affinity: none, udp-idle: 10s").run(
            all(0) { .udp($0) } + all(9.9) { .udp($0) } + all(19.8) { .udp($0) } + all(29.9) { .udp($0) })
        #expect(outcome.owners[..<72] == (host1 + host1 + host1)[...])
        #expect(outcome.owners[72...] == (try byMap { .udp($0) })[...])
    }

    @Test(arguments: [(opens: true, idle: 10.0), (false, 100)]) func connectionsAreForgotten(opens: Bool, idle: Double)
        throws
    {
        // `tcp-transitory` while only SYNs were seen, `tcp-idle` from then on.
        let next: TCPFlags = opens ? .syn : .ack
        let owners = try cluster("affinity: none, tcp-idle: 100s, tcp-transitory: 10s, cleanup-delay: 0s").run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, next) } + all(idle) { .tcp($0, next) }
                + all(2 * idle + 0.1) { .tcp($0, next) }
        ).owners
        #expect(owners[..<72] == (host1 + host1 + host1)[...])
        #expect(owners[72...] == (try byMap())[...])
    }

    @Test(arguments: [TCPFlags.fin, .rst, [.fin, .ack]]) func aSYNAfterTheEndBeginsAnew(end: TCPFlags) throws {
        let owners = try cluster("affinity: none").run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(2) { .tcp($0, end) } + all(3) { .tcp($0, .ack) }
                + all(4) { .tcp($0, .syn) } + all(5) { .tcp($0, .ack) }
        ).owners
        #expect(owners[..<96] == (host1 + host1 + host1 + host1)[...])
        let map = try byMap()
        #expect(owners[96...] == (map + map)[...])
    }

    @Test func aSYNInAnEstablishedConnectionIsOfTheSameHost() throws {
        // The host answers it with a challenge (RFC 9293 §3.10.7.4); another one would open a second connection.
        let owners = try cluster("affinity: none").run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(2) { .tcp($0, .syn) } + all(200) { .tcp($0, .ack) }
        )
        .owners
        #expect(owners == host1 + host1 + host1 + host1)
    }

    @Test func aClosedConnectionIsForgottenSoon() throws {
        let owners = try cluster("affinity: none, tcp-transitory: 10s, cleanup-delay: 0s").run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(2) { .tcp($0, .rst) } + all(13) { .tcp($0, .ack) }
        )
        .owners
        #expect(owners[72...] == (try byMap())[...])
    }

    // MARK: Connections that nobody knows

    @Test func anUnknownConnectionIsLeftToTheHostThatHadItsBucket() throws {
        let outcome = try cluster("affinity: none, cleanup-delay: 20s").run(
            [(.zero, .tcp(9))] + all(2) { .tcp($0, .ack) } + all(3) { .tcp($0, to: 81, .syn) }
                + all(20.9) { .tcp($0, to: 82, .ack) } + all(21.1) { .tcp($0, to: 83, .ack) })
        let owners = outcome.owners.dropFirst()
        #expect(Array(owners.prefix(24)) == host1)
        #expect(Array(owners.dropFirst(24).prefix(24)) == (try byMap { .tcp($0, to: 81) }))
        #expect(Array(owners.dropFirst(48).prefix(24)) == host1)
        #expect(Array(owners.suffix(24)) == (try byMap { .tcp($0, to: 83) }))
        let moved = try (byMap() + byMap { .tcp($0, to: 82) }).count { $0 == 2 }
        #expect(outcome.counter("kept-packets") == moved)
    }

    @Test func notIfThatHostIsGone() throws {
        let cluster = FilterCluster(
            hosts: [1, 2, 3], "cluster: 10.0.0.100, affinity: none, changes: [{ up: 1 }, { up: 2-3, at: 1s }]")
        let owners = try cluster.run([(.zero, .tcp(9))] + all(2) { .tcp($0, .ack) }).owners
        #expect(Set(owners.dropFirst()) == [2, 3])
    }

    /// Host 2 starts ten seconds after host 1, and knows from the steps what it has missed.
    @Test func aHostThatStartsLateLeavesOldConnectionsAlone() throws {
        let packets =
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(12) { .tcp($0, .ack) }
            + all(13) { .tcp($0, to: 81) } + all(14) { .tcp($0, to: 81, .ack) }
        let frames = packets.enumerated().map { number, entry in
            entry.packet.changed { $0.mark = UInt32(number) }.frame(at: entry.time)
        }
        let early = FilterCluster(
            hosts: [1, 2], "cluster: 10.0.0.100, affinity: none, changes: [{ up: 1 }, { up: 1-2, at: 11s }]")
        func keepers(_ parameters: String) throws -> [[Int]] {
            let late = FilterCluster(hosts: [1, 2], "cluster: 10.0.0.100, affinity: none, \(parameters)")
            let first = try early.run(frames, host: 1).frames().map(mark)
            let second = try late.run([TestFrame](frames[48...]), host: 2).frames().map(mark)
            return (48..<120).map { number in (first.contains(number) ? [1] : []) + (second.contains(number) ? [2] : [])
            }
        }
        let steps = "changes: [{ up: 1 }, { up: 1-2 }]"
        let kept = try keepers(steps)
        #expect(kept[..<24].allSatisfy { $0 == [1] })
        let map = try byMap { .tcp($0, to: 81) }
        #expect(kept[24..<48].map { $0 } == map.map { [$0] })
        #expect(kept[48...].map { $0 } == map.map { [$0] })
        // The judge judges: without the delay both have some.
        #expect(try keepers(steps + ", cleanup-delay: 0s").contains([1, 2]))
    }

    @Test func anOwnerThatLeavesLosesItsConnections() throws {
        let cluster = FilterCluster(
            hosts: [1, 2],
            "cluster: 10.0.0.100, affinity: none, changes: [{ up: 1-2 }, { up: 2, at: 1s }, { up: 1-2, at: 3s }]")
        let owners = try cluster.run(
            all(0) { .tcp($0) } + all(0.1) { .tcp($0, .ack) } + all(2) { .tcp($0, .ack) } + all(4) { .tcp($0, .ack) }
        ).owners
        let map = try byMap()
        #expect(Array(owners[..<48]) == map + map)
        // Host 2 has them now and keeps them.
        #expect(owners[48...].allSatisfy { $0 == 2 })
    }

    @Test func timesFarApartDoNoHarm() throws {
        let years = [0, 1, 2, 3, 10, 100, 250, 290].map { Double($0) * 365.25 * 86_400 }
        let outcome = try cluster("rules: [{ ports: 80, timeout: 1h }]")
            .run(years.flatMap { year in all(year) { .tcp($0) } + all(year + 1) { .tcp($0, .ack) } })
        #expect(outcome.keepers.allSatisfy { $0.count == 1 })
    }
}
