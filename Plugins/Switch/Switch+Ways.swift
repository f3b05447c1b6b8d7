import Weir
import WeirMembership
import WeirWire

extension Switch {
    /// Where a frame goes, the port that it came in by perhaps among them, and why it is dropped if that is nowhere else.
    struct Way {
        let ports: PortSet
        let reason: Drop
    }

    /// Where a frame goes whose tag has been taken off.
    mutating func way(_ bytes: RawSpan, from port: Int, vlan: UInt16, _ context: Context) -> Way {
        let destination = bytes.macAddress(at: EthernetFrame.Field.destination)
        learn(bytes.macAddress(at: EthernetFrame.Field.source), on: port, vlan: vlan, context)
        if !destination.isMulticast { return way(toStation: destination, vlan: vlan, context) }
        let all = Way(ports: vlans.ports(of: vlan), reason: .noOtherPort)
        if destination.isBroadcast { return all }
        if destination.isReservedForLinks { return Way(ports: PortSet(), reason: .reserved) }
        let type = EtherType(rawValue: bytes.uint16(at: EthernetFrame.Field.typeOrTag))
        if snoops, type == .ipv4 {
            switch IGMPReception(bytes) {
            case .message(let message): return hear(message, on: port, vlan: vlan, context)
            case .invalid: return all
            case .other: break
            }
        }
        if let ports = statics.ports(of: destination, vlan: vlan) { return Way(ports: ports, reason: .samePort) }
        switch keying {
        case .mac:
            guard destination.isIPv4Multicast else { break }
            if destination.isLinkLocalMulticast { return all }
            return way(
                toGroup: ForwardingKey(destination, vlan: vlan), everywhere: ForwardingKey(destination, vlan: 0),
                vlan: vlan, context)
        case .ip:
            guard type == .ipv4 else { break }
            let address = bytes.ipv4Address(at: EthernetFrame.minimumHeaderLength + IPv4Packet.Field.destination)
            if address.isLinkLocalMulticast { return all }
            return way(
                toGroup: ForwardingKey(address, vlan: vlan), everywhere: ForwardingKey(address, vlan: 0), vlan: vlan,
                context)
        }
        context.count(.flooded)
        return all
    }

    private mutating func learn(_ source: MACAddress, on port: Int, vlan: UInt16, _ context: Context) {
        guard learns, !source.isMulticast else { return }
        switch stations.learn(ForwardingKey(source, vlan: vlan), on: port, at: context.now) {
        case .known: break
        case .refused: context.count(.refused)
        case .learned: context.count(.learned, of: port)
        case .moved:
            context.count(.learned, of: port)
            context.count(.moved)
        }
    }

    private func way(toStation address: MACAddress, vlan: UInt16, _ context: Context) -> Way {
        if let ports = statics.ports(of: address, vlan: vlan) { return Way(ports: ports, reason: .samePort) }
        if learns, let port = stations.port(of: ForwardingKey(address, vlan: vlan), at: context.now) {
            return Way(ports: PortSet(port), reason: .samePort)
        }
        guard floodsUnknown else { return Way(ports: PortSet(), reason: .unknownUnicast) }
        context.count(.flooded)
        return Way(ports: vlans.ports(of: vlan), reason: .noOtherPort)
    }

    private func way(
        toGroup key: ForwardingKey, everywhere: ForwardingKey, vlan: UInt16, _ context: Context
    ) -> Way {
        let all = vlans.ports(of: vlan)
        let members = snooper.members(of: key).union(statics.members(of: key, everywhere: everywhere))
            .intersection(all)
        if !members.isEmpty { return Way(ports: members.union(routers.ports(of: vlan)), reason: .samePort) }
        guard snoops, !floodsUnregistered else {
            context.count(.flooded)
            return Way(ports: all, reason: .noOtherPort)
        }
        return Way(ports: routers.ports(of: vlan), reason: .noMember)
    }

    /// Queries go to every port, reports and leaves to router ports only: on a host's port one might silence another host,
    /// which the switch would then never hear of (RFC 4541 §2.1.1).
    private mutating func hear(_ message: IGMPFrame, on port: Int, vlan: UInt16, _ context: Context) -> Way {
        let outcome = snooper.hear(message.contents, on: port, vlan: vlan, context)
        context.count(.reports, of: port, by: outcome.reports)
        context.count(.refused, by: outcome.refused)
        for change in outcome.changes { tell(change, context) }
        guard case .query = message.contents else {
            return Way(ports: routers.ports(of: vlan), reason: .forRouterPorts)
        }
        context.count(.queries, of: port)
        // A switch that asks for want of a router does so from 0.0.0.0.
        if !message.source.isUnspecified, routers.hear(on: port, vlan: vlan, context) {
            context.log(.info, "router port", ["port": StageDescriptor.portName(port), "vlan": "\(vlan)"])
        }
        return Way(ports: vlans.ports(of: vlan), reason: .noOtherPort)
    }
}

extension MACAddress {
    /// 01-80-c2-00-00-00 to -0f: spanning tree, pause frames, LLDP and the like (IEEE 802.1Q §8.6.3).
    fileprivate var isReservedForLinks: Bool { rawValue >> 4 == 0x0180_c200_000 }
}
