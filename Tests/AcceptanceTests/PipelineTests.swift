import BuiltinStages
import Foundation
import Testing
import Weir
import WeirConfig

/// The three pipelines of KB 838408 as shipped, with tshark and tcpdump as readers that know nothing of weir.
@Suite struct PipelineTests {
    static let designs = ["kb838408-broken", "fixed-igmp", "kb193602-workaround"]

    private func run(_ design: String, host: Int = 1, into folder: Folder, seed: Int = 1) throws -> [String: Any] {
        var arguments = [
            "run", "\(repository)/pipelines/\(design).yaml", "--set", "host-id=\(host)", "--seed", "\(seed)",
            "--summary", "json", "-w", "host=" + folder.path("host.pcap"),
        ]
        if design != "kb193602-workaround" { arguments += ["-w", "uplink=" + folder.path("uplink.pcap")] }
        let weir = try Command(Command.weirPath, arguments)
        #expect(weir.status == 0, "\(weir.errors)")
        let summary = try weir.json
        #expect(summary["balanced"] as? Bool == true)
        return summary
    }

    /// The lines that tshark prints of these fields for the packets that a display filter matches.
    private func tshark(_ file: String, _ filter: String, _ fields: [String]) throws -> [String] {
        let options = ["ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"].flatMap {
            ["-o", "\($0):TRUE"]
        }
        let command = try Command(
            "/usr/bin/tshark", ["-r", file, "-Y", filter, "-T", "fields"] + options + fields.flatMap { ["-e", $0] })
        #expect(command.status == 0, "\(command.errors)")
        return command.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: designs)
    func whatIsWrittenIsWholeAndItsChecksumsAreRight(design: String) throws {
        let folder = try Folder()
        _ = try run(design, into: folder)
        let bad = "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0"
        #expect(try tshark(folder.path("host.pcap"), bad, ["frame.number"]).isEmpty)
        #expect(try tshark(folder.path("host.pcap"), "_ws.malformed || vlan", ["frame.number"]).isEmpty)
        let destinations = try tshark(folder.path("host.pcap"), "ip.dst == 10.0.0.100", ["eth.dst"])
        #expect(Set(destinations) == ["02:bf:0a:00:00:64"])
        let count = try Command("/usr/bin/tcpdump", ["-nr", folder.path("host.pcap")]).output.split(separator: "\n")
            .count
        #expect(count > 100)
    }

    @Test func theBrokenHostReportsEverySixtySecondsAndIsForgotten() throws {
        let folder = try Folder()
        _ = try run("kb838408-broken", into: folder)
        let reports = try tshark(
            folder.path("uplink.pcap"), "igmp.type == 0x16 && igmp.checksum.status == 1",
            ["frame.time_relative", "igmp.maddr"])
        #expect(reports.map { $0.split(separator: "\t").last } == Array(repeating: "239.255.0.100", count: 3))
        let times = reports.compactMap { $0.split(separator: "\t").first.flatMap { Double($0) } }
        #expect(times.map { $0.rounded() } == [0, 60, 120])
        // Between the expiry 30 s into the capture and the report at 60 s nothing of the cluster arrives.
        let start = 1_795_510_072.217612
        let arrivals = try tshark(folder.path("host.pcap"), "ip.dst == 10.0.0.100", ["frame.time_epoch"])
            .compactMap { Double($0) }.map { $0 - start }
        #expect(arrivals.contains { $0 > 25 && $0 < 30 })
        #expect(!arrivals.contains { $0 > 30.1 && $0 < 60 })
        #expect(arrivals.contains { $0 > 60 && $0 < 65 })
    }

    @Test func theFixedHostAnswersEveryQueryInTime() throws {
        let folder = try Folder()
        let summary = try run("fixed-igmp", into: folder)
        let queries = try tshark(clusterCapture, "igmp.type == 0x11", ["frame.time_epoch"]).compactMap { Double($0) }
        let reports = try tshark(
            folder.path("uplink.pcap"), "igmp.type == 0x16 && igmp.checksum.status == 1 && ip.ttl == 1",
            ["frame.time_epoch"]
        ).compactMap { Double($0) }
        #expect(queries.count == 15)
        for query in queries { #expect(reports.contains { $0 > query && $0 <= query + 5 }, "query at \(query)") }
        let stages = try #require(summary["stages"] as? [[String: Any]])
        let snooper = try #require(stages.first { $0["id"] as? String == "switch" })
        #expect((snooper["counters"] as? [String: Int])?["expired"] == 0)
    }

    @Test(arguments: ["fixed-igmp", "kb193602-workaround"])
    func everyPacketOfAClientIsAtExactlyOneHost(design: String) throws {
        let fields = ["ip.src", "tcp.srcport", "ip.id", "frame.time_epoch"]
        var arrived: [String] = []
        for host in 1...4 {
            let folder = try Folder()
            _ = try run(design, host: host, into: folder)
            arrived += try tshark(folder.path("host.pcap"), "ip.dst == 10.0.0.100", fields)
        }
        let offered = try tshark(clusterCapture, "ip.dst == 10.0.0.100", fields)
        #expect(offered.count == 1540)
        #expect(arrived.sorted() == offered.sorted())
    }

    @Test func theSameSeedGivesTheSameOctets() throws {
        let folders = try (0..<3).map { _ in try Folder() }
        for (folder, seed) in zip(folders, [5, 5, 6]) { _ = try run("fixed-igmp", into: folder, seed: seed) }
        let written = try folders.map { try Data(contentsOf: URL(fileURLWithPath: $0.path("uplink.pcap"))) }
        #expect(written[0] == written[1])
        #expect(written[0] != written[2])
    }

    @Test func theFilesDifferOnlyInWhatTheDesignsAreAbout() throws {
        func stages(_ design: String) throws -> [(id: String, settings: String)] {
            let result = PipelineFile.load(path: "\(repository)/pipelines/\(design).yaml", catalogue: .builtin)
            let pipeline = try #require(result.pipeline)
            return pipeline.stages.map { stage in
                let settings = stage.configuration.settings.map { "\($0.descriptor.key): \($0.text ?? "-")" }
                return (stage.id, ([stage.descriptor.kind] + settings).joined(separator: "\n"))
            }
        }
        let (broken, fixed, unicast) = (
            try stages(Self.designs[0]), try stages(Self.designs[1]), try stages(Self.designs[2])
        )
        // Between the fault and the hotfix: how the responder behaves.
        #expect(broken.map(\.id) == fixed.map(\.id))
        let differing = zip(broken, fixed).filter { $0.settings != $1.settings }.map { $0.0.id }
        #expect(differing == ["igmp-responder"])
        // Between the hotfix and the workaround: IGMP, and where its reports go.
        let igmp = ["igmp-responder", "switch", "uplink"]
        #expect(fixed.filter { !igmp.contains($0.id) }.map(\.settings) == unicast.map(\.settings))
    }
}
