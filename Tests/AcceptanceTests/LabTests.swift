import BuiltinStages
import Testing
import Weir
import WeirConfig

/// The network of KB 838408, in virtual time.
@Suite struct LabTests {
    private func run(_ lab: String, _ settings: String...) throws -> [String: Any] {
        let sets = settings.flatMap { ["--set", $0] }
        let run = try Command(
            Command.weirPath,
            ["run", "\(repository)/pipelines/lab/\(lab).yaml", "--summary", "json", "--log-level", "error"] + sets)
        #expect(run.status == 0, "\(run.errors)")
        let summary = try run.json
        #expect(summary["balanced"] as? Bool == true)
        return summary
    }

    private func stage(_ id: String, in summary: [String: Any]) throws -> [String: Any] {
        let stages = try #require(summary["stages"] as? [[String: Any]])
        return try #require(stages.first { $0["id"] as? String == id }, "\(id)")
    }

    private func counter(_ name: String, of id: String, in summary: [String: Any]) throws -> Int {
        let counters = try #require(try stage(id, in: summary)["counters"] as? [String: Int])
        return counters[name] ?? 0
    }

    /// Packets of the client that some host's stack got.
    private func delivered(_ summary: [String: Any]) throws -> Int {
        try (1...8).reduce(0) { sum, host in
            sum + (try #require(try stage("host-\(host).stack", in: summary)["in"] as? Int))
        }
    }

    private static let hours = 3
    private static var sent: Int { hours * 3600 }

    /// T = RV x Q + R = 50 s of each 60 s: a port is without the group for a sixth of the time.
    @Test func theBrokenDesignLosesASixthOfTheTime() throws {
        let summary = try run("kb838408", "design=broken", "time=\(Self.hours)h")
        for port in 1...8 {
            let outage = try counter("port\(port)-milliseconds-without-member", of: "lan", in: summary)
            #expect(abs(Double(outage) / Double(Self.sent * 1000) - 1.0 / 6) < 0.005, "port \(port)")
            #expect(try counter("port\(port)-longest-milliseconds-without-member", of: "lan", in: summary) == 10_000)
        }
        let share = Double(try delivered(summary)) / Double(Self.sent)
        #expect(abs(share - 5.0 / 6) < 0.02)
    }

    @Test(arguments: ["fixed", "unicast"]) func theOthersLoseNothingAndEachPacketHasOneHost(design: String) throws {
        let summary = try run("kb838408", "design=\(design)", "time=\(Self.hours)h")
        #expect(try delivered(summary) == Self.sent)
        for port in 1...8 {
            #expect(try counter("port\(port)-expired", of: "lan", in: summary) == 0)
        }
    }

    /// The defaults of the RFCs: 260 s are four reports.
    @Test func withTheDefaultsOfTheRFCsTheFaultNeverShows() throws {
        let summary = try run("kb838408", "design=broken", "interval=125s", "time=\(Self.hours)h")
        #expect(try delivered(summary) == Self.sent)
    }

    /// Another host leaves at 100 s: the querier asks twice, and who ignores it is gone at 102 s.
    @Test func aLeaveTakesTheBrokenHostAlong() throws {
        let broken = try run("leave", "design=broken")
        #expect(try counter("port1-left", of: "lan", in: broken) == 1)
        #expect(try counter("group-queries", of: "router", in: broken) == 2)
        let fixed = try run("leave", "design=fixed")
        #expect(try counter("port1-left", of: "lan", in: fixed) == 0)
        #expect(try counter("port2-left", of: "lan", in: fixed) == 1)
    }

    @Test func theDesignChangesWhatTheHostsRunAndNothingElse() throws {
        func stages(_ design: String) throws -> [String: String] {
            let settings = ["design=\(design)"]
            let shown = try Command(
                Command.weirPath,
                ["show", "\(repository)/pipelines/lab/kb838408.yaml"] + settings.flatMap { ["--set", $0] })
            #expect(shown.status == 0, "\(shown.errors)")
            let items = shown.output.components(separatedBy: "\n  - ").dropFirst()
            return Dictionary(
                items.map { item in
                    let id = item.components(separatedBy: "    id: ").last?.split(separator: "\n").first.map(
                        String.init)
                    // Where a value was written is not what it is.
                    let text = item.split(separator: "\n").map { $0.components(separatedBy: " # ")[0] }
                    return (id ?? "", text.joined(separator: "\n"))
                }, uniquingKeysWith: { first, _ in first })
        }
        let (broken, fixed, unicast) = (try stages("broken"), try stages("fixed"), try stages("unicast"))
        func isNetwork(_ id: String) -> Bool { !id.hasPrefix("host-") }
        #expect(
            broken.filter { isNetwork($0.key) && $0.key != "lan" }
                == fixed.filter { isNetwork($0.key) && $0.key != "lan" })
        #expect(broken["lan"] == fixed["lan"])
        #expect(Set(unicast.keys.filter(isNetwork)) == Set(fixed.keys.filter(isNetwork)))
        let differing = fixed.keys.filter { fixed[$0] != broken[$0] }.sorted()
        #expect(differing == (1...8).map { "host-\($0)-igmp-responder" })
    }
}
