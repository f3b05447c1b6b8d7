import Foundation
import Testing

/// A recorded HTTP session through the filters of four hosts, while one of them joins and another one drains.
@Suite struct ClusterSessionTests {
    static let joinAndDrain = """
        - { up: 1-3 }
        - { up: 1-4, at: 4s }                   # host 4 joins
        - { up: 1-4, drainstop: 2, at: 8s }     # host 2 takes no more
        """

    static let toeplitz = "affinity: none, hash: toeplitz"

    private func session() throws -> ClusterSession {
        ClusterSession(try Recording(repository + "/pipelines/captures/http.pcap"))
    }

    /// What the filter of one host lets pass.
    private func kept(
        by host: Int, _ parameters: String, changes: String = joinAndDrain,
        capture: String = repository + "/pipelines/captures/http.pcap"
    ) throws -> [Recording.Frame] {
        let folder = try Folder()
        let steps = changes.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
        let membership = parameters.contains("membership:") ? "" : "      changes:\n\(steps)\n"
        if membership.isEmpty { _ = try folder.file("members.yaml", changes) }
        let settings = parameters.split(separator: ",").map {
            "      \($0.trimmingCharacters(in: .whitespaces))\n"
        }
        let pipeline = """
            weir: 1
            stages:
              - capture: { file: \(capture) }
              - nlb-filter:
                  cluster: 10.0.0.100
                  host-id: \(host)
                  hosts: 1-4
                  mode: unicast
            \(settings.joined())\(membership)  - transmit: { file: kept.pcap }

            """
        let weir = try Command.weir(
            "run", try folder.file("host.yaml", pipeline), "--summary", "json", "-w", folder.path("kept.pcap"))
        #expect(weir.status == 0, "\(weir.errors)")
        #expect(try weir.json["balanced"] as? Bool == true)
        return try Recording(folder.path("kept.pcap")).frames
    }

    private func keptByAll(_ parameters: String, changes: String = joinAndDrain) throws -> [Int: [Recording.Frame]] {
        var kept: [Int: [Recording.Frame]] = [:]
        for host in 1...4 { kept[host] = try self.kept(by: host, parameters, changes: changes) }
        return kept
    }

    @Test(arguments: ["affinity: none", toeplitz, "affinity: single", "affinity: network, seed: 7"])
    func everyConnectionIsWholeAtOneHost(parameters: String) throws {
        let session = try session()
        let kept = try keptByAll(parameters)
        #expect(session.faults(kept) == [])
        // The answers, and ARP, are for nobody in particular.
        let others = session.recording.frames.filter { !ClusterSession.isToCluster($0) }
        for host in 1...4 { #expect(kept[host]?.filter { !ClusterSession.isToCluster($0) } == others) }
    }

    /// The judge judges: without memory connections break at the changes.
    @Test(arguments: ["affinity: none", toeplitz]) func withoutMemoryConnectionsBreak(parameters: String) throws {
        let session = try session()
        #expect(session.connections.count == 66)
        #expect(session.faults(try keptByAll(parameters + ", connections: 0")) != [])
    }

    @Test func livingConnectionsStayAndNewOnesFollowTheNewMap() throws {
        let session = try session()
        let owners = session.owners(try keptByAll(Self.toeplitz))
        var moved = [0, 0]
        for (connection, hosts) in zip(session.connections, owners) {
            let bucket = bucket(of: connection.flow)
            let phase = [4.0, 8.0].count { connection.begin >= session.time($0) }
            #expect(hosts == [Self.maps[phase][bucket]], "bucket \(bucket), \(connection.begin - session.start) us")
            for (change, time) in [4.0, 8.0].enumerated() where connection.isAlive(at: session.time(time)) {
                if Self.maps[change + 1][bucket] != Self.maps[phase][bucket] { moved[change] += 1 }
            }
        }
        // So many connections would have been lost.
        #expect(moved == [4, 4])
    }

    @Test func aFileOfStepsDoesTheSameAsStepsInPlace() throws {
        for host in [2, 4] {
            let inPlace = try kept(by: host, Self.toeplitz)
            #expect(try kept(by: host, Self.toeplitz + ", membership: members.yaml") == inPlace)
        }
    }

    /// It knows nothing of older connections in the buckets that it is given, and leaves them alone.
    @Test func aHostThatStartsJustBeforeItJoinsTakesNoLivingConnections() throws {
        let session = try session()
        let folder = try Folder()
        var rest = session.recording
        rest.frames.removeAll { $0.microseconds < session.time(3.9) }
        try rest.write(to: folder.path("rest.pcap"))
        let begin = try #require(rest.frames.first).microseconds
        let changes = """
            - { up: 1-3 }
            - { up: 1-4, at: \(session.time(4) - begin)us }
            - { up: 1-4, drainstop: 2, at: \(session.time(8) - begin)us }
            """
        let late = try kept(by: 4, Self.toeplitz, changes: changes, capture: folder.path("rest.pcap"))
        let early = try kept(by: 4, Self.toeplitz)
        #expect(late.filter(ClusterSession.isToCluster) == early.filter(ClusterSession.isToCluster))
        #expect(late.contains(where: ClusterSession.isToCluster))
    }

    @Test func whenAHostIsGoneOnlyItsOwnConnectionsBreak() throws {
        let session = try session()
        let kept = try keptByAll(Self.toeplitz, changes: "- { up: 1-4 }\n- { up: [1, 3, 4], at: 6s }")
        let owners = session.owners(kept)
        var broken = 0
        for (connection, hosts) in zip(session.connections, owners) {
            let lost = connection.isAlive(at: session.time(6)) && Self.maps[1][bucket(of: connection.flow)] == 2
            #expect((hosts.count > 1) == lost)
            broken += lost ? 1 : 0
        }
        #expect(broken > 0)
        let late = kept[2]?.filter { ClusterSession.isToCluster($0) && $0.microseconds >= session.time(6) }
        #expect(late == [])
    }

    /// The owners of the 60 buckets: hosts 1 to 3, then all, then all but 2. Each change moves as few as it can.
    private static let maps: [[Int]] = [
        owners([(1, 15), (2, 15), (3, 15), (1, 5), (2, 5), (3, 5)]),
        owners([(1, 15), (2, 15), (3, 15), (4, 15)]),
        owners([(1, 15), (1, 5), (3, 5), (4, 5), (3, 15), (4, 15)]),
    ]

    private static func owners(_ runs: [(host: Int, count: Int)]) -> [Int] {
        runs.flatMap { [Int](repeating: $0.host, count: $0.count) }
    }

    /// Microsoft's RSS hash with the key of its verification suite, scaled to 60: over each set bit of the flow, from
    /// the left, the 32 bits of the key that begin at the bit's place, added without carry.
    private func bucket(of flow: [UInt8]) -> Int {
        let key: [UInt8] = [
            0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0,
        ]
        var hash: UInt64 = 0
        for bit in 0..<flow.count * 8 where flow[bit / 8] >> (7 - bit % 8) & 1 == 1 {
            let five = key[bit / 8..<bit / 8 + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            hash ^= five >> (8 - bit % 8) & 0xffff_ffff
        }
        return Int((hash * 60) >> 32)
    }
}
