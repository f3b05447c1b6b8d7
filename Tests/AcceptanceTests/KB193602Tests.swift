import Foundation
import Testing

/// The options of KB 193602: what a host runs, over the shipped capture, and networks in which every port is counted.
@Suite struct KB193602Tests {
    private static let folder = "\(repository)/pipelines/kb193602"
    private static let hosts = ["unicast", "static-unicast", "hub", "vlan", "multicast", "igmp"]

    private func run(_ arguments: [String]) throws -> [String: [String: Any]] {
        let run = try Command(Command.weirPath, ["run", "--summary", "json", "--log-level", "error"] + arguments)
        #expect(run.status == 0, "\(run.errors)")
        let summary = try run.json
        #expect(summary["balanced"] as? Bool == true)
        let stages = try #require(summary["stages"] as? [[String: Any]])
        return Dictionary(uniqueKeysWithValues: try stages.map { (try #require($0["id"] as? String), $0) })
    }

    // What a host runs.

    @Test func theFolderHasAHostForEachOptionAndNoMore() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".yaml") }
        #expect(files.sorted() == (Self.hosts + ["lab", "network"]).map { "\($0).yaml" }.sorted())
        let options = try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/options")
        #expect(options.sorted() == Flow.options.map { "\($0.option).yaml" }.sorted())
    }

    /// The capture is that of a cluster in IGMP multicast mode, whose MAC address the other modes take too.
    @Test(arguments: hosts) func everyPacketOfTheCaptureIsAtExactlyOneHost(option: String) throws {
        func isToCluster(_ octets: [UInt8]) -> Bool {
            octets.count >= 34 && octets[12...13] == [0x08, 0x00] && octets[30...33] == [10, 0, 0, 100]
        }
        let recorded = try Recording(clusterCapture).frames.map(\.octets)
        let offered = recorded.filter { $0.count > 38 && isToCluster(Array($0[..<12] + $0[16...])) }
            .map { Array($0[18...]) }
        #expect(offered.count == 1540)
        var arrived: [[UInt8]] = []
        for host in 1...4 {
            let folder = try Folder()
            _ = try run([
                "\(Self.folder)/\(option).yaml", "--set", "host-id=\(host)", "-w", "host=" + folder.path("host.pcap"),
                "-w", "uplink=" + folder.path("uplink.pcap"),
            ])
            let frames = try Recording(folder.path("host.pcap")).frames.map(\.octets).filter(isToCluster)
            #expect(frames.allSatisfy { $0[..<6] == [0x02, 0xbf, 10, 0, 0, 100] }, "what the host's stack knows")
            arrived += frames.map { Array($0[14...]) }
        }
        #expect(
            arrived.sorted { $0.lexicographicallyPrecedes($1) } == offered.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func onlyAHostOnAHubSendsWithTheSharedAddress() throws {
        for (option, source): (String, [UInt8]) in [
            ("unicast", [0x02, 0x01, 10, 0, 0, 100]), ("hub", [0x02, 0xbf, 10, 0, 0, 100]),
            ("vlan", [0x02, 0x01, 10, 0, 0, 100]), ("multicast", [0x02, 0, 0, 0, 1, 1]),
            ("igmp", [0x02, 0, 0, 0, 1, 1]),
        ] {
            let folder = try Folder()
            _ = try run([
                "\(Self.folder)/\(option).yaml", "-w", "host=" + folder.path("host.pcap"),
                "-w", "uplink=" + folder.path("uplink.pcap"),
            ])
            let sent = try Recording(folder.path("uplink.pcap")).frames.map(\.octets)
            #expect(!sent.isEmpty && sent.allSatisfy { Array($0[6..<12]) == source }, "\(option)")
            if option == "vlan" { #expect(sent.allSatisfy { Array($0[12..<16]) == [0x81, 0x00, 0, 10] }) }
        }
    }

    // The networks.

    /// What a packet does in an option: to how many of the four hosts' ports, of the two bystanders' on the same switch, of
    /// the one's upstream and of the querier's it goes, and how many others see a packet from host 1 to host 2.
    struct Flow: CustomTestStringConvertible, Sendable {
        let option: String
        let hosts, bystanders, upstream, querier, delivered, strangers: Int
        var testDescription: String { option }

        static let options = [
            Flow(option: "unicast", hosts: 4, bystanders: 2, upstream: 1, querier: 1, delivered: 1, strangers: 7),
            Flow(option: "unicast-peers", hosts: 4, bystanders: 2, upstream: 1, querier: 1, delivered: 1, strangers: 0),
            Flow(option: "private-vlan", hosts: 4, bystanders: 2, upstream: 1, querier: 1, delivered: 1, strangers: 5),
            Flow(option: "hub", hosts: 4, bystanders: 0, upstream: 0, querier: 0, delivered: 1, strangers: 2),
            Flow(option: "vlan", hosts: 4, bystanders: 0, upstream: 0, querier: 0, delivered: 1, strangers: 3),
            Flow(
                option: "static-unicast", hosts: 4, bystanders: 0, upstream: 0, querier: 0, delivered: 1, strangers: 2),
            Flow(option: "multicast", hosts: 4, bystanders: 0, upstream: 0, querier: 0, delivered: 1, strangers: 0),
            Flow(option: "igmp", hosts: 4, bystanders: 0, upstream: 0, querier: 1, delivered: 1, strangers: 0),
            Flow(
                option: "multicast-bare", hosts: 4, bystanders: 2, upstream: 1, querier: 1, delivered: 1, strangers: 0),
            Flow(option: "igmp-by-ip", hosts: 4, bystanders: 2, upstream: 1, querier: 1, delivered: 1, strangers: 0),
            Flow(
                option: "igmp-by-ip-strict", hosts: 0, bystanders: 0, upstream: 0, querier: 1, delivered: 0,
                strangers: 0),
            Flow(
                option: "igmp-no-querier", hosts: 0, bystanders: 0, upstream: 0, querier: 0, delivered: 0, strangers: 0),
            // One host has everything, its share and the others'.
            Flow(option: "unmasked", hosts: 1, bystanders: 0, upstream: 0, querier: 0, delivered: 0, strangers: -1),
        ]
    }

    /// Frames that left by the ports of a network, when a kind of packet is sent 101 times instead of once.
    private func more(_ kind: String, _ option: String) throws -> (String, ClosedRange<Int>) throws -> Int {
        func stages(_ packets: Int) throws -> [String: [String: Any]] {
            try run(
                ["\(Self.folder)/lab.yaml"]
                    + ["option=\(option)", "client=1", "bystanders=1", "peer=1", "\(kind)=\(packets)"]
                    .flatMap { ["--set", $0] })
        }
        let (few, many) = (try stages(1), try stages(101))
        return { name, ports in
            func sum(_ stages: [String: [String: Any]]) throws -> Int {
                let out = try #require(stages["option.network.\(name)"]?["out"] as? [String: Int])
                return ports.reduce(0) { $0 + (out["port\($1)"] ?? 0) }
            }
            return try sum(many) - sum(few)
        }
    }

    @Test(arguments: Flow.options) func aPacketToTheClusterLeavesByThePortsOfItsOption(flow: Flow) throws {
        let ports = try more("client", flow.option)
        #expect(try ports("access", 1...4) + ports("hub", 1...4) == 100 * flow.hosts)
        for port in 1...4 where flow.hosts == 4 {
            #expect(try ports("access", port...port) + ports("hub", port...port) == 100, "host \(port)")
        }
        #expect(try ports("access", 5...6) == 100 * flow.bystanders)
        #expect(try ports("core", 3...3) == 100 * flow.upstream)
        #expect(try ports("core", 4...4) == 100 * flow.querier)
        #expect(try ports("core", 2...2) == 0, "nothing comes back to the router")
    }

    @Test(arguments: Flow.options) func aPacketBetweenHostsIsSeenByAsManyStrangers(flow: Flow) throws {
        let ports = try more("peer", flow.option)
        let copies = try ports("access", 1...6) + ports("hub", 1...4) + ports("core", 2...4)
        #expect(copies == 100 * (1 + flow.strangers))
    }

    /// Runs a copy of an option's network in which hosts' stacks and bystanders write down what they get. It is a pipeline of
    /// its own, since a `transmit` inside another one is an output of it: what the option sets are its defaults.
    private func recorded(_ option: String, _ folder: Folder) throws {
        let copy = folder.path("lab")
        try FileManager.default.copyItem(atPath: Self.folder, toPath: copy)
        var text = try String(contentsOfFile: "\(copy)/network.yaml", encoding: .utf8)
        func replace(_ old: String, by new: String) {
            #expect(text.contains(old), "\(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        replace("to: [discard: {}]", by: "to: [transmit: { file: \"stack-$host.pcap\" }]")
        replace("  - discard:\n    id: bystander", by: "  - transmit: { file: bystander.pcap }\n    id: bystander")
        let settings = try String(contentsOfFile: "\(copy)/options/\(option).yaml", encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("        ") && !$0.contains("$") }
            .map { $0.components(separatedBy: " #")[0].trimmingCharacters(in: .whitespaces) }
        #expect(settings.contains { $0.hasPrefix("hosts: ") })
        for setting in settings {
            let (name, value) = (setting.components(separatedBy: ": ")[0], setting.components(separatedBy: ": ")[1])
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("  \(name): {") })
            let (before, after) = (line.components(separatedBy: "default: "), line.components(separatedBy: ", help"))
            replace(String(line), by: "\(before[0])default: \(value), help\(after[1])")
        }
        try text.write(toFile: "\(copy)/network.yaml", atomically: true, encoding: .utf8)
        _ = try run(["\(copy)/network.yaml", "--set", "client=400"])
    }

    @Test(arguments: Flow.options.filter { $0.delivered == 1 })
    func eachOfTheClientsPacketsIsGotByExactlyOneHost(flow: Flow) throws {
        let folder = try Folder()
        try recorded(flow.option, folder)
        let stacks = try (1...4).map { try Recording(folder.path("lab/stack-\($0).pcap")).frames.map(\.octets) }
        // Behind 14 octets of Ethernet, 20 of IP and 8 of UDP the generator's number.
        let numbers = stacks.joined().map { $0[42..<50].reduce(0) { $0 << 8 | Int($1) } }
        #expect(numbers.sorted() == Array(0..<400))
        #expect(stacks.allSatisfy { (60...140).contains($0.count) }, "each host has its share")
    }

    /// KB 838408's workaround: not a packet, not even an ARP announcement, leaves the cluster's set of ports.
    @Test func noFrameOfAClusterInAVLANOfItsOwnReachesABystander() throws {
        func clusterFrames(_ option: String) throws -> Int {
            let folder = try Folder()
            try recorded(option, folder)
            let frames = try Recording(folder.path("lab/bystander.pcap")).frames.map(\.octets)
            #expect(frames.count >= 3003, "their own packets")
            // The cluster's address is in its MAC addresses, masked or not, in what ARP says and in what is sent to it.
            return frames.count { frame in
                frame.indices.dropLast(3).contains { frame[$0..<$0 + 4] == [10, 0, 0, 100] }
            }
        }
        #expect(try clusterFrames("vlan") == 0)
        #expect(try clusterFrames("unicast") > 3 * 400)
    }
}
