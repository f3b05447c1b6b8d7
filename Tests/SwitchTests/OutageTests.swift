import Switch
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// How often, and for how long, switches of each kind lose a host that reports every 60 s and hears no query, against the
/// formulas; and that a host that answers is lost by none. P = 60 s, Q the query interval, R the response time.
@Suite struct OutageTests {
    private static let hosts = 2...64

    /// Reports of a deaf host every 60 s until `end`, the first after `phase` seconds.
    private func deaf(_ phase: Double, until end: Double, _ group: IPv4Address = group) -> [TestFrame] {
        stride(from: phase, to: end, by: 60).map { report(at: $0, group) }
    }

    /// General queries every `interval` seconds, the first shortly after the start.
    private func queries(_ interval: Double, response: Double, until end: Double) -> [TestFrame] {
        stride(from: 0.05, to: end, by: interval).map { query(at: $0, tenths: Int(response * 10)) }
    }

    /// Answers to those queries: each after a delay that is uniform over the response time, and a first report at once.
    private func answers(
        _ interval: Double, response: Double, until end: Double, _ random: inout SeededRandom
    ) -> [TestFrame] {
        let delays = stride(from: 0.05, to: end, by: interval).map {
            $0 + Double(random.next() >> 11) / Double(1 << 53) * response
        }
        return ([0.001] + delays).map { report(at: $0) }
    }

    /// A switch with a router at port 1 and one host at each of 63 others.
    private func lan(
        router: [TestFrame], until end: Double, host: (Int) -> [TestFrame],
        _ configure: (inout Switch.Configuration) -> Void
    ) throws -> LAN {
        var frames = [1: router]
        for port in Self.hosts { frames[port] = host(port) }
        return try LAN(ports: 64, until: .seconds(end), frames, configure)
    }

    /// Phases spread evenly over a minute, none at the edge of anything.
    private func phase(_ port: Int) -> Double { 0.1 + (Double(port - 2) + 0.5) / 63 * 59.9 }

    /// A group for one host alone.
    private func own(_ port: Int) -> IPv4Address { IPv4Address(239, 1, 0, UInt8(port)) }

    private func total(_ counter: Switch.PortCounter, _ lan: LAN) -> Double {
        Self.hosts.reduce(0) { $0 + Double(lan.count(counter, $1) ?? 0) }
    }

    private func random() -> SeededRandom { SeededRandom(seed: 1, name: "hosts") }

    // MARK: A, a fixed time: max(0, P - T) / P

    @Test(arguments: [20.0, 40, 59, 61, 260]) func aFixedTime(timeout: Double) throws {
        let lan = try lan(router: [], until: 660, host: { deaf(phase($0), until: 660) }) {
            $0.ageing = .fixed
            $0.timeout = .seconds(timeout)
        }
        let outage = max(0, 60 - timeout)
        for port in Self.hosts {
            // Eleven reports, and what the last one's time leaves of the run.
            let rest = max(0, 660 - (phase(port) + 600) - timeout)
            let expected = 10 * outage + rest
            let measured = Double(try #require(lan.count(.millisecondsWithoutMember, port))) / 1000
            #expect(abs(measured - expected) < 0.02, "port \(port)")
            let longest = Double(try #require(lan.count(.longestMillisecondsWithoutMember, port))) / 1000
            #expect(abs(longest - outage) < 0.002)
        }
    }

    // MARK: B, robustness x Q + R: out for P - RV x Q - R of each minute, from Q < (P - R) / RV on

    @Test(arguments: [(10, 5), (15, 10), (20, 10), (24, 10), (25, 10), (125, 10)] as [(Double, Double)])
    func robustness(interval: Double, response: Double) throws {
        let end = 1260.0
        let router = queries(interval, response: response, until: end)
        let faulty = try lan(router: router, until: end, host: { deaf(phase($0), until: end) }) {
            $0.queryInterval = .seconds(interval)
        }
        let outage = max(0, 60 - 2 * interval - response)
        for port in Self.hosts {
            let longest = Double(try #require(faulty.count(.longestMillisecondsWithoutMember, port))) / 1000
            #expect(abs(longest - outage) < 0.002, "port \(port)")
        }
        #expect((total(.millisecondsWithoutMember, faulty) == 0) == (outage == 0))

        var random = random()
        let fixed = try lan(
            router: router, until: end, host: { _ in answers(interval, response: response, until: end, &random) }
        ) { $0.queryInterval = .seconds(interval) }
        #expect(total(.expired, fixed) == 0)
    }

    // MARK: C, per query: lost at 1 - R / P of all queries, out for (P - R)² / 2PQ of the time when Q >= P

    /// At Q = 125 s the phases come round after twelve queries, of which ten find no report within 10 s.
    @Test func perQuery() throws {
        let end = 1500.0
        let router = queries(125, response: 10, until: end)
        // A report before the first query, so that there is a member to lose.
        let faulty = try lan(
            router: router, until: end, host: { [report(at: 0)] + deaf(phase($0), until: end) }
        ) {
            $0.ageing = .perQuery
            $0.slack = .zero
        }
        for port in Self.hosts { #expect(faulty.count(.expired, port) == 10, "port \(port)") }
        let share = total(.millisecondsWithoutMember, faulty) / 1000 / 63 / end
        #expect(abs(share - 50.0 * 50 / (2 * 60 * 125)) < 0.002, "\(share)")
        let mean = total(.millisecondsWithoutMember, faulty) / 1000 / total(.expired, faulty)
        #expect(abs(mean - 25) < 0.2, "\(mean)")

        var random = random()
        let fixed = try lan(router: router, until: end, host: { _ in answers(125, response: 10, until: end, &random) })
        {
            $0.ageing = .perQuery
        }
        #expect(total(.expired, fixed) == 0)
    }

    // MARK: E, another host leaves: lost 58 times in 60, for 29 s in the mean

    /// Each host has a group of its own, which another host leaves at 120 s. The router asks at once, and a second later if
    /// nobody has answered (RFC 2236 §7).
    private func leaving(_ reports: (Int) -> [TestFrame]) throws -> LAN {
        var router = [query(at: 1)]
        var members: [Int: [TestFrame]] = [:]
        for port in Self.hosts {
            members[port] = reports(port)
            let isAnswered = reports(port).contains { $0.time > .seconds(120) && $0.time <= .seconds(121) }
            router += (isAnswered ? [120] : [120, 121]).map { query(at: $0, own(port), tenths: 10) }
        }
        return try lan(router: router, until: 200, host: { members[$0] ?? [] }) { $0.ageing = .fixed }
    }

    @Test func aLeaveOfAnother() throws {
        let faulty = try leaving { deaf(phase($0), until: 200, own($0)) }
        #expect(abs(total(.left, faulty) / 63 - 58.0 / 60) < 1.0 / 63)
        let mean = total(.millisecondsWithoutMember, faulty) / 1000 / total(.left, faulty)
        #expect(abs(mean - 29) < 0.5, "\(mean)")

        var random = random()
        let delays = Self.hosts.map { _ in Double(random.next() >> 11) / Double(1 << 53) }
        let fixed = try leaving { [report(at: 2, own($0)), report(at: 120 + delays[$0 - 2], own($0))] }
        #expect(total(.left, fixed) == 0)
    }

    // MARK: E', immediate leave on a port with two hosts: lost always, for 30 s in the mean

    @Test func anImmediateLeaveOnASharedPort() throws {
        let leave = igmp(at: 120, .leave(group), from: mac(9))
        let faulty = try lan(
            router: [query(at: 1)], until: 200, host: { deaf(phase($0), until: 200) + [leave] }
        ) { $0.immediateLeave = true }
        #expect(total(.left, faulty) == 63)
        let mean = total(.millisecondsWithoutMember, faulty) / 1000 / 63
        #expect(abs(mean - 30) < 0.5, "\(mean)")
    }
}
