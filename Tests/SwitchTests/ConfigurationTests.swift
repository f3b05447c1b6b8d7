import Switch
import Testing
import Weir
import WeirWire

/// Parameters that are right each and don't go together.
@Suite struct ConfigurationTests {
    private func fault(_ configure: (inout Switch.Configuration) -> Void) -> String? {
        var configuration = Switch.Configuration()
        configuration.ports = 4
        configure(&configuration)
        do {
            _ = try Switch(configuration)
            return nil
        } catch let error as ConfigurationError {
            return [error.parameter, error.message, error.help].compactMap { $0 }.joined(separator: "; ")
        } catch {
            return "\(error)"
        }
    }

    private func entry(group: IPv4Address? = nil, mac: MACAddress? = nil, ports: IntegerRanges = [1])
        -> Switch.StaticEntry
    {
        var entry = Switch.StaticEntry()
        entry.group = group
        entry.mac = mac
        entry.ports = ports
        return entry
    }

    @Test func whatIsRightPasses() {
        #expect(fault { _ in } == nil)
        #expect(fault { $0.vlans = [vlans(ports: [1, 2], untagged: 1), vlans(ports: [2], tagged: [2, 3])] } == nil)
    }

    @Test func portsAreThoseThatThereAre() {
        #expect(fault { $0.routerPorts = [5] } == "router-ports; there is no port 5; the switch has the ports 1 to 4")
        #expect(
            fault { $0.vlans = [vlans(ports: [3], untagged: 1), vlans(ports: [7], untagged: 1)] }
                == "vlans[1].ports; there is no port 7; the switch has the ports 1 to 4")
        #expect(
            fault {
                $0.ports = 1
                $0.staticEntries = [entry(group: group, ports: [2])]
            } == "static[0].ports; there is no port 2; the switch has one port, 1")
    }

    @Test func aPortHasOneVLANWithoutTag() {
        #expect(
            fault { $0.vlans = [vlans(ports: [1, 2], untagged: 10), vlans(ports: [2], untagged: 20)] }
                == "vlans[1].untagged; port 2 is untagged in VLAN 10 already; a port has one VLAN for frames without a tag"
        )
        #expect(
            fault { $0.vlans = [vlans(ports: [1, 2], untagged: 10, tagged: [10])] }
                == "vlans; port 1 is in VLAN 10 both with and without a tag")
        #expect(
            fault { $0.vlans = [vlans(ports: [1])] }
                == "vlans[0]; the ports are put into no VLAN; add `untagged: 10` or `tagged: \"20,30\"`")
    }

    @Test func aStaticEntryIsOfAGroupOrAnAddress() {
        #expect(fault { $0.staticEntries = [entry()] } == "static[0]; an entry has either a `group` or a `mac`")
        #expect(
            fault { $0.staticEntries = [entry(mac: mac(1)), entry(group: group, mac: mac(1))] }
                == "static[1]; an entry has either a `group` or a `mac`")
        #expect(
            fault { $0.staticEntries = [entry(group: cluster)] }
                == "static[0].group; 10.0.0.100 is not a group; groups are within 224.0.0.0/4")
        #expect(
            fault { $0.staticEntries = [entry(group: IPv4Address(224, 0, 0, 9))] }
                == "static[0].group; 224.0.0.9 is flooded always")
        #expect(
            fault { $0.staticEntries = [entry(mac: .broadcast)] }
                == "static[0].mac; ff-ff-ff-ff-ff-ff is everybody's address")
    }
}
