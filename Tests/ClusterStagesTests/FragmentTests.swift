import Testing
import Weir
import WeirTesting
import WeirWire

/// Fragments of packets to the cluster: all of a packet go where its first fragment goes, which has the ports.
@Suite struct FragmentTests {
    private let cluster = FilterCluster(hosts: [1, 2], "cluster: [10.0.0.100, '2001:db8::64'], affinity: none")
    private static let versions: [(AnyIPAddress, AnyIPAddress)] = [
        (.ipv4(client), .ipv4(clusterIPv4)), (.ipv6(clientIPv6), .ipv6(clusterIPv6)),
    ]

    /// Three fragments of each of 16 datagrams with different ports, of either version.
    private let packets = versions.flatMap { source, destination in
        (0..<16).map { number in
            ClientPacket.udp(UInt16(1024 + number), count: 56).between(source, destination)
                .fragments(24, identification: UInt32(number))
        }
    }

    /// Whole datagrams of the same flows say where they belong.
    private func expected() throws -> [Int] {
        let whole = Self.versions.flatMap { source, destination in
            (0..<16).map { ClientPacket.udp(UInt16(1024 + $0)).between(source, destination) }
        }
        let owners = try cluster.run(whole).owners
        #expect(Set(owners) == [1, 2])
        return owners
    }

    @Test func laterFragmentsFollowTheFirst() throws {
        let outcome = try cluster.run(packets.flatMap { $0 })
        #expect(outcome.owners == (try expected()).flatMap { [$0, $0, $0] })
    }

    @Test func interleavedPacketsAreToldApart() throws {
        let outcome = try cluster.run((0..<3).flatMap { part in packets.map { $0[part] } })
        let expected = try expected()
        #expect(outcome.owners == expected + expected + expected)
    }

    @Test func laterFragmentsThatComeBeforeTheFirstAreHeldForIt() throws {
        let outcome = try cluster.run(packets.flatMap { $0.reversed() })
        #expect(outcome.owners == (try expected()).flatMap { [$0, $0, $0] })
        #expect(outcome.dropped("lost-fragment") == 0)
        for host in 1...2 {
            // In the order of their arrival, in front of the first fragment.
            let marks = try #require(outcome.results[host]).frames().map(mark)
            #expect(marks == marks.sorted())
        }
    }

    @Test func duplicatesFollowToo() throws {
        let outcome = try cluster.run(packets.flatMap { [$0[2], $0[0], $0[0], $0[2], $0[1], $0[1]] })
        #expect(outcome.owners == (try expected()).flatMap { [Int](repeating: $0, count: 6) })
    }

    @Test func theIdentificationIsOfAnAddressPairAndAProtocol() throws {
        let other = AnyIPAddress.ipv4(IPv4Address(10, 0, 0, 77))
        let later = ClientPacket.udp(1024, count: 56).fragments(24)[1]
        let strangers = [
            later.between(other, .ipv4(clusterIPv4)), later.changed { $0.number = 6 },
            later.changed { $0.identification += 1 },
        ]
        let outcome = try cluster.run([ClientPacket.udp(1024, count: 56).fragments(24)[0]] + strangers)
        #expect(outcome.keepers.dropFirst().allSatisfy { $0.isEmpty })
        #expect(outcome.dropped("lost-fragment") == 3)
    }

    @Test func ofIPv6TheProtocolOfLaterFragmentsDoesNotMatter() throws {
        // A later fragment may name the first extension header that was cut in two (RFC 8200 §4.5).
        let parts = ClientPacket.udp(1024, count: 56).between(.ipv6(clientIPv6), .ipv6(clusterIPv6)).fragments(24)
        let outcome = try cluster.run([parts[0], parts[1].changed { $0.number = 60 }])
        #expect(outcome.owners[0] == outcome.owners[1] && outcome.owners[0] > 0)
    }

    @Test func aSecondIsLongEnoughToWaitAndNoLonger() throws {
        let parts = ClientPacket.udp(1024, count: 56).fragments(24)
        let inTime = try cluster.run([(.zero, parts[1]), (.milliseconds(999), parts[0])])
        #expect(inTime.owners[0] > 0 && inTime.owners[0] == inTime.owners[1])
        let late = try cluster.run([(.zero, parts[1]), (.milliseconds(1001), parts[0])])
        #expect(late.keepers[0].isEmpty && late.keepers[1].count == 1)
        #expect(late.dropped("lost-fragment") == 1)
    }

    @Test func aFragmentIsHeldForItsOwnSecond() throws {
        // Others that come later don't prolong it.
        let early = ClientPacket.udp(1024, count: 56).fragments(24, identification: 1)
        let strangers = (2..<12).map { number in
            (
                Duration.milliseconds(100 * number),
                ClientPacket.udp(9, count: 56).fragments(24, identification: number)[1]
            )
        }
        let outcome = try cluster.run([(.zero, early[1])] + strangers + [(.milliseconds(1200), early[0])])
        #expect(outcome.keepers[0].isEmpty)
        #expect(outcome.dropped("lost-fragment") == 11)
    }

    @Test func atMost64AreHeld() throws {
        let later = (0..<100).map { ClientPacket.udp(1024, count: 56).fragments(24, identification: $0)[1] }
        let firsts = (0..<100).map { ClientPacket.udp(1024, count: 56).fragments(24, identification: $0)[0] }
        let outcome = try cluster.run(later + firsts)
        #expect(outcome.dropped("lost-fragment") == 36)
        #expect(outcome.keepers[..<64].allSatisfy { $0.count == 1 })
        #expect(outcome.keepers[64..<100].allSatisfy { $0.isEmpty })
        #expect(outcome.keepers[100...].allSatisfy { $0.count == 1 })
    }

    @Test func aFirstFragmentIsRememberedForHalfAMinute() throws {
        let parts = ClientPacket.udp(1024, count: 56).fragments(24)
        let outcome = try cluster.run([
            (.zero, parts[0]), (.seconds(29), parts[1]), (.seconds(60), parts[2]), (.seconds(62), parts[0]),
        ])
        #expect(outcome.owners[0] > 0 && outcome.owners[0] == outcome.owners[1])
        #expect(outcome.keepers[2].isEmpty)
        #expect(outcome.dropped("lost-fragment") == 1)
    }

    @Test func fragmentsOfADisabledPortAreDroppedForThat() throws {
        let cluster = FilterCluster(
            hosts: [1, 2], "cluster: 10.0.0.100, rules: [{ ports: 53, filtering: disabled }]")
        let parts = ClientPacket.udp(1024, count: 56).fragments(24)
        for order in [[0, 1, 2], [2, 1, 0]] {
            #expect(try cluster.run(order.map { parts[$0] }).dropped("disabled-port") == 3)
        }
    }

    @Test func aFirstFragmentWithoutPortsIsMalformedAndTheRestIsLost() throws {
        // RFC 1858 §3: no sender needs to make fragments as tiny as this.
        let parts = ClientPacket.tcp(1024).fragments(8)
        let tiny = parts[0].changed { $0.payload = [4, 0, 0] }
        let outcome = try cluster.run([tiny] + parts[1...])
        #expect(outcome.keepers.allSatisfy { $0.isEmpty })
        #expect(outcome.dropped("malformed") == 1)
        #expect(outcome.dropped("lost-fragment") == 2)
    }

    @Test func fragmentsOfAnEchoAreTheDefaultHosts() throws {
        let echo = ClientPacket.echo().changed { $0.payload += [UInt8](repeating: 7, count: 40) }
        #expect(try cluster.run(echo.fragments(16).reversed()).owners == [1, 1, 1])
    }

    @Test func aTagMakesNoDifference() throws {
        let tagged = packets.flatMap { $0.map { part in part.changed { $0.tags = [10, 20] } } }
        #expect(try cluster.run(tagged).owners == (try expected()).flatMap { [$0, $0, $0] })
    }

    @Test func anAtomicFragmentIsAWholePacket() throws {
        // RFC 6946: offset 0, no more fragments. Even if a fragmented packet has the same identification.
        let whole = ClientPacket.udp(1024).between(.ipv6(clientIPv6), .ipv6(clusterIPv6))
        let atoms = (0..<16).map { number in
            whole.changed { $0.payload[1] = UInt8(number) }.changed { $0.isAtomic = true }
        }
        let plain = atoms.map { atom in atom.changed { $0.isAtomic = false } }
        let owners = try cluster.run(plain).owners
        #expect(Set(owners) == [1, 2])
        #expect(try cluster.run(atoms).owners == owners)
    }
}
