import Weir
import WeirMembership
import WeirWire

/// Addresses whose ports are configured. VLAN 0 stands for every VLAN.
struct StaticTable {
    private var stations: [ForwardingKey: PortSet] = [:]
    private var groups: [ForwardingKey: PortSet] = [:]

    init(_ configuration: Switch.Configuration) throws {
        for (index, entry) in configuration.staticEntries.enumerated() {
            let place = "static[\(index)]"
            let ports = try configuration.portSet(entry.ports, parameter: "\(place).ports")
            let vlan = UInt16((entry.vlan ?? 0) & 0xfff)
            switch (entry.group, entry.mac) {
            case (let group?, nil):
                guard let key = configuration.key.key(of: group, vlan: vlan) else {
                    throw ConfigurationError(
                        parameter: "\(place).group",
                        group.isMulticast ? "\(group) is flooded always" : "\(group) is not a group",
                        help: group.isMulticast ? nil : "groups are within 224.0.0.0/4")
                }
                groups[key, default: PortSet()] = groups[key, default: PortSet()].union(ports)
            case (nil, let mac?):
                guard !mac.isBroadcast else {
                    throw ConfigurationError(parameter: "\(place).mac", "\(mac) is everybody's address")
                }
                let key = ForwardingKey(mac, vlan: vlan)
                stations[key, default: PortSet()] = stations[key, default: PortSet()].union(ports)
            case (nil, nil), (_?, _?):
                throw ConfigurationError(parameter: place, "an entry has either a `group` or a `mac`")
            }
        }
    }

    /// The ports of a MAC address; nil when none are configured.
    func ports(of address: MACAddress, vlan: UInt16) -> PortSet? {
        guard !stations.isEmpty else { return nil }
        return stations[ForwardingKey(address, vlan: vlan)] ?? stations[ForwardingKey(address, vlan: 0)]
    }

    /// The ports with static members of a group, by its key on the VLAN and on every VLAN.
    func members(of key: ForwardingKey, everywhere: ForwardingKey) -> PortSet {
        guard !groups.isEmpty else { return PortSet() }
        return groups[key, default: PortSet()].union(groups[everywhere, default: PortSet()])
    }
}
