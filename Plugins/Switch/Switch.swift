import Weir
import WeirMembership
import WeirWire

/// `- switch: { ports: 3 }`: an Ethernet switch that learns addresses and listens to IGMP (IEEE 802.1Q, RFC 4541).
///
/// Each frame belongs to a VLAN, by its tag or its port, and what is learnt of one VLAN says nothing of another. A frame
/// never leaves by the port that it came in by, and only by ports of its VLAN.
public struct Switch: PortStage {
    public static let kind = "switch"
    public static let summary = "Switches frames between ports: learns MAC addresses, snoops IGMP, keeps VLANs apart."
    public static let details = """
        Unicast goes to the port where its address was last heard, broadcast to all of the VLAN. IPv4 groups go to ports
        with members and to router ports; 224.0.0.x, queries, and IGMP that is invalid or unknown go to all. Reports and
        leaves go to router ports only: those of `router-ports`, and those that a query with another source than 0.0.0.0
        came in by. Multicast MAC addresses of no IPv4 group, NLB's 03-bf and IPv6's 33-33 among them, flood.

        `ageing` is what real switches differ in. `fixed`: 260 s whatever the querier does, as the Linux bridge, Dell, H3C,
        Hirschmann and Extreme have it by default. `robustness`: robustness x query interval + response time, what RFC 2236
        §8.4 computes. `per-query`: no report within the response time of one general query, as igmpproxy does.
        `immediate-leave` is for one host a port.

        With `key: mac` 32 groups share an entry, as in hardware. With `key: ip` the destination IP address of IPv4 in any
        multicast MAC address decides, as in the Linux bridge and Open vSwitch. NLB sends a unicast IP address in a multicast
        MAC address, which then matches no group: its frames are unregistered, whoever is a member.

        `private` separates ports inside a VLAN (RFC 5517): `promiscuous` ports reach all and are reached by all, ports of a
        community each other, and every other port is isolated. It holds on every VLAN and comes last, whatever was learnt: a
        router, or a querier, is to be on a promiscuous port.

        `static` pins addresses to ports: `{ group: 239.255.0.100, ports: 1-3 }` are members that never expire, in addition
        to those heard of and to router ports; `{ mac: 03-bf-0a-00-00-64, ports: 1-3 }` sends that address to just these
        ports. Many a real switch takes no multicast address there, or no unicast address on several ports.

        8192 MAC addresses and 4096 groups are known at most, over all VLANs; groups without a member make way. What finds
        its table full is counted as `refused`: the address stays unknown, the group unregistered.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
            to: lan.port1
          - switch: { ports: 3, vlans: [{ ports: 1, tagged: 10 }, { ports: 2-3, untagged: 10 }] }
            id: lan
            to: { port1: end, port2: end, port3: end }
          - discard: {}
            id: end
        """

    /// How many MAC addresses and groups are known at most.
    static let stationLimit = 8192
    static let groupLimit = 4096

    let vlans: VLANTable
    private let privateVLAN: PrivateVLAN
    let statics: StaticTable
    let keying: GroupKeying
    let learns: Bool
    let snoops: Bool
    let floodsUnknown: Bool
    let floodsUnregistered: Bool
    var stations: MACTable
    var routers: RouterPorts
    var snooper: MembershipSnooper
    /// By port.
    private var longestOutages: [Duration]

    public static func portCount(_ configuration: Configuration) -> Int { configuration.ports }

    public init(_ configuration: Configuration) throws {
        vlans = try VLANTable(configuration)
        privateVLAN = try PrivateVLAN(configuration)
        statics = try StaticTable(configuration)
        keying = configuration.key
        learns = configuration.learning
        snoops = configuration.snooping
        floodsUnknown = configuration.unknownUnicast == .flood
        floodsUnregistered = configuration.unregistered == .flood
        stations = MACTable(ageing: configuration.macAgeing, capacity: Self.stationLimit)
        routers = RouterPorts(
            fixed: try configuration.portSet(configuration.routerPorts, parameter: "router-ports"),
            timeout: configuration.routerPortTimeout)
        snooper = MembershipSnooper(
            ports: configuration.ports, capacity: Self.groupLimit, keying: configuration.key,
            policy: configuration.policy,
            lastMemberTime: configuration.lastMemberInterval * configuration.lastMemberCount,
            leavesAtOnce: configuration.immediateLeave, learnsTimers: configuration.learnTimers)
        longestOutages = Array(repeating: .zero, count: configuration.ports)
    }

    public mutating func process(_ packet: inout Packet, from port: Int, _ context: Context) -> PortVerdict<Switch> {
        context.count(.received, of: port)
        guard packet.length >= EthernetFrame.minimumHeaderLength else { return .drop(.malformed) }
        let isTagged = EtherType(rawValue: packet.bytes.uint16(at: EthernetFrame.Field.typeOrTag)).isVLANTag
        guard !isTagged || packet.length >= EthernetFrame.minimumHeaderLength + VLANTag.encodedLength else {
            return .drop(.malformed)
        }
        var tag = isTagged ? packet.bytes.vlanTag(at: EthernetFrame.Field.typeOrTag) : VLANTag(identifier: 0)
        guard let vlan = vlans.vlan(of: tag, on: port) else { return .drop(.foreignVLAN) }
        if isTagged { packet.popVLANTag() }
        tag.tci = tag.tci & 0xf000 | vlan

        let way = self.way(packet.bytes, from: port, vlan: vlan, context)
        let others = way.ports.intersection(vlans.ports(of: vlan)).subtracting(PortSet(port))
        let reached = others.intersection(privateVLAN.ports(reachedFrom: port))
        return .send(
            to: reached.intersection(vlans.untaggedPorts(of: vlan)), with: tag,
            to: reached.intersection(vlans.taggedPorts(of: vlan)), orDrop: others.isEmpty ? way.reason : .isolated)
    }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        if token >= RouterPorts.firstToken {
            let (port, vlan) = routers.timerFired(token)
            context.log(.info, "router port expired", ["port": StageDescriptor.portName(port), "vlan": "\(vlan)"])
        } else if let change = snooper.timerFired(token, at: context.now) {
            tell(change, context)
        }
    }

    public mutating func finish(_ context: Context) {
        for change in snooper.finish(at: context.now) { tell(change, context) }
    }

    /// Counts and logs a change of membership.
    mutating func tell(_ change: MembershipChange, _ context: Context) {
        let port = change.port
        if let outage = change.outage {
            context.count(.millisecondsWithoutMember, of: port, by: Int(outage / .milliseconds(1)))
            let longest = max(longestOutages[port], outage)
            let longer = Int(longest / .milliseconds(1)) - Int(longestOutages[port] / .milliseconds(1))
            context.count(.longestMillisecondsWithoutMember, of: port, by: longer)
            longestOutages[port] = longest
        }
        let (event, counter): (String, PortCounter)
        switch change.kind {
        case .joined: (event, counter) = ("joined", .joined)
        case .expired: (event, counter) = ("expired", .expired)
        case .left: (event, counter) = ("left", .left)
        case .forgotten: return
        }
        context.count(counter, of: port)
        context.log(
            .info, event,
            [
                "port": StageDescriptor.portName(port), "group": "\(change.group)", "vlan": "\(change.vlan)",
                "after": change.after.logText,
            ])
    }
}
