import Weir

/// Ports that a host takes no new connections for.
public struct PortDrain: ParameterGroup {
    @Parameter("The host.", in: 1...BucketMap.largestHostID) public var host: Int
    @Parameter("The rules that are for one of these ports.", in: 0...65535) public var ports: IntegerRanges
    public init() {}
}

/// Who is up, from some time on: a file of such steps is a cluster's history, and what it says is all that decides on the
/// bucket maps.
public struct MembershipStep: ParameterGroup {
    @Parameter("The hosts that are up.", in: 1...BucketMap.largestHostID) public var up: IntegerRanges
    @Parameter("When, after the stage has started; at once without it.") public var at: Duration?
    @Parameter(
        "Hosts that take no new connections, and stop when their last one has ended.", in: 1...BucketMap.largestHostID)
    public var drainstop: IntegerRanges?
    @Parameter("Hosts that take no new connections for some ports.", default: []) public var drain: [PortDrain]
    @Parameter("Load weights by host, where a rule does not name it.") public var weights: HostWeights?
    public init() {}

    /// Everybody is up.
    init(everybodyOf hosts: IntegerRanges) {
        self.init()
        up = hosts
    }
}

extension MembershipStep {
    /// Whether the host may be given new connections for ports of `rule`, nil for the rule of all other ports.
    func takesNew(_ host: Int, for rule: PortRule?) -> Bool {
        up.contains(host) && drainstop?.contains(host) != true
            && !drain.contains { drain in
                drain.host == host
                    && drain.ports.ranges.contains { mine in
                        rule?.ports.ranges.contains { $0.overlaps(mine) } ?? false
                    }
            }
    }

    /// What a host weighs for a rule, 0 when it may not be given new connections.
    func weight(of host: Int, for rule: PortRule) -> Int {
        guard takesNew(host, for: rule) else { return 0 }
        return rule.weights?.weights[host] ?? weights?.weights[host] ?? HostWeights.usual
    }

    /// A bit for each host that is up.
    var upBits: UInt64 { up.numbers.reduce(0) { $0 | 1 << UInt64($1) } }

    /// What keeps the steps from being the history of a cluster of these hosts.
    /// - Returns: a sentence about the first fault and the number of its step; nil if there is none.
    static func fault(in steps: [MembershipStep], hosts: IntegerRanges) -> (step: Int, key: String, message: String)? {
        guard !steps.isEmpty else { return (0, "up", "there is no step: nobody would be up") }
        var latest = Duration.zero
        for (number, step) in steps.enumerated() {
            if let stranger = step.up.numbers.first(where: { !hosts.contains($0) }) {
                return (number, "up", "host \(stranger) is not among the hosts")
            }
            if let down = step.drainstop?.numbers.first(where: { !step.up.contains($0) }) {
                return (number, "drainstop", "host \(down) is not up")
            }
            if let down = step.drain.first(where: { !step.up.contains($0.host) }) {
                return (number, "drain", "host \(down.host) is not up")
            }
            if let at = step.at {
                guard at >= latest else { return (number, "at", "the step is earlier than the one before it") }
                latest = at
            } else if latest > .zero {
                return (number, "at", "the step before has a time, so this one needs one too")
            }
        }
        return nil
    }
}
