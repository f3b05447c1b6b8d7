import Foundation
import Testing

/// A switch in a pipeline file, through the command line.
@Suite struct SwitchTests {
    /// The capture comes in by a trunk; hosts are at ports 2 and 3, and port 4 is in another VLAN.
    private static let pipeline = """
        weir: 1
        name: lan
        stages:
          - capture: { file: "\(clusterCapture)" }
            to: lan.port1
          - switch:
              ports: 4
              vlans: [{ ports: 1, tagged: "10,20" }, { ports: 2-3, untagged: 10 }, { ports: 4, untagged: 20 }]
              static: [{ group: 239.255.0.100, ports: 2 }]
              ageing: fixed
            id: lan
            to: { port1: rest, port2: host, port3: [{ counter: {} }, { discard: {} }], port4: rest, foreign-vlan: rest }
          - transmit: { file: host.pcap }
            id: host
          - discard: {}
            id: rest
        """

    private func stage(_ id: String, in run: Command) throws -> [String: Any] {
        let stages = try #require(try run.json["stages"] as? [[String: Any]])
        return try #require(stages.first { $0["id"] as? String == id })
    }

    @Test func aSwitchIsCheckedAndRuns() throws {
        let folder = try Folder()
        let path = try folder.file("lan.yaml", Self.pipeline)
        let check = try Command.weir("check", path)
        #expect(check.status == 0, "\(check.errors)")
        let run = try Command.weir("run", path, "-w", folder.path("host.pcap"), "--summary", "json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json["balanced"] as? Bool == true)
        let lan = try stage("lan", in: run)
        let counters = try #require(lan["counters"] as? [String: Int])
        #expect(counters["port1-received"] == 2019)
        #expect(counters["port2-received"] == 0)
        let out = try #require(lan["out"] as? [String: Int])
        // The pinned member gets the cluster's traffic, its neighbour only what floods.
        #expect(out["port2"] ?? 0 > 1000)
        #expect(1...200 ~= out["port3"] ?? 0)
        #expect(out["port1"] == 0)
    }

    @Test func whatShowPrintsHasItsPortsAndDoesTheSame() throws {
        let folder = try Folder()
        let shown = try Command.weir("show", try folder.file("lan.yaml", Self.pipeline))
        #expect(shown.status == 0, "\(shown.errors)")
        for line in ["next: [lan.port1]", "port1: [rest]", "port2: [host]", "port3: [counter]", "foreign-vlan: [rest]"]
        {
            #expect(shown.output.contains("      \(line)\n"), "\(line)")
        }
        let again = try Command.weir("show", try folder.file("again.yaml", shown.output))
        #expect(again.status == 0, "\(again.errors)")
        func withoutOrigins(_ text: String) -> [Substring] {
            text.split(separator: "\n").map { $0.prefix { $0 != "#" } }
        }
        #expect(withoutOrigins(again.output) == withoutOrigins(shown.output))
        for name in ["lan", "again"] {
            _ = try Command.weir(
                "run", folder.path("\(name).yaml"), "-w", folder.path("\(name).pcap"), "--summary", "none")
        }
        let first = try Data(contentsOf: URL(fileURLWithPath: folder.path("lan.pcap")))
        #expect(first.count > 100_000)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("again.pcap"))) == first)
    }

    @Test func aPortOutsideOfTheSwitchIsPointedAt() throws {
        let folder = try Folder()
        let path = try folder.file(
            "p.yaml",
            """
            weir: 1
            stages:
              - capture: { file: "\(clusterCapture)" }
                to: lan.port1
              - switch: { ports: 2, vlans: [{ ports: 1-2, untagged: 10 }, { ports: 2-3, tagged: 20 }] }
                id: lan
                to: { port1: end, port2: end }
              - discard: {}
                id: end
            """)
        let check = try Command.weir("check", path)
        #expect(check.status == 78)
        #expect(
            check.errors.replacing(path, with: "p.yaml") == """
                p.yaml:5:72: error: `vlans[1].ports`: there is no port 3
                 5 |   - switch: { ports: 2, vlans: [{ ports: 1-2, untagged: 10 }, { ports: 2-3, tagged: 20 }] }
                   |                                                                        ^~~
                   = the switch has the ports 1 to 2

                """)
    }
}
