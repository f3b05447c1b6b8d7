import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Answers are spread evenly: over (0, R - margin], whatever the version and kind of the query.
@Suite struct DelayDistributionTests {
    private static let count = 10_000
    private static let longest = 9.8
    private static let spacing = 20

    /// The delays of the answers to ten thousand queries, in seconds.
    private func delays(_ version: IGMPVersion, group: IPv4Address, seed: UInt64) throws -> [Double] {
        let queries = (1...Self.count).map { query(at: .seconds(Self.spacing * $0), version, group: group) }
        let run = try HostRun(queries, seed: seed) { $0.version = Int(version.rawValue) }
        let answers = run.sent(after: .seconds(Self.spacing))
        try #require(answers.count == Self.count)
        return answers.map { $0.time.inSeconds.truncatingRemainder(dividingBy: Double(Self.spacing)) }
    }

    @Test(arguments: IGMPVersion.all, [IPv4Address.unspecified, HostRun.group])
    func passesAKolmogorovSmirnovTest(version: IGMPVersion, group: IPv4Address) throws {
        guard version != .version1 || group.isUnspecified else { return }
        let seed: UInt64 = 838_408
        let delays = try delays(version, group: group, seed: seed).sorted()
        #expect(delays.allSatisfy { $0 > 0 && $0 <= Self.longest })
        let statistic = distanceFromUniform(delays, longest: Self.longest)
        // Exceeded by one sample of uniform delays in a thousand.
        let critical = 1.9495 / Double(Self.count).squareRoot()
        #expect(statistic < critical, "seed \(seed): statistic \(statistic), critical \(critical)")
    }

    @Test func theTestTellsOtherDistributionsApart() {
        var random = SeededRandom(seed: 838_408)
        let uniform = (0..<Self.count).map { _ in random.delay(upTo: .seconds(1)).inSeconds }
        let critical = 1.9495 / Double(Self.count).squareRoot()
        #expect(distanceFromUniform(uniform.sorted(), longest: 1) < critical)
        // Over (0, R] in place of (0, R - margin], in ten steps, and never in the last tenth.
        #expect(distanceFromUniform(uniform.sorted(), longest: 0.98) >= 0.02)
        #expect(distanceFromUniform(uniform.map { ($0 * 10).rounded(.up) / 10 }.sorted(), longest: 1) > critical)
        #expect(distanceFromUniform(uniform.map { $0 * 0.9 }.sorted(), longest: 1) > critical)
    }

    @Test func passesAChiSquareTestInTenBins() throws {
        let seed: UInt64 = 20_261_124
        let delays = try delays(.version2, group: .unspecified, seed: seed).prefix(2000)
        let mean = delays.reduce(0, +) / Double(delays.count)
        #expect(abs(mean - Self.longest / 2) < 0.2, "seed \(seed): mean \(mean)")
        var bins = [Double](repeating: 0, count: 10)
        for delay in delays { bins[min(Int(delay / Self.longest * 10), 9)] += 1 }
        let expected = Double(delays.count) / 10
        // Nine degrees of freedom: below 27.9 in 999 of 1000 cases.
        let statistic = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        #expect(statistic < 27.9, "seed \(seed): \(bins)")
    }

    /// One delay says nothing of the next: products of neighbours are as if they had nothing to do with each other.
    @Test func delaysFollowNoPattern() throws {
        let seed: UInt64 = 4
        let centred = try delays(.version3, group: .unspecified, seed: seed).map { $0 / Self.longest - 0.5 }
        let products = zip(centred, centred.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        let correlation = products / Double(Self.count) * 12
        #expect(abs(correlation) < 3.3 / Double(Self.count).squareRoot(), "seed \(seed): correlation \(correlation)")
    }
}

/// The Kolmogorov-Smirnov statistic of sorted values against a uniform distribution over (0, `longest`].
func distanceFromUniform(_ sorted: [Double], longest: Double) -> Double {
    sorted.enumerated().reduce(0) { distance, element in
        let share = min(element.element / longest, 1)
        let count = Double(sorted.count)
        return max(distance, Double(element.offset + 1) / count - share, share - Double(element.offset) / count)
    }
}
