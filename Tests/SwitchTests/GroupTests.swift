import Switch
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Where multicast goes. The router is at port 1, the member at port 2, a host that is none at port 3, and port 4 sends.
@Suite struct GroupTests {
    private func run(
        _ frames: [TestFrame], member: TestFrame? = report(at: 2), router: TestFrame? = query(at: 1),
        _ configure: (inout Switch.Configuration) -> Void = { _ in }
    ) throws -> LAN {
        try LAN(ports: 4, [1: [router].compactMap { $0 }, 2: [member].compactMap { $0 }, 4: frames], configure)
    }

    @Test func aGroupGoesToItsMembersAndToRouterPorts() throws {
        let frame = ipv4(at: 3, to: group)
        let lan = try run([frame])
        #expect(lan.ports(of: frame) == [1, 2])
        #expect(lan.count(.flooded) == 0)
        #expect(lan.log == ["1s router port port1", "2s joined port2 239.255.0.100"])
    }

    @Test func aGroupWithoutMemberGoesToRouterPortsOnlyOrToAll() throws {
        let frame = ipv4(at: 3, to: IPv4Address(239, 1, 1, 1))
        #expect(try run([frame]).ports(of: frame) == [1])
        let flooding = try run([frame]) { $0.unregistered = .flood }
        #expect(flooding.ports(of: frame) == [1, 2, 3])
        #expect(flooding.count(.flooded) == 1)
        let lan = try run([frame], router: nil)
        #expect(lan.ports(of: frame) == [])
        #expect(lan.dropped(.noMember) == 1)
    }

    @Test func aMemberBehindThePortOfTheSenderGetsNoCopy() throws {
        let lan = try LAN([2: [report(at: 2), ipv4(at: 3, to: group)]])
        #expect(lan.dropped(.samePort) == 1)
        #expect(lan.out(1) + lan.out(2) + lan.out(3) == [])
    }

    @Test func controlTrafficAndUnknownMulticastFlood() throws {
        let control = ipv4(at: 3, to: IPv4Address(224, 0, 0, 251))
        let sharing = ipv4(at: 3, to: IPv4Address(239, 0, 0, 251), mark: 1)
        let nlb = ipv4(at: 3, to: cluster, in: multicastMAC)
        let ipv6 = ethernet(at: 3, to: MACAddress(0x33, 0x33, 0, 0, 0, 1), type: [0x86, 0xdd])
        let lan = try run([control, sharing, nlb, ipv6])
        for frame in [control, sharing, nlb, ipv6] { #expect(lan.ports(of: frame) == [1, 2, 3]) }
        // 224.0.0.x floods by rule.
        #expect(lan.count(.flooded) == 2)
    }

    // MARK: Keys

    @Test func byMACAddressTheFramesOfACommonAddressAreOneGroup() throws {
        let nlb = ipv4(at: 3, to: cluster, in: groupMAC)
        let other = ipv4(at: 3, to: IPv4Address(224, 127, 0, 100))
        let lan = try run([nlb, other])
        #expect(lan.ports(of: nlb) == [1, 2])
        #expect(lan.ports(of: other) == [1, 2])
    }

    @Test func byIPAddressUnicastInAMulticastAddressMatchesNothing() throws {
        let nlb = ipv4(at: 3, to: cluster, in: groupMAC)
        let old = ipv4(at: 3, to: cluster, in: multicastMAC)
        let other = ipv4(at: 3, to: IPv4Address(224, 127, 0, 100))
        let mine = ipv4(at: 3, to: group)
        let elsewhere = ipv4(at: 3, to: group, in: multicastMAC)
        let control = ipv4(at: 3, to: IPv4Address(224, 0, 0, 5), in: groupMAC)
        let arp = ethernet(at: 3, to: multicastMAC, type: [0x08, 0x06])
        let lan = try run([nlb, old, other, mine, elsewhere, control, arp]) { $0.key = .ip }
        for frame in [nlb, old, other] { #expect(lan.ports(of: frame) == [1]) }
        for frame in [mine, elsewhere] { #expect(lan.ports(of: frame) == [1, 2]) }
        for frame in [control, arp] { #expect(lan.ports(of: frame) == [1, 2, 3]) }
    }

    @Test func byIPAddressGroupsThatShareAMACAddressAreTwo() throws {
        let frame = ipv4(at: 3, to: IPv4Address(239, 0, 0, 9))
        let lan = try run([frame], member: report(at: 2, IPv4Address(239, 0, 0, 9))) { $0.key = .ip }
        #expect(lan.ports(of: frame) == [1, 2])
        #expect(lan.count(.joined, 2) == 1)
    }

    // MARK: Static entries

    private func entry(
        group: IPv4Address? = nil, mac: MACAddress? = nil, ports: IntegerRanges, vlan: Int? = nil
    ) -> Switch.StaticEntry {
        var entry = Switch.StaticEntry()
        entry.group = group
        entry.mac = mac
        entry.ports = ports
        entry.vlan = vlan
        return entry
    }

    @Test(arguments: GroupKeying.allCases) func aStaticMemberNeverExpires(key: GroupKeying) throws {
        let frames = [3, 100_000].map { ipv4(at: $0, to: group) }
        let lan = try run(frames) {
            $0.key = key
            $0.staticEntries = [entry(group: group, ports: [3])]
        }
        #expect(lan.ports(of: frames[0]) == [1, 2, 3])
        #expect(lan.ports(of: frames[1]) == [3])
        #expect(lan.count(.joined, 3) == 0)
    }

    @Test func aPinnedAddressGoesToItsPortsAndNoOther() throws {
        let old = ipv4(at: 3, to: cluster, in: multicastMAC)
        let unicast = ethernet(at: 3, to: NLBAddresses(cluster: cluster).unicastMAC)
        let igmpMode = ipv4(at: 3, to: cluster, in: groupMAC)
        for snooping in [true, false] {
            let lan = try run([old, unicast, igmpMode]) {
                $0.snooping = snooping
                $0.staticEntries = [
                    entry(mac: multicastMAC, ports: [2, 3]), entry(mac: groupMAC, ports: [3, 4]),
                    entry(mac: NLBAddresses(cluster: cluster).unicastMAC, ports: [1, 2]),
                ]
            }
            #expect(lan.ports(of: old) == [2, 3])
            #expect(lan.ports(of: igmpMode) == [3])
            #expect(lan.ports(of: unicast) == [1, 2])
            // A report to a pinned address is still a report.
            #expect(lan.ports(of: report(at: 2)) == (snooping ? [1] : [3, 4]))
        }
    }

    @Test func aStaticEntryMayBeForOneVLAN() throws {
        let frame = ipv4(at: 3, to: group)
        for (vlan, ports) in [(1, [1, 3]), (2, [1])] {
            let lan = try run([frame], member: nil) { $0.staticEntries = [entry(group: group, ports: [3], vlan: vlan)] }
            #expect(lan.ports(of: frame) == ports)
        }
    }

    // MARK: Without snooping

    @Test func withoutSnoopingGroupsFloodSaveStaticOnes() throws {
        let frame = ipv4(at: 3, to: group)
        let pinned = ipv4(at: 3, to: IPv4Address(239, 9, 9, 9))
        let lan = try run([frame, pinned]) {
            $0.snooping = false
            $0.staticEntries = [entry(group: IPv4Address(239, 9, 9, 9), ports: [3])]
        }
        #expect(lan.ports(of: frame) == [1, 2, 3])
        #expect(lan.ports(of: pinned) == [3])
        #expect(lan.ports(of: report(at: 2)) == [1, 3, 4])
        #expect(lan.count(.reports, 2) == 0)
        #expect(lan.log == [])
    }
}
