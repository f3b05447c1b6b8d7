import Weir
import WeirWire

/// `- nlb-filter: { cluster: 10.0.0.100, host-id: 1, hosts: 1-4 }`: keeps this host's share of the cluster's packets.
///
/// Every host of a cluster sees every packet and decides alone, without a message, by the same hash, the same history of
/// who was up, and the same table of connections: each packet has one bucket of 60, and each bucket one owner.
public struct NLBFilter: ProtocolStage {
    public static let kind = "nlb-filter"
    public static let summary = "Keeps the packets to the cluster that this host answers; drops the other hosts'."

    public enum Drop: String, StageWord {
        case notOurs = "another host of the cluster answers the packet, or nobody does since all hosts drain"
        case disabledPort = "a rule disables the packet's port"
        case notCluster = "the packet is not for the cluster, and `others` is `drop`"
        case wrongMAC = "the packet is for the cluster, but not for the MAC address of its mode"
        case lostFragment =
            "a fragment whose packet's first fragment did not come in time, or that was one too many to wait for it"
        case malformed = "the packet to the cluster is cut off or its lengths are wrong"
    }

    public enum Counter: String, StageWord {
        case buckets = "buckets that this host owns now, of the first rule"
        case movedBuckets = "buckets that went from one host to another, of all rules"
        case memberships = "changes of membership"
        case membershipFaults =
            "times that the membership file could not be read, or was no history of this cluster's hosts"
        case connections = "connections, clients with extended affinity and tunnels that are remembered now"
        case ownConnections = "open connections that this host has now"
        case keptPackets = "packets that this host kept since it has their connection, though their bucket is another's"
        case evicted = "connections that were forgotten to make room"
    }

    /// What the packet loop needs of a rule.
    struct Share {
        let mask: AffinityMask
        let isDisabled: Bool
        let keepsClients: Bool
        /// A bit for each bucket of this host.
        var owned: UInt64 = 0
    }

    enum Timer: UInt64 { case poll, step, fragments, drained }

    let hostID: Int
    private let cluster: [AnyIPAddress]
    /// The first IPv4 address as it lies in a packet, read little-endian, and where its rules are. Beyond all addresses when
    /// no packet takes the short way.
    private let primary: UInt64
    private let primaryTable: Int
    /// Destination MAC address and the octets after it that the frame must begin with, and a mask for those that count.
    private let mac: UInt64
    private let macMask: UInt64
    private let passesOthers: Bool

    private let rules: RuleIndex
    private let hasher: FlowHasher
    private let bucketCount: UInt64
    var shares: [Share]
    /// The share of the rule that is for all ports, if there is one, so that no packet needs to look for its rule.
    var onlyShare: Share
    private let hasOnlyShare: Bool
    var membership: Membership
    var membershipFile: WatchedFile<[MembershipStep]>?
    let poll: Duration

    let tracks: Bool
    /// Whether membership may change.
    let hasSteps: Bool
    public var needsClock: Bool { clockIsNeeded }
    var clockIsNeeded: Bool
    var clock = FlowClock()
    var flows: FlowTable
    var fragments = FragmentTable()
    /// A bit for each host that is up.
    var up: UInt64 = 0
    /// Whether a bucket has moved since packets came.
    var hasMoved = false
    var told = Told()
    var drain = Drain.no

    /// Whether this host is to stop, and whether it has.
    enum Drain { case no, watched, done }

    /// What gauges were counted so far.
    struct Told { var connections = 0, own = 0, evicted = 0, buckets = 0 }

    public init(_ configuration: Configuration) throws {
        let plan = try ClusterPlan(configuration)
        hostID = configuration.hostID
        cluster = configuration.cluster
        primary = configuration.hash == .fast ? plan.primary.map { UInt64($0.rawValue.byteSwapped) } ?? .max : .max
        mac = (plan.mac?.rawValue ?? 0) << 16
        macMask = plan.mac == nil ? 0 : 0xffff_ffff_ffff << 16
        passesOthers = configuration.others == .pass
        rules = RuleIndex(plan.rules, addresses: configuration.cluster, defaultRule: UInt8(plan.rules.count))
        primaryTable = configuration.cluster.firstIndex { $0.ipv4 != nil }.map(rules.table) ?? 0
        hasher = FlowHasher(
            configuration.hash, seed: UInt32(configuration.seed),
            key: configuration.key?.octets ?? ToeplitzHash.verificationKey)
        bucketCount = UInt64(plan.bucketCount)
        membership = Membership(
            rules: plan.rules, hosts: configuration.hosts, bucketCount: plan.bucketCount,
            cleanupDelay: configuration.cleanupDelay, steps: plan.steps)
        membershipFile = configuration.membership
        poll = configuration.membershipPoll
        tracks = plan.tracks
        hasSteps = !plan.steps.isEmpty
        clockIsNeeded = tracks || hasSteps
        flows = FlowTable(
            limit: tracks ? configuration.connections : 0, hostID: hostID, idle: plan.idle, clientIdle: plan.clientIdle)
        shares = plan.rules.map {
            Share(
                mask: AffinityMask($0.affinity), isDisabled: $0.filtering == .disabled, keepsClients: $0.timeout != nil)
        }
        shares.append(Share(mask: AffinityMask(.single), isDisabled: false, keepsClients: false))
        onlyShare = shares[0]
        hasOnlyShare = plan.rules.count == 1 && plan.rules[0].isForAll && !shares[0].isDisabled
        takeShares()
    }

    // MARK: Packets

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        if tracks { return judgeTracked(packet.bytes, packet.timestamp, context) }
        guard let plain = PlainPacket(packet.bytes), plain.destination == primary, hasMAC(packet.bytes) else {
            return judge(packet.bytes, packet.timestamp, context)
        }
        return hasOnlyShare
            ? onlyShare.owned &>> bucket(of: plain, onlyShare.mask) & 1 != 0 ? .forward : .drop(.notOurs)
            : judgeByRule(plain)
    }

    /// The verdict on a packet of which nothing is remembered, by the rule for its port.
    @inline(never)
    private func judgeByRule(_ packet: PlainPacket) -> Verdict {
        let share = shares[rules.rule(table: primaryTable, isUDP: packet.isUDP, ports: packet.ports)]
        if share.isDisabled { return .drop(.disabledPort) }
        return share.owned &>> bucket(of: packet, share.mask) & 1 != 0 ? .forward : .drop(.notOurs)
    }

    public var looksAhead: Bool { tracks }

    @inline(__always)
    public func lookAhead(_ packet: borrowing Packet) {
        if let plain = PlainPacket(packet.bytes) { flows.prefetch(plain.identity) }
    }

    /// The verdict on any packet where connections are remembered: here on those of one that merely goes on.
    @inline(never)
    private mutating func judgeTracked(_ bytes: RawSpan, _ timestamp: Instant, _ context: Context) -> Verdict {
        guard let plain = PlainPacket(bytes), plain.destination == primary, hasMAC(bytes),
            !plain.opensOrCloses(bytes), let place = flows.place(of: plain.identity)
        else { return judge(bytes, timestamp, context) }
        let tick = clock.tick(context.now)
        let entry = flows.entry(at: place)
        guard entry.isSteady, up &>> UInt64(entry.owner) & 1 != 0, !flows.isExpired(entry, at: tick) else {
            return judge(bytes, timestamp, context)
        }
        let share = shares[entry.rule]
        if share.keepsClients {
            let client = Flow.clientIdentity(plain.addresses & share.mask.addresses, rule: entry.rule)
            // A client that was forgotten in the meantime is to be remembered again.
            guard flows.touch(client, at: tick) else { return judge(bytes, timestamp, context) }
        }
        flows.touch(place, entry, at: tick)
        let isOurs = entry.owner == hostID
        if hasMoved, isOurs, share.owned &>> bucket(of: plain, share.mask) & 1 == 0 { context.count(.keptPackets) }
        return isOurs ? .forward : .drop(.notOurs)
    }

    @inline(__always)
    private func hasMAC(_ bytes: RawSpan) -> Bool {
        (bytes.uint64(at: EthernetFrame.Field.destination) ^ mac) & macMask == 0
    }

    /// The bucket of a packet by the fast hash.
    @inline(__always)
    private func bucket(of packet: PlainPacket, _ mask: AffinityMask) -> UInt64 {
        bucket(
            FlowHash(
                addresses: packet.addresses & mask.addresses, ports: packet.ports & mask.ports,
                protocolNumber: packet.protocolNumber.rawValue & mask.protocolNumber, seed: hasher.seed
            ).upper)
    }

    /// The bucket of a hash: scaling takes its upper bits, where a remainder would take the lower ones.
    @inline(__always)
    private func bucket(_ hash: UInt32) -> UInt64 { (UInt64(hash) &* bucketCount) &>> 32 }

    /// The verdict on any packet.
    @inline(never)
    private mutating func judge(_ bytes: RawSpan, _ timestamp: Instant, _ context: Context) -> Verdict {
        switch ClusterTraffic(bytes, isCluster: cluster.contains) {
        case .malformed: return .drop(.malformed)
        case .elsewhere: return passesOthers ? .forward : .drop(.notCluster)
        case .cluster(let packet):
            guard hasMAC(bytes) else { return .drop(.wrongMAC) }
            guard packet.part == .whole else {
                return judge(fragment: packet, at: clock.advance(to: max(timestamp, context.now)), context)
            }
            let fate = fate(of: packet, context)
            return verdict(on: fate)
        }
    }

    private func verdict(on fate: FragmentTable.Fate) -> Verdict {
        switch fate {
        case .host(hostID): .forward
        case .host: .drop(.notOurs)
        case .disabled: .drop(.disabledPort)
        }
    }

    /// Who has the packet, which is not a later fragment.
    private mutating func fate(of packet: ClusterPacket, _ context: Context) -> FragmentTable.Fate {
        let table = cluster.firstIndex(of: packet.address).map(rules.table) ?? 0
        let rule: Int
        var mask: AffinityMask
        switch packet.kind {
        case .ports:
            rule = rules.rule(
                table: table, isUDP: packet.flow.protocolNumber == IPProtocol.udp.rawValue, ports: packet.flow.ports)
            mask = shares[rule].mask
        case .tunnel(let like, let port):
            rule = rules.rule(table: table, isUDP: like == .udp, ports: UInt32(port.byteSwapped) << 16)
            mask = shares[rule].mask
            if mask.ports != 0 { mask = AffinityMask(.single) }
        case .other: return .host(membership.owner(shares.count - 1, 0))
        }
        if shares[rule].isDisabled { return .disabled }
        let bucket = Int(bucket(hasher.hash(packet.flow, mask)))
        guard tracks else { return .host(membership.owner(rule, bucket)) }
        let owner = owner(of: packet, rule: rule, bucket: bucket, context)
        if owner == hostID, shares[rule].owned >> UInt64(bucket) & 1 == 0 { context.count(.keptPackets) }
        return .host(owner)
    }

    // MARK: Connections

    /// Who has the packet's connection. Remembers it.
    private mutating func owner(of packet: ClusterPacket, rule: Int, bucket: Int, _ context: Context) -> Int {
        let tick = clock.tick(context.now)
        let identity = packet.flow.identity
        let known = flows.entry(of: identity, at: tick)
        let isTCP = packet.flow.protocolNumber == IPProtocol.tcp.rawValue
        let opens = isTCP && packet.flags.contains(.syn)
        let client = shares[rule].keepsClients ? packet.flow.clientIdentity(shares[rule].mask, rule: rule) : nil
        var owner = 0
        // A SYN in a connection that has ended begins another one.
        if let known, up >> UInt64(known.owner) & 1 != 0, !(opens && known.phase == .closing) {
            owner = known.owner
        } else {
            // An error is about what was there before.
            let goesOn = isTCP && !opens
            owner = newOwner(client: client, goesOn: goesOn, rule: rule, bucket: bucket, at: tick, context.now)
        }
        if packet.isError || owner == 0 { return owner }
        let phase = FlowEntry.Phase(after: known?.phase, packet.flags, isTCP: isTCP)
        flows.set(identity, FlowEntry(owner: owner, phase: phase, rule: rule, at: tick), at: tick)
        if let client {
            // An old connection does not take the client away from the host that has its new ones.
            let keeper = self.keeper(of: client, rule: rule, at: tick) ?? owner
            flows.set(client, FlowEntry(owner: keeper, phase: .client, rule: rule, at: tick), at: tick)
        }
        return owner
    }

    /// Who gets a connection that nobody has.
    /// - Parameter goesOn: whether it is in its midst, so that a host may have it that this one doesn't know of.
    private func newOwner(
        client: UInt64?, goesOn: Bool, rule: Int, bucket: Int, at tick: UInt32, _ now: Instant
    ) -> Int {
        if let client, let keeper = keeper(of: client, rule: rule, at: tick) { return keeper }
        if goesOn, let previous = membership.previousOwner(rule, bucket, at: now), up >> UInt64(previous) & 1 != 0 {
            return previous
        }
        return membership.owner(rule, bucket)
    }

    /// The host that a client keeps, by extended affinity; nil when it has none that takes new connections.
    private func keeper(of client: UInt64, rule: Int, at tick: UInt32) -> Int? {
        guard let entry = flows.entry(of: client, at: tick),
            membership.takesNew(rule) >> UInt64(entry.owner) & 1 != 0
        else { return nil }
        return entry.owner
    }

    // MARK: Fragments

    private mutating func judge(fragment packet: ClusterPacket, at now: Instant, _ context: Context) -> Verdict {
        let tick = clock.tick(now)
        let identity = packet.fragmentIdentity
        if packet.part == .first {
            let fate = fate(of: packet, context)
            fragments.set(identity, fate, at: tick)
            release(identity, fate, context)
            return verdict(on: fate)
        }
        if let fate = fragments.fate(of: identity, at: tick) { return verdict(on: fate) }
        guard fragments.hasRoom else { return .drop(.lostFragment) }
        let until = now + FragmentTable.patience
        fragments.hold(identity, until: until)
        clockIsNeeded = true
        context.schedule(Timer.fragments.rawValue, at: until)
        return .keep
    }

    /// Lets go of the held fragments of a packet, in front of the first one: they came before it.
    private mutating func release(_ identity: UInt64, _ fate: FragmentTable.Fate, _ context: Context) {
        while let index = fragments.release(identity) {
            switch fate {
            case .host(hostID): context.forwardHeld(at: index)
            case .host: context.dropHeld(.notOurs, at: index)
            case .disabled: context.dropHeld(.disabledPort, at: index)
            }
        }
    }
}
