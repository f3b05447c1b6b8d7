import ARPResponder
import Testing
import Weir
import WeirTesting
import WeirWire

/// Runs `arp-responder` as host 1 in unicast mode, unless configured otherwise, without announcements.
func answering(
    _ frames: [TestFrame], _ configure: (inout ARPResponder.Configuration) -> Void = { _ in }
) throws -> StageRun.Result {
    var run = StageRun()
    try run.add(ARPResponder.self) {
        ($0.cluster, $0.addresses, $0.hostID, $0.announcements) = (clusterIPv4, [.ipv6(clusterIPv6)], 1, 0)
        configure(&$0)
    }
    let result = run.run(frames)
    #expect(result.imbalances == [])
    return result
}

extension StageRun.Result {
    /// What `arp-responder` sent.
    var answers: [[UInt8]] { frames("arp-responder.answers").map(\.octets) }
    /// How much it dropped for a reason.
    func drops(_ reason: String) -> Int {
        frames("arp-responder.\(reason)").count + Int(dropped(reason, by: "arp-responder"))
    }
    /// One of its counters.
    func count(_ name: String) -> UInt64 { counter(name, of: "arp-responder") ?? 0 }
}

@Suite struct ARPResponderTests {
    private func request(
        for address: IPv4Address = clusterIPv4, from sender: (MACAddress, IPv4Address) = (clientMAC, client),
        to destination: MACAddress = .broadcast, _ tags: VLANTag...
    ) -> TestFrame {
        var ethernet = header(from: sender.0, to: destination)
        (ethernet.outerTag, ethernet.innerTag) = (tags.first, tags.dropFirst().first)
        return TestFrame(arpFrame(ethernet, .request, sender, (nobody, address)))
    }

    @Test func theAnswerTellsTheSharedAddressAndComesFromTheMaskedOne() throws {
        let result = try answering([request()])
        #expect(
            result.answers == [
                [
                    0x02, 0, 0, 0, 0, 9, 0x02, 0x01, 10, 0, 0, 100, 0x08, 0x06,
                    0, 1, 8, 0, 6, 4, 0, 2,
                    0x02, 0xbf, 10, 0, 0, 100, 10, 0, 0, 100,
                    0x02, 0, 0, 0, 0, 9, 10, 0, 0, 9,
                ] + [UInt8](repeating: 0, count: 18)
            ])
        #expect(result.drops("answered") == 1 && result.frames().isEmpty)
        #expect(result.count("replies") == 1)
    }

    @Test(arguments: [ClusterMode.multicast, .igmpMulticast])
    func inTheMulticastModesItComesFromTheAdaptersOwn(mode: ClusterMode) throws {
        let told = NLBAddresses(cluster: clusterIPv4).mac(in: mode)
        let expected = arpFrame(header(from: realMAC, to: clientMAC), .reply, (told, clusterIPv4), (clientMAC, client))
        #expect(try answering([request()]) { ($0.mode, $0.mac) = (mode, realMAC) }.answers == [expected])
    }

    @Test func givenAddressesAreToldAndSentWith() throws {
        let told = MACAddress(2, 0xbf, 1, 2, 3, 4)
        let result = try answering([request()]) { ($0.clusterMAC, $0.mac) = (told, realMAC) }
        let reply = arpFrame(header(from: realMAC, to: clientMAC), .reply, (told, clusterIPv4), (clientMAC, client))
        #expect(result.answers == [reply])
    }

    @Test func tagsOfTheQuestionAreKept() throws {
        let service = VLANTag(tpid: .serviceVLAN, priority: 5, identifier: 100)
        let tag = VLANTag(identifier: 10)
        func reply(_ tags: VLANTag...) -> [UInt8] {
            var ethernet = header(from: masked(1), to: clientMAC)
            (ethernet.outerTag, ethernet.innerTag) = (tags.first, tags.dropFirst().first)
            return arpFrame(ethernet, .reply, (sharedMAC, clusterIPv4), (clientMAC, client))
        }
        #expect(try answering([request(tag), request(service, tag)]).answers == [reply(tag), reply(service, tag)])
        let inVLAN = try answering([request(), request(tag), request(service, tag)]) { $0.vlan = 10 }
        #expect(inVLAN.answers == [reply(tag), reply(tag)])
        #expect(inVLAN.count("other-networks") == 1 && inVLAN.frames().count == 1)
    }

    @Test func aProbeIsAnsweredUnlessTheClusterProbes() throws {
        let result = try answering([clientMAC, sharedMAC, masked(2)].map { request(from: ($0, .unspecified)) })
        let reply = arpFrame(
            header(from: masked(1), to: clientMAC), .reply, (sharedMAC, clusterIPv4), (clientMAC, .unspecified))
        #expect(result.answers == [reply])
        #expect(result.drops("from-cluster") == 2)
    }

    @Test func whatIsNotAskedOfThisClusterPasses() throws {
        let reply = arpFrame(
            header(from: clientMAC, to: masked(1)), .reply, (clientMAC, client), (sharedMAC, clusterIPv4))
        let frames = [
            request(for: client), request(for: dedicated), TestFrame(reply),
            request(to: masked(2)), request(to: realMAC),
            TestFrame(udpFrame(header(from: clientMAC, to: sharedMAC), from: client, to: clusterIPv4)),
            TestFrame([1, 2]),
        ]
        let result = try answering(frames)
        #expect(result.answers == [] && result.frames() == frames)
    }

    @Test func everyHostAnswersButThoseThatAreToldNotTo() throws {
        let result = try answering([request(), request(for: client)]) { $0.answer = .never }
        #expect(result.answers == [] && result.drops("left-to-others") == 1 && result.frames().count == 1)
    }

    @Test func askersThatNothingCanBeSentToAreNotAnswered() throws {
        let result = try answering(
            [MACAddress.broadcast, multicastMAC, nobody].map { sender in
                TestFrame(
                    arpFrame(header(from: clientMAC, to: .broadcast), .request, (sender, client), (nobody, clusterIPv4))
                )
            })
        #expect(result.answers == [] && result.drops("bad-sender") == 3)
    }

    @Test func cutOffPacketsAreDroppedAndOtherKindsPass() throws {
        let whole = request().octets
        var infiniBand = whole
        infiniBand[15] = 32
        let result = try answering([TestFrame(Array(whole[..<41])), TestFrame(infiniBand)])
        #expect(result.drops("malformed") == 1 && result.frames() == [TestFrame(infiniBand)])
    }

    @Test func aStrangerWhoClaimsTheAddressIsReported() throws {
        func claim(by mac: MACAddress, at time: Duration) -> TestFrame {
            TestFrame(
                at: time,
                arpFrame(header(from: mac, to: .broadcast), .request, (mac, clusterIPv4), (nobody, clusterIPv4)))
        }
        let result = try answering(
            [0, 5, 11].map { claim(by: clientMAC, at: .seconds($0)) } + [claim(by: sharedMAC, at: .seconds(12))])
        #expect(result.answers == [])
        #expect(result.count("conflicts") == 3 && result.frames().count == 3 && result.drops("from-cluster") == 1)
        #expect(result.log.map(\.message) == ["address conflict", "address conflict"])
    }

    @Test func addressesAreAnnouncedAtTheStart() throws {
        let result = try answering([TestFrame(at: .zero, [1])]) {
            ($0.announcements, $0.announcementInterval, $0.vlan) = (3, .milliseconds(500), 10)
        }
        let tag = VLANTag(identifier: 10)
        let arp = arpFrame(
            header(from: masked(1), to: .broadcast, tag), .request, (sharedMAC, clusterIPv4), (nobody, clusterIPv4))
        let group = MACAddress(multicastGroup: IPv6Address.allNodes)
        let advertisement = neighborFrame(
            header(from: masked(1), to: group, tag), from: clusterIPv6, to: .allNodes,
            .advertisement(target: clusterIPv6, address: sharedMAC, flags: .override))
        let sent = result.frames("arp-responder.answers")
        #expect(sent.map(\.octets) == [arp, advertisement, arp, advertisement, arp, advertisement])
        #expect(sent.map(\.time) == [0, 0, 500, 500, 1000, 1000].map { .milliseconds($0) })
        #expect(result.count("announcements") == 6)
    }

    /// MaskSourceMAC = 0: for hosts on a hub, whose switch is to learn the shared address.
    @Test func withoutAMaskItComesFromTheSharedAddress() throws {
        let result = try answering([request(), request(from: (sharedMAC, .unspecified))]) {
            ($0.mask, $0.hostID, $0.announcements) = (.none, nil, 1)
        }
        let reply = arpFrame(
            header(from: sharedMAC, to: clientMAC), .reply, (sharedMAC, clusterIPv4), (clientMAC, client))
        #expect(result.answers.contains(reply))
        #expect(result.answers.allSatisfy { Array($0[6..<12]) == [0x02, 0xbf, 10, 0, 0, 100] })
        // An ARP announcement, an advertisement, the reply; and no answer to another host of the cluster.
        #expect(result.answers.count == 3 && result.drops("from-cluster") == 1)
    }

    @Test func unlessItsMaskIsOffTheClusterAddressIsNeverASource() throws {
        for configure: (inout ARPResponder.Configuration) -> Void in [
            { $0.mac = sharedMAC }, { $0.mac = multicastMAC }, { $0.hostID = nil },
            { ($0.mode, $0.mac) = (.multicast, nil) }, { $0.clusterMAC = masked(1) },
            { $0.clusterMAC = multicastMAC }, { ($0.mode, $0.clusterMAC) = (.multicast, clientMAC) },
            { ($0.mask, $0.mac) = (.none, realMAC) }, { ($0.mask, $0.mode, $0.mac) = (.none, .multicast, nil) },
            { $0.addresses = [.ipv6(.allNodes)] }, { $0.addresses = [.ipv4(.unspecified)] },
        ] {
            #expect(throws: ConfigurationError.self) { try answering([], configure) }
        }
    }
}
