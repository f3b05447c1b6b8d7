import ARPResponder
import Testing
import Weir
import WeirTesting
import WeirWire

/// What `arp-responder` says to IPv6 neighbours.
@Suite struct NeighborResponderTests {
    private let group = MACAddress(multicastGroup: clusterIPv6.solicitedNodeGroup)

    private func advertisement(
        to destination: IPv6Address, _ mac: MACAddress, _ flags: NeighborFlags, _ tags: VLANTag...
    ) -> [UInt8] {
        var ethernet = header(from: masked(1), to: mac)
        (ethernet.outerTag, ethernet.innerTag) = (tags.first, tags.dropFirst().first)
        return neighborFrame(
            ethernet, from: clusterIPv6, to: destination,
            .advertisement(target: clusterIPv6, address: sharedMAC, flags: flags))
    }

    @Test func aSolicitationIsAnsweredToTheAskerInItsVLANs() throws {
        let tags = [VLANTag(tpid: .serviceVLAN, identifier: 100), VLANTag(identifier: 10)]
        let frames = [header(from: clientMAC, to: group), header(from: clientMAC, to: group, tags[0], tags[1])].map {
            TestFrame(
                neighborFrame(
                    $0, from: clientIPv6, to: clusterIPv6.solicitedNodeGroup,
                    .solicitation(target: clusterIPv6, source: clientMAC)))
        }
        let result = try answering(frames)
        let flags: NeighborFlags = [.solicited, .override]
        #expect(
            result.answers == [
                advertisement(to: clientIPv6, clientMAC, flags),
                advertisement(to: clientIPv6, clientMAC, flags, tags[0], tags[1]),
            ])
        #expect(result.drops("answered") == 2 && result.count("advertisements") == 2)
    }

    /// RFC 4861 §7.2.3: one to the address itself need not say from which MAC address.
    @Test func aSolicitationWithoutAddressIsAnsweredToItsSource() throws {
        let asked = neighborFrame(
            header(from: clientMAC, to: sharedMAC), from: clientIPv6, to: clusterIPv6,
            .solicitation(target: clusterIPv6, source: nil))
        #expect(
            try answering([TestFrame(asked)]).answers == [
                advertisement(to: clientIPv6, clientMAC, [.solicited, .override])
            ])
    }

    /// RFC 4861 §7.2.4: unsolicited, and to all nodes.
    @Test func aProbeIsAnsweredToEverybodyUnlessTheClusterProbes() throws {
        let frames = [clientMAC, sharedMAC, masked(2)].map {
            TestFrame(
                neighborFrame(
                    header(from: $0, to: group), from: .unspecified, to: clusterIPv6.solicitedNodeGroup,
                    .solicitation(target: clusterIPv6, source: nil)))
        }
        let result = try answering(frames)
        let all = MACAddress(multicastGroup: IPv6Address.allNodes)
        #expect(result.answers == [advertisement(to: .allNodes, all, .override)])
        #expect(result.drops("from-cluster") == 2)
    }

    @Test func messagesThatMustBeIgnoredAreDroppedByName() throws {
        let asked = neighborFrame(
            header(from: clientMAC, to: group), from: clientIPv6, to: clusterIPv6.solicitedNodeGroup,
            .solicitation(target: clusterIPv6, source: clientMAC))
        for (offset, reason) in [(21, "bad-hop-limit"), (57, "bad-checksum"), (79, "bad-length")] {
            var wrong = asked
            wrong[offset] = 0
            let result = try answering([TestFrame(wrong)])
            #expect(result.answers == [] && result.drops(reason) == 1, "\(reason)")
        }
        let group = neighborFrame(
            header(from: clientMAC, to: group), from: clientIPv6, to: .allNodes,
            .solicitation(target: .allNodes, source: clientMAC))
        #expect(try answering([TestFrame(group)]).drops("bad-target") == 1)
        let nowhere = neighborFrame(
            header(from: clientMAC, to: self.group), from: clientIPv6, to: clusterIPv6.solicitedNodeGroup,
            .solicitation(target: clusterIPv6, source: .broadcast))
        #expect(try answering([TestFrame(nowhere)]).drops("bad-sender") == 1)
    }

    @Test func otherNeighboursPassAndClaimsAreReported() throws {
        func advertised(_ target: IPv6Address, _ mac: MACAddress) -> TestFrame {
            TestFrame(
                neighborFrame(
                    header(from: mac, to: MACAddress(multicastGroup: IPv6Address.allNodes)), from: target,
                    to: .allNodes, .advertisement(target: target, address: mac, flags: .override)))
        }
        let asked = TestFrame(
            neighborFrame(
                header(from: clientMAC, to: group), from: clientIPv6, to: dedicatedIPv6.solicitedNodeGroup,
                .solicitation(target: dedicatedIPv6, source: clientMAC)))
        let others = [asked, advertised(clientIPv6, clientMAC), advertised(clusterIPv6, clientMAC)]
        let result = try answering(others + [advertised(clusterIPv6, sharedMAC)])
        #expect(result.answers == [] && result.frames() == others)
        #expect(result.count("conflicts") == 1 && result.drops("from-cluster") == 1)
    }

    /// Random questions: every answer is about an address of the cluster, from an address that switches may learn, and
    /// what was not answered or refused by name is as it was.
    @Test func neverAnAnswerForAnothersAddressNorFromTheSharedOne() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        func any<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        let macs = virtualMACs + [masked(1), masked(2), clientMAC, realMAC, .broadcast, nobody]
        let frames = (0..<4000).map { _ -> TestFrame in
            var ethernet = header(from: any(macs), to: any(macs + [group]))
            ethernet.outerTag = any([nil, VLANTag(identifier: 10)])
            let address = IPv4Address(rawValue: clusterIPv4.rawValue ^ any([0, 0, 1, 0x100]))
            if Bool.random(using: &random) {
                return TestFrame(
                    arpFrame(
                        ethernet, any([.request, .request, .reply]),
                        (any(macs), any([client, .unspecified, clusterIPv4])),
                        (any(macs), address)))
            }
            let target = IPv6Address(high: clusterIPv6.high, low: clusterIPv6.low ^ any([0, 0, 1, 1 << 24]))
            return TestFrame(
                neighborFrame(
                    ethernet, from: any([clientIPv6, .unspecified, clusterIPv6]), to: target.solicitedNodeGroup,
                    any([
                        .solicitation(target: target, source: any(macs + [nil])),
                        .advertisement(target: target, address: any(macs), flags: .override),
                    ])))
        }
        let result = try answering(frames)
        #expect(result.answers.count > 100, "seed \(seed)")
        for answer in result.answers {
            reading(answer) { bytes in
                #expect(bytes.macAddress(at: 6) == masked(1), "seed \(seed)")
                if case .message(let frame) = NeighborReception(bytes) {
                    let flags: NeighborFlags = frame.destination == .allNodes ? .override : [.solicited, .override]
                    let contents = NeighborContents.advertisement(
                        target: clusterIPv6, address: sharedMAC, flags: flags)
                    #expect(frame.source == clusterIPv6 && frame.contents == contents, "seed \(seed)")
                } else if let frame = EthernetFrame(bytes), let arp = ARPPacket(frame.payload) {
                    let told = (arp.operation, arp.senderHardwareAddress, arp.senderProtocolAddress)
                    #expect(told == (.reply, sharedMAC, clusterIPv4), "seed \(seed)")
                } else {
                    Issue.record("no answer, seed \(seed)")
                }
            }
        }
        let passed = Set(result.frames().map(\.octets))
        #expect(passed.isSubset(of: Set(frames.map(\.octets))), "seed \(seed)")
    }
}
