import Weir
import WeirWire

/// Which ports are in which VLANs, with or without a tag (IEEE 802.1Q §8.8).
struct VLANTable {
    /// By VLAN.
    private var untagged = [PortSet](repeating: PortSet(), count: 4096)
    private var tagged = [PortSet](repeating: PortSet(), count: 4096)
    /// By port: the VLAN of frames without a tag, 0 for none.
    private var native: [UInt16]

    init(_ configuration: Switch.Configuration) throws {
        native = Array(repeating: 0, count: configuration.ports)
        var unnamed = PortSet(first: configuration.ports)
        for (index, entry) in configuration.vlans.enumerated() {
            let place = "vlans[\(index)]"
            let ports = try configuration.portSet(entry.ports, parameter: "\(place).ports")
            guard entry.untagged != nil || entry.tagged != nil else {
                throw ConfigurationError(
                    parameter: place, "the ports are put into no VLAN",
                    help: "add `untagged: 10` or `tagged: \"20,30\"`")
            }
            unnamed = unnamed.subtracting(ports)
            for vlan in entry.tagged?.numbers ?? [] { tagged[vlan & 0xfff] = tagged[vlan & 0xfff].union(ports) }
            try setNative(entry.untagged, of: ports, parameter: "\(place).untagged")
        }
        try setNative(1, of: unnamed, parameter: "vlans")
        for vlan in untagged.indices {
            var both = untagged[vlan].intersection(tagged[vlan])
            guard let port = both.popFirst() else { continue }
            throw ConfigurationError(
                parameter: "vlans", "port \(port + 1) is in VLAN \(vlan) both with and without a tag")
        }
    }

    private mutating func setNative(_ vlan: Int?, of ports: PortSet, parameter: String) throws {
        guard let vlan else { return }
        var ports = ports
        while let port = ports.popFirst() {
            guard native[port] == 0 || native[port] == vlan else {
                throw ConfigurationError(
                    parameter: parameter, "port \(port + 1) is untagged in VLAN \(native[port]) already",
                    help: "a port has one VLAN for frames without a tag")
            }
            native[port] = UInt16(vlan & 0xfff)
            untagged[vlan & 0xfff].insert(port)
        }
    }

    /// The VLAN of a frame that came in by a port with a tag, which is of VLAN 0 for no tag at all; nil when the port is
    /// not in it.
    func vlan(of tag: VLANTag, on port: Int) -> UInt16? {
        guard tag.identifier != 0 else { return native[port] == 0 ? nil : native[port] }
        return ports(of: tag.identifier).contains(port) ? tag.identifier : nil
    }

    func ports(of vlan: UInt16) -> PortSet { untaggedPorts(of: vlan).union(taggedPorts(of: vlan)) }
    func untaggedPorts(of vlan: UInt16) -> PortSet { untagged[Int(vlan & 0xfff)] }
    func taggedPorts(of vlan: UInt16) -> PortSet { tagged[Int(vlan & 0xfff)] }
}
