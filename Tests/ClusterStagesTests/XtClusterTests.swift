import Testing
import Weir
import WeirTesting

/// `hash: cluster-match` against what a kernel's xt_cluster decided. The recording is an excerpt of that of
/// script/peers-cluster, made by script/peering/cluster_excerpt.py; the script compares the whole.
@Suite struct XtClusterTests {
    /// A cluster of the recording, and for each frame the node that the kernel gave it to.
    struct Decisions: CustomTestStringConvertible {
        let count: Int
        let seed: UInt32
        let nodes: [Int]

        var testDescription: String { "\(count) nodes, seed \(seed)" }
    }

    /// The first line has a word `nodes:seed` for each cluster, the others a number for each.
    static func decisions() throws -> [Decisions] {
        let lines = try recordedWords("xt-cluster.txt")
        return try #require(lines.first).enumerated().map { column, cluster in
            let numbers = cluster.split(separator: ":")
            return Decisions(
                count: try #require(Int(numbers[0])), seed: try #require(UInt32(numbers[1])),
                nodes: try lines.dropFirst().map { try #require(Int($0[column])) })
        }
    }

    @Test func theRecordingIsWhole() throws {
        let decisions = try Self.decisions()
        #expect(decisions.map(\.count) == [2, 3, 5, 8, 32])
        let frames = try recordedFrames("xt-cluster.pcap")
        #expect(frames.count == 200 && Set(frames).count == 200)
        for each in decisions { #expect(each.nodes.count == 200 && each.nodes.allSatisfy((1...each.count).contains)) }
    }

    @Test(arguments: try Self.decisions()) func everyNodeKeepsWhatTheKernelGaveIt(decisions: Decisions) throws {
        let frames = try recordedFrames("xt-cluster.pcap")
        for node in 1...decisions.count {
            var run = StageRun()
            try run.addFilter(
                """
                cluster: [10.0.0.100, "fd00::100"], host-id: \(node), hosts: 1-\(decisions.count), affinity: single,
                hash: cluster-match, seed: \(decisions.seed)
                """)
            let result = run.run(frames)
            #expect(result.imbalances == [])
            let given = zip(frames, decisions.nodes).filter { $0.1 == node }.map(\.0)
            #expect(result.frames() == given, "node \(node)")
        }
    }
}
