import Testing
import WeirWire

private let router = IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa)
private let cluster = IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x64)
private let shared = MACAddress(0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64)
private let asker = MACAddress(0x02, 0x00, 0x00, 0x00, 0x00, 0x09)

private let solicitation = NeighborFrame(
    ethernetHeader: EthernetHeader(
        destination: MACAddress(multicastGroup: cluster.solicitedNodeGroup), source: asker, etherType: .ipv6),
    source: router, destination: cluster.solicitedNodeGroup,
    contents: .solicitation(target: cluster, source: asker))

private let advertisement = NeighborFrame(
    ethernetHeader: EthernetHeader(
        destination: asker, source: MACAddress(0x02, 0x01, 0x0a, 0x00, 0x00, 0x64),
        outerTag: VLANTag(tpid: .serviceVLAN, identifier: 100), innerTag: VLANTag(identifier: 10), etherType: .ipv6),
    source: cluster, destination: router,
    contents: .advertisement(target: cluster, address: shared, flags: [.solicited, .override]))

/// What a neighbour asks, laid out by hand from RFC 4861 §4.3.
private let solicitationOctets: [UInt8] =
    [
        0x33, 0x33, 0xff, 0x00, 0x00, 0x64, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x86, 0xdd,
        0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff,
    ] + fe80a
    + [
        0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0xff, 0x00, 0x00, 0x64,
        0x87, 0x00, 0x4a, 0x66, 0x00, 0x00, 0x00, 0x00,
    ] + cluster64 + [0x01, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09]

/// What the cluster answers, in two VLAN tags (RFC 4861 §4.4).
private let advertisementOctets: [UInt8] =
    [
        0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x02, 0x01, 0x0a, 0x00, 0x00, 0x64,
        0x88, 0xa8, 0x00, 0x64, 0x81, 0x00, 0x00, 0x0a, 0x86, 0xdd,
        0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff,
    ] + cluster64 + fe80a + [0x88, 0x00, 0x00, 0x00, 0x60, 0x00, 0x00, 0x00] + cluster64
    + [0x02, 0x01, 0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64]

private let fe80a: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [0x0a]
private let cluster64: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [0x64]

/// `frame` with the ICMPv6 checksum that it should have, summed up anew; the message begins behind `headers` octets.
private func summed(_ frame: [UInt8], headers: Int = 54) -> [UInt8] {
    let message = Array(frame[headers...])
    let cleared = message[..<2] + [0, 0] + message[4...]
    let pseudo = frame[(headers - 32)..<headers] + [0, 0] + word(message.count) + [0, 0, 0, 58]
    return frame[..<(headers + 2)] + independentChecksum(pseudo + cleared) + frame[(headers + 4)...]
}

private func isMessage(_ octets: [UInt8]) -> Bool { reading(octets) { NeighborMessage($0) != nil } }

private func reception(_ octets: [UInt8]) -> NeighborReception { reading(octets) { NeighborReception($0) } }

@Suite struct NeighborDiscoveryTests {
    @Test func build() {
        #expect(encoded(solicitation) == summed(solicitationOctets))
        #expect(encoded(advertisement) == summed(advertisementOctets, headers: 62))
        for frame in [solicitation, advertisement] { #expect(refusesToOverflow(frame)) }
    }

    @Test func whatIsSentIsReceived() {
        for frame in [solicitation, advertisement] {
            for padding in [[], [0], [0xff, 0xff, 0xff]] as [[UInt8]] {
                #expect(reception((encoded(frame) ?? []) + padding) == .message(frame))
            }
        }
    }

    @Test func fieldsInWireOrder() {
        reading(Array(summed(advertisementOctets, headers: 62)[62...])) {
            guard let message = NeighborMessage($0) else { return fail("no message") }
            #expect(message.type == .neighborAdvertisement)
            #expect(message.flags == [.solicited, .override])
            #expect(message.targetAddress == cluster)
            #expect(message.addressOffset(of: .targetLinkLayerAddress) == 26)
            #expect(message.address(of: .targetLinkLayerAddress) == shared)
            #expect(message.address(of: .sourceLinkLayerAddress) == nil)
            #expect(message.optionsAreValid == true)
        }
    }

    @Test func optionsOfEveryMessageBeginWhereTheRFCHasThem() {
        let option: [UInt8] = [1, 1, 0x02, 0, 0, 0, 0, 9]
        for (type, offset) in [(133, 8), (134, 16), (135, 24), (136, 24), (137, 40)] as [(UInt8, Int)] {
            let header = [type] + [UInt8](repeating: 0, count: offset - 1)
            let address = reading(header + option) { NeighborMessage($0)?.address(of: .sourceLinkLayerAddress) }
            #expect(address == asker, "type \(type)")
            #expect(!isMessage(Array(header.dropLast())))
        }
        for type: UInt8 in [0, 128, 130, 132, 138, 143] {
            #expect(!isMessage([type] + [UInt8](repeating: 0, count: 63)))
        }
    }

    /// Options behind others are found, those of another length are not Ethernet's, and damage ends the walk.
    @Test(
        arguments: [
            ([14, 1, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9], true, true),
            ([1, 2, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0], true, false),
            ([14, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9], false, false),
            ([14, 3, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9], false, false),
            ([1, 1, 2, 0, 0, 0, 0], false, false), ([], true, false),
        ] as [([UInt8], Bool, Bool)])
    func optionsAreWalked(options: [UInt8], valid: Bool, found: Bool) {
        reading([135] + [UInt8](repeating: 0, count: 23) + options) {
            guard let message = NeighborMessage($0) else { return fail("no message") }
            #expect(message.optionsAreValid == valid)
            #expect(message.address(of: .sourceLinkLayerAddress) == (found ? asker : nil))
        }
    }

    /// Every fault of RFC 4861 §7.1, one by one; what is changed is summed up anew, but for the checksum.
    @Test func faultsAreNamed() {
        let asked = summed(solicitationOctets)
        func changed(_ changes: [Int: UInt8], _ octets: [UInt8] = asked) -> [UInt8] {
            var octets = octets
            for (offset, value) in changes { octets[offset] = value }
            return summed(octets)
        }
        var wrongSum = asked
        wrongSum[56] ^= 1
        let noSource = Dictionary(uniqueKeysWithValues: (22..<38).map { ($0, UInt8(0)) })
        var answer = advertisement
        answer.destination = .allNodes
        let short = Array(asked[..<77])
        let faulty: [(NeighborFault, [UInt8])] = [
            (.length, changed([19: 23], short)), (.length, changed([79: 0])), (.length, changed([79: 2])),
            (.checksum, wrongSum), (.code, changed([55: 1])), (.hopLimit, changed([21: 254])),
            (.target, changed([62: 0xff])), (.addressing, changed(noSource)),
            (.addressing, encoded(answer) ?? []),
        ]
        for (fault, octets) in faulty { #expect(reception(octets) == .invalid(fault), "\(fault)") }
        var fragment = asked
        fragment[19] = 40
        fragment[20] = 44
        fragment.insert(contentsOf: [58, 0, 0, 1, 0, 0, 0, 1], at: 54)
        #expect(reception(fragment) == .invalid(.fragment))
    }

    @Test func aProbeForDuplicatesHasNoAddress() {
        var probe = solicitation
        probe.source = .unspecified
        probe.contents = .solicitation(target: cluster, source: nil)
        #expect(probe.encodedLength == 78)
        #expect(reception(encoded(probe) ?? []) == .message(probe))
        probe.destination = cluster
        #expect(reception(encoded(probe) ?? []) == .invalid(.addressing))
    }

    @Test func everythingElseIsSomethingElse() {
        let asked = summed(solicitationOctets)
        for count in 0..<asked.count { #expect(reception(Array(asked[..<count])) == .other) }
        var echo = asked
        echo[54] = 128
        #expect(reception(echo) == .other)
    }
}
