import Testing
import Weir
import WeirTesting

/// The filters of all hosts of a cluster, and what becomes of frames that all of them see.
struct FilterCluster {
    let hosts: [Int]
    let parameters: String
    /// Ends the runs this long after the first frame.
    var duration: Duration?

    /// - Parameter parameters: those that all hosts have in common, without `hosts`.
    init(hosts: [Int] = [1, 2, 3, 4], _ parameters: String) { (self.hosts, self.parameters) = (hosts, parameters) }

    /// What the hosts made of the frames.
    struct Outcome {
        /// By the place of the frame in the list that they were given, the hosts that kept it.
        var keepers: [[Int]]
        var results: [Int: StageRun.Result] = [:]

        /// The one host that kept a frame; 0 for none, -1 for several.
        var owners: [Int] { keepers.map { $0.count > 1 ? -1 : $0.first ?? 0 } }

        /// How many frames were dropped for a reason, which all hosts agree on; -1 if they don't.
        func dropped(_ reason: String) -> Int {
            let counts = Set(results.values.map { Int($0.dropped(reason, by: "nlb-filter")) })
            return counts.count == 1 ? counts.first ?? -1 : -1
        }

        func counter(_ name: String, _ host: Int = 1) -> Int {
            results[host]?.counter(name, of: "nlb-filter").map(Int.init) ?? -1
        }

        /// What one host has said, in the order of time.
        func log(_ host: Int = 1) -> [String] {
            (results[host]?.log ?? []).map { event in
                ([event.message] + event.fields.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
            }
        }
    }

    /// The frames are numbered by their marks: they must differ, and be in order from 0.
    func run(_ packets: [TestFrame]) throws -> Outcome {
        var outcome = Outcome(keepers: packets.map { _ in [] })
        for host in hosts {
            let result = try run(packets, host: host)
            #expect(result.imbalances == [], "host \(host)")
            outcome.results[host] = result
            for frame in result.frames() { outcome.keepers[mark(frame)].append(host) }
        }
        return outcome
    }

    /// The packets a millisecond apart.
    func run(_ packets: [ClientPacket]) throws -> Outcome {
        try run(packets.enumerated().map { (.milliseconds($0.offset), $0.element) })
    }

    /// The packets at these times.
    func run(_ packets: [(time: Duration, packet: ClientPacket)]) throws -> Outcome {
        try run(
            packets.enumerated().map { number, entry in
                entry.packet.changed { $0.mark = UInt32(number) }.frame(at: entry.time)
            })
    }

    /// What one host makes of the frames.
    func run(_ frames: [TestFrame], host: Int) throws -> StageRun.Result {
        var run = StageRun()
        run.duration = duration
        let list = hosts.map(String.init).joined(separator: ", ")
        try run.addFilter("host-id: \(host), hosts: [\(list)], \(parameters)")
        return run.run(frames)
    }
}
