import BuiltinStages
import Discard
import NLBFilter
import Testing
import Weir
import WeirTesting

/// How flows fall into the 60 buckets.
@Suite struct BucketTests {
    /// How many of these packets fall into each bucket, seen from outside: of two hosts with the weights w and 60 - w
    /// the first has the buckets below w, so that filters one behind the other halve the buckets down to single ones.
    private func tally(_ frames: [TestFrame], _ parameters: String? = nil) throws -> [Int] {
        var run = StageRun()
        func halve(_ buckets: Range<Int>) throws {
            guard buckets.count > 1 else {
                return try run.add(StageDescriptor(Discard.self), id: "bucket-\(buckets.lowerBound)")
            }
            let middle = buckets.lowerBound + buckets.count / 2
            func name(_ part: Range<Int>) -> String {
                part.count > 1 ? "split-\(part.lowerBound)-\(part.upperBound)" : "bucket-\(part.lowerBound)"
            }
            try run.addFilter(
                """
                cluster: 10.0.0.100, host-id: 1, hosts: 1-2, \(parameters.map { $0 + "," } ?? "")
                rules: [{ ports: 80, affinity: none, weights: { 1: \(middle), 2: \(60 - middle) } }]
                """, id: name(buckets))
            try halve(buckets.lowerBound..<middle)
            run.connect(name(buckets), "not-ours", to: name(middle..<buckets.upperBound))
            try halve(middle..<buckets.upperBound)
        }
        try halve(0..<60)
        let result = run.run(frames)
        #expect(result.imbalances == [])
        return (0..<60).map { Int(result.dropped("discarded", by: "bucket-\($0)")) }
    }

    /// Pearson's statistic against equal shares.
    private func chiSquared(_ counts: [Int]) -> Double {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }

    /// Of 59 degrees of freedom, exceeded by chance once in a thousand times.
    private let bound = 98.32

    @Test func aMillionRandomFlowsFillTheBucketsEvenly() throws {
        let seed: UInt64 = 193_602
        var random = SeededRandom(seed: seed)
        var counts = [Int](repeating: 0, count: 60)
        for _ in 0..<10 {
            let frames = (0..<100_000).map { _ in ClientFlow(using: &random).syn() }
            for (bucket, count) in try tally(frames).enumerated() { counts[bucket] += count }
        }
        #expect(counts.reduce(0, +) == 1_000_000)
        #expect(chiSquared(counts) < bound, "seed \(seed): \(counts)")
    }

    @Test(arguments: ["hash: toeplitz", "hash: fast, seed: 1", "hash: fast, seed: 4294967295"])
    func otherHashesFillThemEvenlyToo(parameters: String) throws {
        let seed: UInt64 = 838_408
        var random = SeededRandom(seed: seed)
        let counts = try tally((0..<60_000).map { _ in ClientFlow(using: &random).syn() }, parameters)
        #expect(counts.reduce(0, +) == 60_000)
        #expect(chiSquared(counts) < bound, "seed \(seed): \(counts)")
    }

    /// Flows as there are: neighbouring addresses, and the ports that a kernel gives one after the other.
    @Test(arguments: [(1, 60_000, 1), (60_000, 1, 1), (250, 240, 1), (250, 240, 2)])
    func neighbouringFlowsFillThemEvenly(clients: Int, ports: Int, apart: Int) throws {
        let frames = (0..<clients).flatMap { client in
            (0..<ports).map { port in
                ClientFlow(client: 0xc0a8_0000 + UInt32(client), clientPort: UInt16(1024 + port * apart)).syn()
            }
        }
        let counts = try tally(frames)
        #expect(counts.reduce(0, +) == frames.count)
        #expect(chiSquared(counts) < bound, "\(counts)")
    }

    /// Weights of the hosts 1, 2, ... and the buckets that they come to: floor(60 * w / sum), the rest by largest
    /// remainder, ties to the lowest id.
    static let shares: [([Int], [Int])] = [
        ([50, 50, 50], [20, 20, 20]),
        ([100, 50], [40, 20]),
        ([1, 1, 1, 1, 1, 1, 1], [9, 9, 9, 9, 8, 8, 8]),
        ([70, 20, 10], [42, 12, 6]),
        ([0, 100, 0], [0, 60, 0]),
        ([100, 1], [59, 1]),
        ([1, 2, 3, 4, 5], [4, 8, 12, 16, 20]),
        ([3, 3, 1], [26, 26, 8]),  // 25.7, 25.7, 8.6: two of three remainders
    ]

    @Test(arguments: shares) func weightsAreHonouredToOnePercentOfTheTraffic(weights: [Int], buckets: [Int]) throws {
        #expect(MapModel(weights: Dictionary(uniqueKeysWithValues: zip(1..., weights))).counts(of: weights) == buckets)
        let seed: UInt64 = 60
        var random = SeededRandom(seed: seed)
        let frames = (0..<30_000).map { _ in ClientFlow(using: &random).syn() }
        let written = zip(1..., weights).map { "\($0): \($1)" }.joined(separator: ", ")
        for host in 1...weights.count {
            var run = StageRun()
            try run.addFilter(
                """
                cluster: 10.0.0.100, host-id: \(host), hosts: 1-\(weights.count),
                rules: [{ ports: 80, affinity: none, weights: { \(written) } }]
                """)
            let result = run.run(frames)
            #expect(result.imbalances == [])
            #expect(result.counter("buckets", of: "nlb-filter") == UInt64(buckets[host - 1]))
            let share = Double(result.frames().count) / Double(frames.count)
            #expect(abs(share - Double(buckets[host - 1]) / 60) < 0.01, "seed \(seed), host \(host): \(share)")
        }
    }
}
