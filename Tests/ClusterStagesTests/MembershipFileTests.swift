import BuiltinStages
import Foundation
import NLBFilter
import Synchronization
import Testing
import Weir
import WeirConfig
import WeirTesting

/// A file that says who is up, and changes while the filters run.
@Suite struct MembershipFileTests {
    private static let hosts = [1, 2, 3, 4]

    /// Changes the watched file just before a host looks at it, once a second.
    private final class Rewriter: Sendable {
        typealias File = WatchedFile<[MembershipStep]>
        private let state: Mutex<(file: File, look: Int)>
        private let path: String
        /// By the number of the look; nil removes the file.
        private let contents: [Int: String?]

        init(_ file: File, _ path: String, _ contents: [Int: String?]) {
            state = Mutex((file, 0))
            (self.path, self.contents) = (path, contents)
        }

        func look() -> File.Change? {
            state.withLock { state in
                state.look += 1
                if let new = contents[state.look] {
                    let url = URL(fileURLWithPath: path)
                    if let new {
                        // A new file is moved over the old one.
                        try? new.write(to: url, atomically: true, encoding: .utf8)
                    } else {
                        try? FileManager.default.removeItem(at: url)
                    }
                }
                return state.file.refresh()
            }
        }
    }

    /// The file begins as `first`, and has the other contents at these seconds. A frame every 50 ms is a new connection.
    private func run(
        _ first: String, _ contents: [Int: String?], frames: [TestFrame] = connections
    ) throws -> FilterCluster.Outcome {
        var outcome = FilterCluster.Outcome(keepers: frames.map { _ in [] })
        for host in Self.hosts {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let members = folder.appendingPathComponent("members.yaml")
            let pipeline = folder.appendingPathComponent("p.yaml")
            try first.write(to: members, atomically: true, encoding: .utf8)
            try """
            weir: 1
            stages:
              - capture: { file: nothing.pcap }
              - nlb-filter: { cluster: 10.0.0.100, affinity: none, host-id: \(host), hosts: 1-4, membership: members.yaml }
              - discard
            """.write(to: pipeline, atomically: true, encoding: .utf8)
            let loaded = PipelineFile.load(path: pipeline.path, catalogue: .builtin)
            let stage = try #require(
                loaded.pipeline?.stages[1], "\(DiagnosticRenderer().text(loaded.diagnostics))")
            var configuration = try #require(stage.configuration as? NLBFilter.Configuration)
            let file = try #require(configuration.membership)
            let rewriter = Rewriter(file, members.path, contents)
            configuration.membership = WatchedFile(file.value) { rewriter.look() }
            var run = StageRun()
            try run.add(stage.descriptor) { $0 = configuration }
            let result = run.run(frames)
            #expect(result.imbalances == [])
            outcome.results[host] = result
            for frame in result.frames() { outcome.keepers[mark(frame)].append(host) }
        }
        return outcome
    }

    private static let connections = (0..<400).map { number in
        let packet = ClientPacket.tcp(UInt16(1024 + number)).changed { $0.mark = UInt32(number) }
        // A little after a look, but for the first one, from which looks count.
        return packet.frame(at: .microseconds(50_000 * number + min(number, 1)))
    }

    /// The same by steps that are known beforehand.
    private func run(changes: String) throws -> FilterCluster.Outcome {
        try FilterCluster("cluster: 10.0.0.100, affinity: none, changes: [\(changes)]").run(Self.connections)
    }

    @Test func newContentsAreTakenWithoutLosingAPacket() throws {
        let outcome = try run(
            "- up: 1-4\n",
            [
                3: "- up: 1-4\n- up: 1-3\n", 6: "- up: 1-4\n- up: 1-3\n- { up: 1-4, drainstop: 2 }\n",
                9: "- up: 1-4\n- up: 1-3\n- { up: 1-4, drainstop: 2 }\n- { up: 1-4, weights: { 1: 100 } }\n",
            ])
        let known = try run(
            changes: """
                { up: 1-4 }, { up: 1-3, at: 3s }, { up: 1-4, drainstop: 2, at: 6s }, { up: 1-4, weights: { 1: 100 }, at: 9s }
                """)
        #expect(outcome.keepers == known.keepers)
        #expect(outcome.keepers.allSatisfy { $0.count == 1 })
        #expect(Set(outcome.owners) == [1, 2, 3, 4])
        for counter in ["memberships", "moved-buckets", "buckets", "connections"] {
            #expect(outcome.counter(counter) == known.counter(counter), "\(counter)")
        }
        #expect(outcome.counter("membership-faults") == 0)
    }

    @Test func aMapIsAListOfOneStep() throws {
        let outcome = try run("up: 2-3\n", [5: "up: 3\n"])
        #expect(Set(outcome.owners[..<99]) == [2, 3])
        #expect(outcome.owners[101...].allSatisfy { $0 == 3 })
    }

    /// What may stand in the file, and what the log says of it.
    static let faults: [(String?, String)] = [
        ("- up: [\n", "members.yaml"),
        ("", "members.yaml"),
        ("- { up: 1-4, wieghts: { 1: 3 } }\n", "unknown key `wieghts`"),
        ("- up: 1-33\n", "found `1-33`"),
        ("- up: 1-5\n", "host 5 is not among the hosts"),
        ("- { up: 1-3, drainstop: 4 }\n", "host 4 is not up"),
        ("- { up: 1-4, weights: { 9: 80 } }\n", "host 9 is not among the hosts"),
        ("- { up: 1-4, at: 5s }\n- { up: 1-3, at: 4s }\n", "the step is earlier than one before it"),
        (nil, "members.yaml"),
    ]

    @Test(arguments: faults) func aBadFileKeepsWhatWasInForce(bad: String?, message: String) throws {
        let good = "- { up: 1-3 }\n"
        let outcome = try run(good, [4: bad, 12: "- { up: 1-3 }\n- { up: 2-3 }\n"])
        let known = try run(changes: "{ up: 1-3 }, { up: 2-3, at: 12s }")
        #expect(outcome.keepers == known.keepers)
        #expect(outcome.counter("membership-faults") == 1)
        #expect(outcome.counter("memberships") == 2)
        let warnings = (outcome.results[1]?.log ?? []).filter { $0.level == .warning }
        #expect(warnings.count == 1)
        #expect(warnings.allSatisfy { $0.message.contains(message) }, "\(warnings)")
    }

    @Test func theSameContentsAreNoChange() throws {
        let outcome = try run("- up: 1-3\n", [4: "- up: 1-3\n", 5: "- up: 1-3 # the same\n"])
        let known = try run(changes: "{ up: 1-3 }")
        #expect(outcome.counter("moved-buckets") == known.counter("moved-buckets"))
        #expect(outcome.keepers == known.keepers)
    }

    @Test func stepsWithATimeCountFromTheStart() throws {
        let outcome = try run("- up: 1-4\n", [3: "- up: 1-4\n- { up: 1-2, at: 2s }\n- { up: 3, at: 10s }\n"])
        #expect(outcome.keepers == (try run(changes: "{ up: 1-4 }, { up: 1-2, at: 3s }, { up: 3, at: 10s }").keepers))
    }

    @Test func beforeTheFirstStepEverybodyIsUp() throws {
        // As for a host that starts with this file.
        let outcome = try run("- up: 1\n", [3: "- { up: 2, at: 10s }\n"])
        #expect(outcome.keepers == (try run(changes: "{ up: 1 }, { up: 1-4, at: 3s }, { up: 2, at: 10s }").keepers))
    }

    @Test func stepsOfAFileThatIsGoneDoNotComeToPass() throws {
        let outcome = try run("- up: 1-4\n- { up: 1, at: 8s }\n", [3: "- up: 1-4\n- { up: 2, at: 12s }\n"])
        #expect(outcome.keepers == (try run(changes: "{ up: 1-4 }, { up: 2, at: 12s }").keepers))
        #expect(outcome.log().filter { $0.hasPrefix("membership ") }.count == 3)
    }

    /// A host that starts with the whole history has the same map as those that lived through it.
    @Test(arguments: 1...5 as ClosedRange<UInt64>) func aHostThatStartsLaterHasTheSameMap(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var steps = ["- up: 1-4\n"]
        for _ in 0..<6 {
            let up = Self.hosts.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)).sorted()
            steps.append(
                "- { up: [\(up.map(String.init).joined(separator: ", "))], weights: { \(up[0]): \(Int.random(in: 1...100, using: &random)) } }\n"
            )
        }
        let history = (1...6).map { steps[...$0].joined() }
        let lived = try run(steps[0], Dictionary(uniqueKeysWithValues: zip(1..., history)))
        // All of these connections are new to both.
        let late = try run(history[5], [:], frames: Self.connections)
        #expect(lived.owners[130...] == late.owners[130...], "seed \(seed): \(history[5])")
    }
}
