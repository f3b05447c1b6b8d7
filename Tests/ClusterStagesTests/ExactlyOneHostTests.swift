import Discard
import Tee
import Testing
import Weir
import WeirTesting
import WeirWire

/// Any traffic to any cluster, whatever becomes of its hosts: each packet has one of them.
@Suite struct ExactlyOneHostTests {
    /// What the hosts did with the frames, by their numbers.
    private struct Outcome {
        /// The hosts that kept a frame.
        var keepers: [[Int]]
        /// The reason other than `not-ours` for which a host dropped a frame, and how many hosts had one.
        var reasons: [[String]]
    }

    private static let reasons = ["malformed", "disabled-port", "lost-fragment", "wrong-mac"]

    private func run(_ frames: [TestFrame], through cluster: RandomCluster, _ note: String) throws -> Outcome {
        // Each frame has a time of its own.
        let numbers = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($1.time, $0) })
        var outcome = Outcome(
            keepers: frames.map { _ in [] }, reasons: frames.map { _ in [] })
        for host in cluster.hosts {
            var run = StageRun()
            try run.addFilter(cluster.parameters(host: host))
            try run.add(StageDescriptor(Tee.self), id: "kept")
            try run.add(StageDescriptor(Discard.self))
            for reason in Self.reasons {
                try run.add(StageDescriptor(Tee.self), id: reason)
                try run.add(StageDescriptor(Discard.self), id: "discard-\(reason)")
                run.connect("nlb-filter", reason, to: reason)
            }
            let result = run.run(frames)
            #expect(result.imbalances == [], "\(note)")
            for frame in result.frames("kept.copy") {
                outcome.keepers[try #require(numbers[frame.time])].append(host)
            }
            for reason in Self.reasons {
                for frame in result.frames("\(reason).copy") {
                    outcome.reasons[try #require(numbers[frame.time])].append(reason)
                }
            }
        }
        return outcome
    }

    @Test(arguments: 1...16 as ClosedRange<UInt64>) func everyPacketHasExactlyOneHostThatIsUp(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let cluster = RandomCluster(using: &random)
        let traffic = RandomTraffic(300, to: cluster, using: &random)
        let note = "seed \(seed): \(cluster.parameters(host: 0))"
        let outcome = try run(traffic.frames, through: cluster, note)
        var memory = FlowMemory(of: cluster)
        for (number, frame) in traffic.frames.enumerated() {
            let (keepers, reasons) = (outcome.keepers[number], outcome.reasons[number])
            let place = "frame \(number) at \(frame.time), \(traffic.kinds[number]), \(note)"
            let isAgreed = keepers.isEmpty && reasons.count == cluster.hosts.count && Set(reasons).count == 1
            switch traffic.kinds[number] {
            case .elsewhere: #expect(keepers == cluster.hosts, "\(place)")
            case .cut:
                #expect(isAgreed || (reasons.isEmpty && [1, cluster.hosts.count].contains(keepers.count)), "\(place)")
            case .cluster, .laterFragment, .flow:
                if isAgreed { continue }
                #expect(reasons.isEmpty, "\(place): \(reasons)")
                // Where everybody drains there may be nobody.
                if keepers.isEmpty, !cluster.isServed(at: frame.time) { continue }
                // A later fragment was judged with the first one.
                let isLater = traffic.kinds[number] == .laterFragment
                if keepers.isEmpty, isLater, !cluster.isServed(around: frame.time) { continue }
                guard keepers.count == 1 else {
                    Issue.record("kept by \(keepers), \(place)")
                    continue
                }
                // A host that is gone may have been sent the first fragment.
                if isLater { continue }
                let isUp = cluster.isUp(keepers[0], at: frame.time)
                #expect(isUp, "\(place): kept by \(keepers)")
                guard case .flow(let flow, let flags) = traffic.kinds[number] else { continue }
                let expected = memory.take(flow, flags, by: keepers[0], at: frame.time)
                #expect(expected == nil || expected == keepers[0], "\(place)")
            }
        }
    }
}

/// Who has to have a flow, since its last packet was not long ago and its host has been up ever since.
private struct FlowMemory {
    private struct Entry {
        var owner: Int
        var time: Duration
        var isClosing: Bool
    }

    private let cluster: RandomCluster
    private var entries: [Int: Entry] = [:]

    init(of cluster: RandomCluster) { self.cluster = cluster }

    /// - Returns: nil when any host may have it.
    mutating func take(_ flow: Int, _ flags: TCPFlags, by owner: Int, at time: Duration) -> Int? {
        let known = entries[flow]
        let ends = !flags.isDisjoint(with: [.fin, .rst])
        let isClosing = ends || (known?.isClosing == true && !flags.contains(.syn))
        entries[flow] = Entry(owner: owner, time: time, isClosing: isClosing)
        // The shortest time of all is that of connections that open or close.
        guard cluster.remembers, let known, time - known.time < .seconds(239),
            cluster.isUp(known.owner, from: known.time, through: time), !(known.isClosing && flags.contains(.syn))
        else { return nil }
        return known.owner
    }
}
