import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What holds in any history of a host: what is owed is answered in its time and once, nothing is reported that isn't so,
/// changes are told, and the version is that of the oldest querier.
@Suite struct AnswerPropertyTests {
    /// An older querier is soon forgotten, so that the version changes often.
    private static let timeout = Duration.seconds(25)

    private func complaints(
        _ seed: UInt64, groups: Int = 4, newest: Int = 3, versions: [IGMPVersion], steps: Int = 60, changes: Int = 30,
        reports: Bool = true, suppresses: Bool = false
    ) throws -> [String] {
        var random = SeededRandom(seed: seed)
        let history = HostHistory(
            &random, groups: groups, versions: versions, steps: steps, changes: changes, reports: reports)
        let run = try HostRun(history.frames, seed: seed) {
            $0.groups = history.settings
            $0.version = newest
            $0.suppressReports = suppresses
            $0.olderQuerierTimeout = Self.timeout
        }
        let judge = HostJudge(
            history, run, newest: IPv4Address.generation(newest), timeout: Self.timeout, suppresses: suppresses)
        #expect(run.sent.count > steps / 4, "seed \(seed): the history says nothing")
        return judge.complaints.map { "seed \(seed): \($0)" }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>, [1, 2, 3])
    func amongQueriersOfOneVersion(seed: UInt64, version: Int) throws {
        #expect(try complaints(seed, newest: version, versions: [IGMPVersion.all[version - 1]]) == [])
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>, [2, 3])
    func amongQueriersOfAllVersions(seed: UInt64, version: Int) throws {
        #expect(try complaints(seed, newest: version, versions: IGMPVersion.all) == [])
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>, [1, 2, 3])
    func withSuppression(seed: UInt64, version: Int) throws {
        #expect(try complaints(seed, newest: version, versions: IGMPVersion.all, suppresses: true) == [])
        let own = [IGMPVersion.all[version - 1]]
        #expect(try complaints(seed, newest: version, versions: own, suppresses: true) == [])
    }

    @Test(arguments: [2, 3]) func amongTenThousandGroups(version: Int) throws {
        let found = try complaints(
            10_000, groups: 10_000, newest: version, versions: [IGMPVersion.all[version - 1]], steps: 12, changes: 3000,
            reports: false)
        #expect(found.prefix(10) == [])
    }
}
