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

    /// What keeps steps from being the history of a cluster.
    struct Fault {
        /// The number of the step, and the key in it.
        let step: Int
        let key: String
        let message: String
        /// What the key doesn't agree with.
        let against: Place

        enum Place {
            case hosts
            /// A key of a step.
            case step(Int, String)
            case nothing
        }
    }

    /// The first fault of the history of a cluster of these hosts, nil if there is none.
    static func fault(in steps: [MembershipStep], hosts: IntegerRanges) -> Fault? {
        guard !steps.isEmpty else {
            return Fault(step: 0, key: "up", message: "there is no step: nobody would be up", against: .nothing)
        }
        var latest: (number: Int, at: Duration)?
        for (number, step) in steps.enumerated() {
            func fault(_ key: String, _ message: String, _ against: Fault.Place) -> Fault {
                Fault(step: number, key: key, message: message, against: against)
            }
            if let stranger = step.up.numbers.first(where: { !hosts.contains($0) }) {
                return fault("up", "host \(stranger) is not among the hosts", .hosts)
            }
            if let stranger = step.weights?.stranger(to: hosts) {
                return fault("weights", "host \(stranger) is not among the hosts", .hosts)
            }
            if let down = step.drainstop?.numbers.first(where: { !step.up.contains($0) }) {
                return fault("drainstop", "host \(down) is not up", .step(number, "up"))
            }
            if let down = step.drain.first(where: { !step.up.contains($0.host) }) {
                return fault("drain", "host \(down.host) is not up", .step(number, "up"))
            }
            if let at = step.at {
                if let latest, at < latest.at {
                    return fault("at", "the step is earlier than one before it", .step(latest.number, "at"))
                }
                latest = (number, at)
            } else if let latest, latest.at > .zero {
                return fault("at", "a step before has a time, so this one needs one too", .step(latest.number, "at"))
            }
        }
        return nil
    }
}
