import Testing
import UnicastRewrite
import Weir
import WeirTesting
import WeirWire

/// To and from unicast mode, and what ARP and Neighbor Discovery say inside. The host is number 1.
@Suite struct UnicastModeTests {
    static func rewritten(
        _ frames: [[UInt8]], _ configure: (inout UnicastRewrite.Configuration) -> Void = { _ in }
    ) throws -> [[UInt8]] {
        var run = StageRun()
        try run.add(UnicastRewrite.self) {
            ($0.cluster, $0.hostID, $0.addresses) = (clusterIPv4, 1, [.ipv6(clusterIPv6)])
            configure(&$0)
        }
        let result = run.run(frames.map { TestFrame($0) })
        #expect(result.imbalances == [])
        return result.frames().map(\.octets)
    }

    private func rewritten(
        _ frame: [UInt8], _ configure: (inout UnicastRewrite.Configuration) -> Void = { _ in }
    ) throws -> [UInt8]? {
        try Self.rewritten([frame], configure).first
    }

    @Test(arguments: ClusterMode.allCases, ClusterMode.allCases)
    func whereFramesGoBecomesTheAddressOfTheMode(from: ClusterMode, to mode: ClusterMode) throws {
        let addresses = NLBAddresses(cluster: clusterIPv4)
        func frame(_ mode: ClusterMode) -> [UInt8] {
            udpFrame(header(from: clientMAC, to: addresses.mac(in: mode)), from: client, to: clusterIPv4)
        }
        #expect(try rewritten(frame(from)) { $0.mode = mode } == frame(mode))
    }

    @Test(arguments: [sharedMAC, masked(1)])
    func awayFromUnicastModeTheHostSendsWithItsAdaptersAddress(source: MACAddress) throws {
        func frame(_ source: MACAddress) -> [UInt8] {
            udpFrame(header(from: source, to: clientMAC), from: clusterIPv4, to: client)
        }
        for mode in [ClusterMode.multicast, .igmpMulticast] {
            #expect(try rewritten(frame(source)) { $0.mode = mode } == frame(source))
            let changed = try rewritten(frame(source)) { ($0.mode, $0.realMAC) = (mode, realMAC) }
            #expect(changed == frame(realMAC))
        }
        let masking = try rewritten(frame(realMAC)) { $0.realMAC = realMAC }
        #expect(masking == frame(masked(1)))
    }

    @Test func givenAddressesTakeThePlaceOfDerivedOnes() throws {
        let (shared, group) = (MACAddress(2, 0xbf, 1, 2, 3, 4), MACAddress(3, 0xbf, 1, 2, 3, 4))
        func frame(from source: MACAddress, to destination: MACAddress) -> [UInt8] {
            udpFrame(header(from: source, to: destination), from: client, to: clusterIPv4)
        }
        func change(_ frame: [UInt8], to mode: ClusterMode) throws -> [UInt8]? {
            try rewritten(frame) { ($0.mode, $0.unicastMAC, $0.multicastMAC) = (mode, shared, group) }
        }
        #expect(try change(frame(from: shared, to: group), to: .unicast) == frame(from: masked(1), to: shared))
        #expect(try change(frame(from: clientMAC, to: shared), to: .multicast) == frame(from: clientMAC, to: group))
        let derived = frame(from: sharedMAC, to: multicastMAC)
        #expect(try change(derived, to: .unicast) == derived)
    }

    /// The reply says 02-bf and comes from 02-01: neighbours learn the one, switches the other.
    @Test(arguments: [sharedMAC, multicastMAC, masked(1)], [nil, VLANTag(identifier: 10)])
    func insideARPTheClusterHasItsSharedAddress(told: MACAddress, tag: VLANTag?) throws {
        var ethernet = header(from: sharedMAC, to: clientMAC)
        ethernet.outerTag = tag
        let reply = arpFrame(ethernet, .reply, (told, clusterIPv4), (clientMAC, client))
        ethernet.source = masked(1)
        let expected = arpFrame(ethernet, .reply, (sharedMAC, clusterIPv4), (clientMAC, client))
        #expect(try rewritten(reply) == expected)
        let outside = try rewritten(reply) { $0.bodies = false }
        #expect(outside == arpFrame(ethernet, .reply, (told, clusterIPv4), (clientMAC, client)))
    }

    @Test func whatAHostHasDependsOnWhoseAddressItIs() throws {
        let ethernet = header(from: masked(1), to: .broadcast)
        let own = arpFrame(ethernet, .request, (sharedMAC, dedicated), (nobody, client))
        let announcement = arpFrame(ethernet, .request, (sharedMAC, clusterIPv4), (sharedMAC, clusterIPv4))
        let probe = arpFrame(ethernet, .request, (sharedMAC, .unspecified), (nobody, clusterIPv4))
        let real = header(from: realMAC, to: .broadcast)
        let changed = try Self.rewritten([own, announcement, probe]) { ($0.mode, $0.realMAC) = (.multicast, realMAC) }
        #expect(
            changed == [
                arpFrame(real, .request, (realMAC, dedicated), (nobody, client)),
                arpFrame(real, .request, (multicastMAC, clusterIPv4), (multicastMAC, clusterIPv4)),
                arpFrame(real, .request, (multicastMAC, .unspecified), (nobody, clusterIPv4)),
            ])
    }

    @Test func maskingEverySourceTellsTheSharedAddressForIt() throws {
        let request = arpFrame(header(from: realMAC, to: .broadcast), .request, (realMAC, dedicated), (nobody, client))
        let changed = try rewritten(request) { $0.mask = .all }
        let ethernet = header(from: masked(1), to: .broadcast)
        #expect(changed == arpFrame(ethernet, .request, (sharedMAC, dedicated), (nobody, client)))
    }

    @Test func insideNeighborDiscoveryToo() throws {
        var ethernet = header(from: sharedMAC, to: clientMAC, VLANTag(identifier: 10))
        func frames(_ told: MACAddress) -> [[UInt8]] {
            [
                neighborFrame(
                    ethernet, from: clusterIPv6, to: clientIPv6,
                    .advertisement(target: clusterIPv6, address: told, flags: [.solicited, .override])),
                neighborFrame(
                    ethernet, from: dedicatedIPv6, to: clientIPv6.solicitedNodeGroup,
                    .solicitation(target: clientIPv6, source: told)),
            ]
        }
        let before = frames(masked(1))
        ethernet.source = masked(1)
        #expect(try Self.rewritten(before) == frames(sharedMAC))
        ethernet.source = realMAC
        let expected = [frames(multicastMAC)[0], frames(realMAC)[1]]
        let changed = try Self.rewritten(before) { ($0.mode, $0.realMAC) = (.multicast, realMAC) }
        #expect(changed == expected)
    }
}
