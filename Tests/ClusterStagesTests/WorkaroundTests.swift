import Switch
import Testing
import VLANIsolation
import Weir
import WeirTesting

/// KB 838408's workaround: a VLAN keeps the cluster's frames, which a switch floods, to the cluster's ports.
///
/// Port 1 leads to a router and carries VLANs 10 and 20 with tags, as do the ports of the cluster's hosts, 2 to 4; ports 5
/// and 6 belong to stations of VLAN 20. The hosts' own stages let VLAN 10 in and out, and nothing else.
@Suite struct WorkaroundTests {
    private static let seed: UInt64 = 838_408
    private static let hosts = 2...4

    /// What a frame's last octet tells of its sender's intent.
    private enum Mark: UInt8 { case cluster = 1, other = 2, astray = 3 }

    /// The cluster's address in unicast mode, in multicast mode and of its group; everybody; and a host's own.
    private static let destinations: [[UInt8]] = [
        [2, 0xbf, 10, 0, 0, 100], [3, 0xbf, 10, 0, 0, 100], [1, 0, 0x5e, 0x7f, 0, 100],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [2, 1, 10, 0, 0, 100],
    ]

    /// A frame from the station at a port, with a source address masked as NLB's hosts do.
    private func frame(
        _ number: Int, from port: Int, tag: [UInt8], _ mark: Mark, _ random: inout SeededRandom
    ) -> TestFrame {
        let destination = Self.destinations.randomElement(using: &random) ?? []
        let source = [2, UInt8(port), 10, 0, 0, 100]
        let number = [UInt8(number >> 8), UInt8(number & 0xff)]
        return TestFrame(destination + source + tag + [0x88, 0xb5] + number + [mark.rawValue])
    }

    private func mark(_ frame: TestFrame) -> Mark? { frame.octets.last.flatMap(Mark.init) }

    private func vlans(_ ports: IntegerRanges, untagged: Int? = nil, tagged: IntegerRanges? = nil) -> Switch.PortVLANs {
        var entry = Switch.PortVLANs()
        (entry.ports, entry.untagged, entry.tagged) = (ports, untagged, tagged)
        return entry
    }

    @Test func noFrameOfTheClusterLeavesItsSetOfPorts() throws {
        var random = SeededRandom(seed: Self.seed)
        var sent: [Int: [TestFrame]] = [:]
        for number in 0..<600 {
            let port = Int.random(in: 1...6, using: &random)
            let (tag, mark): ([UInt8], Mark) =
                switch port {
                case 1:
                    [(ClusterStagesTests.tag(10), Mark.cluster), (ClusterStagesTests.tag(20), .other)]
                        .randomElement(using: &random) ?? ([], .other)
                case Self.hosts:
                    [([], Mark.cluster), (ClusterStagesTests.tag(10), .cluster), (ClusterStagesTests.tag(20), .astray)]
                        .randomElement(using: &random) ?? ([], .other)
                default:
                    [([], Mark.other), (ClusterStagesTests.tag(10), .astray)].randomElement(using: &random)
                        ?? ([], .other)
                }
            sent[port, default: []].append(frame(number, from: port, tag: tag, mark, &random))
        }
        var run = StageRun()
        try run.add(Switch.self, id: "lan") {
            $0.ports = 6
            $0.snooping = false
            $0.vlans = [
                vlans([1], tagged: [10, 20]), vlans(IntegerRanges([Self.hosts]), tagged: [10, 20]),
                vlans([5, 6], untagged: 20),
            ]
        }
        for (port, frames) in sent.sorted(by: { $0.key < $1.key }) {
            guard Self.hosts.contains(port) else {
                run.feed(frames, to: "lan.port\(port)")
                continue
            }
            let out = try isolate(frames) {
                $0.allow = [10]
                $0.native = 10
                $0.tag = .push
            }
            run.feed(out.frames(), to: "lan.port\(port)")
        }
        let result = run.run([])
        #expect(result.imbalances == [])

        let reached = (1...6).map { result.frames("lan.port\($0)") }
        // What went astray was stopped by the host's stage or by the switch.
        #expect(!reached.joined().contains { mark($0) == .astray }, "seed \(Self.seed)")
        #expect(!(reached[4] + reached[5]).contains { mark($0) == .cluster }, "seed \(Self.seed)")
        for host in Self.hosts {
            // The hosts' ports carry VLAN 20 too; their stages keep it out.
            #expect(reached[host - 1].contains { mark($0) == .other }, "seed \(Self.seed)")
            let received = try isolate(reached[host - 1]) { $0.allow = [10] }.frames()
            #expect(received.allSatisfy { mark($0) == .cluster }, "seed \(Self.seed)")
            // And none is missing of those for the cluster's address, which nobody sends from and no switch learns.
            let others = sent.filter { $0.key != host }.flatMap(\.value).filter { mark($0) == .cluster }
            for destination in Self.destinations.dropLast() {
                let wanted = others.filter { $0.octets.starts(with: destination) }.count
                #expect(received.filter { $0.octets.starts(with: destination) }.count == wanted, "seed \(Self.seed)")
                #expect(wanted > 0)
            }
        }
    }
}
