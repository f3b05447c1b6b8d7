import Testing
import Weir
import WeirTesting

/// Which buckets move when the membership changes, seen through the filters of all hosts.
@Suite struct MovementTests {
    private static let steps = 8

    /// A connection into one bucket of one port, begun after a step.
    private struct Probe: Hashable {
        let step: Int
        let port: UInt16
        let bucket: Int
    }

    /// A SYN for each probe, half a second after its step, in order of time. Each is a flow of its own, that nobody
    /// remembers.
    private static let probes: [(probe: Probe, frame: TestFrame)] = {
        var random = SeededRandom(seed: 60)
        var found: [Probe: TestFrame] = [:]
        for step in 0...steps {
            for port in MembershipHistory.ports {
                var open = Set(0..<60)
                while !open.isEmpty {
                    let flow = ClientFlow(using: &random, port: port)
                    let bucket = Int((UInt64(plainToeplitz(flow.hashInput)) * 60) >> 32)
                    guard open.remove(bucket) != nil else { continue }
                    let time = Duration.milliseconds(step * 1000 + (step == 0 ? 0 : 500))
                    found[Probe(step: step, port: port, bucket: bucket)] = flow.syn(at: time)
                }
            }
        }
        return found.map { ($0.key, $0.value) }.sorted { $0.frame.time < $1.frame.time }
    }()

    /// The hosts that keep each probe, and how many buckets for port 80 each host says that it has in the end.
    private func run(_ history: MembershipHistory) throws -> (owners: [Probe: [Int]], buckets: [Int: UInt64]) {
        let frames = Self.probes.map(\.frame)
        let probes = Dictionary(uniqueKeysWithValues: Self.probes.map { ($0.frame, $0.probe) })
        var owners: [Probe: [Int]] = [:]
        var buckets: [Int: UInt64] = [:]
        for host in history.hosts {
            var run = StageRun()
            try run.addFilter(history.parameters(host: host))
            let result = run.run(frames)
            #expect(result.imbalances == [])
            for frame in result.frames() { owners[try #require(probes[frame]), default: []].append(host) }
            buckets[host] = result.counter("buckets", of: "nlb-filter")
            #expect(result.counter("memberships", of: "nlb-filter") == UInt64(Self.steps))
        }
        return (owners, buckets)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func mapsAreThoseOfTheModelAndMoveLeast(seed: UInt64) throws {
        let history = MembershipHistory(steps: Self.steps, seed: seed)
        let (owners, buckets) = try run(history)
        for port in MembershipHistory.ports {
            let expected = history.maps(port: port)
            var before: [Int]?
            for step in 0...Self.steps {
                let found = (0..<60).map { owners[Probe(step: step, port: port, bucket: $0)] ?? [] }
                let place = "seed \(seed), port \(port), after step \(step): \(history.parameters(host: 0))"
                #expect(found == expected[step].owners.map { [$0] }, "\(place)")
                guard found.allSatisfy({ $0.count == 1 }) else { continue }
                let now = found.map { $0[0] }
                if let before { #expect(moved(from: before, to: now) == leastMoves(from: before, to: now), "\(place)") }
                before = now
            }
        }
        for host in history.hosts {
            let last = history.maps(port: 80)[Self.steps].owners
            #expect(buckets[host] == UInt64(last.count { $0 == host }), "seed \(seed), host \(host)")
        }
    }

    private func moved(from before: [Int], to after: [Int]) -> Int { zip(before, after).count { $0 != $1 } }

    /// Whatever a host has less than before must have moved away from it, and no more has to move.
    private func leastMoves(from before: [Int], to after: [Int]) -> Int {
        Set(before).reduce(0) { sum, host in
            sum + max(0, before.count { $0 == host } - after.count { $0 == host })
        }
    }

    /// The models of the other tests, by numbers that are known.
    @Test func theModelMovesWhatItShould() {
        var map = MapModel(weights: [1: 50, 2: 50, 3: 50, 4: 50])
        #expect(map.owners == (1...4).flatMap { [Int](repeating: $0, count: 15) })
        map.move(to: [1: 50, 2: 50, 3: 50])
        #expect(map.owners[..<45] == (1...3).flatMap { [Int](repeating: $0, count: 15) }[...])
        #expect(map.owners[45...] == (1...3).flatMap { [Int](repeating: $0, count: 5) }[...])
        map.move(to: [1: 50, 2: 50, 3: 50, 4: 50])
        #expect(map == MapModel(weights: [1: 50, 2: 50, 3: 50, 4: 50]))
    }
}
