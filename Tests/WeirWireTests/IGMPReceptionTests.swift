import Testing
import WeirWire

/// A frame with an IGMP message, every part of which can be wrong.
private struct IGMPOctets {
    var message: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0]
    var source: [UInt8] = [192, 0, 2, 1]
    var destination: [UInt8] = [224, 0, 0, 1]
    var timeToLive: UInt8 = 1
    var fragmentation = 0
    var options: [UInt8] = [0x94, 4, 0, 0]
    var version = 4
    var missingLength = 0
    var headerDamage: UInt8 = 0
    var damage: UInt8 = 0

    func with(_ change: (inout Self) -> Void) -> Self {
        var changed = self
        change(&changed)
        return changed
    }

    var octets: [UInt8] {
        var message = message
        if message.count >= 4 { message.replaceSubrange(2..<4, with: independentChecksum(message)) }
        if let last = message.indices.last { message[last] ^= damage }
        let length = 20 + options.count + message.count + missingLength
        var header = [UInt8(version * 16 + 5 + options.count / 4), 0xc0] + word(length) + [0, 0]
        header += word(fragmentation) + [timeToLive, 2, 0, 0] + source + destination + options
        header.replaceSubrange(10..<12, with: independentChecksum(header))
        header[10] ^= headerDamage
        let ethernet: [UInt8] = [
            1, 0, 0x5e, destination[1] & 0x7f, destination[2], destination[3], 2, 0, 0, 0, 0, 9, 8, 0,
        ]
        let frame = ethernet + header + message
        // Padding as no one should send it.
        return frame + [UInt8](repeating: 0xff, count: missingLength > 0 ? 0 : max(0, 60 - frame.count))
    }
}

private func igmp(_ octets: [UInt8], alert: Bool = false) -> IGMPReception {
    reading(octets) { IGMPReception($0, requiresRouterAlert: alert) }
}

@Suite struct IGMPReceptionTests {
    private static let group: [UInt8] = [239, 255, 1, 2]
    private static let report = IGMPOctets(message: [0x16, 0, 0, 0] + group, destination: group)
    private static let leave = IGMPOctets(message: [0x17, 0, 0, 0] + group, destination: [224, 0, 0, 2])
    private static let query3 = IGMPOctets(message: [0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0])
    private static let specific = IGMPOctets(
        message: [0x11, 10, 0, 0] + group + [2, 125, 0, 1, 192, 0, 2, 7], destination: group)
    private static let report3 = IGMPOctets(
        message: [0x22, 0, 0, 0, 0, 0, 0, 1, 6, 1, 0, 1] + group + [192, 0, 2, 7, 1, 2, 3, 4],
        destination: [224, 0, 0, 22])

    private static func faulty(
        _ fault: MembershipFault, _ name: String, _ frame: IGMPOctets = IGMPOctets(),
        _ change: (inout IGMPOctets) -> Void = { _ in }
    ) -> Faulty {
        Faulty(fault: fault, testDescription: name, octets: frame.with(change).octets)
    }

    static let faults: [Faulty] = [
        faulty(.malformedHeader, "version 5") { $0.version = 5 },
        faulty(.malformedHeader, "header checksum") { $0.headerDamage = 1 },
        faulty(.malformedHeader, "cut off") { $0.missingLength = 1 },
        faulty(.malformedHeader, "IHL 4") {
            $0.options = []
            $0.version = 3
        },
        faulty(.fragment, "first fragment") { $0.fragmentation = 0x2000 },
        faulty(.fragment, "last fragment") { $0.fragmentation = 1 },
        faulty(.checksum, "of a query") { $0.damage = 1 },
        faulty(.checksum, "of a report", report) { $0.damage = 0x80 },
        faulty(.checksum, "behind the eighth octet", leave) {
            $0.message += [1, 2]
            $0.damage = 1
        },
        faulty(.length, "no octets") { $0.message = [] },
        faulty(.length, "seven octets", report) { $0.message.removeLast() },
        faulty(.length, "query of 9 octets") { $0.message += [0] },
        faulty(.length, "query of 10 octets") { $0.message += [0, 0] },
        faulty(.length, "query of 11 octets") { $0.message += [0, 0, 0] },
        faulty(.length, "query short of its source", specific) { $0.message.removeLast() },
        faulty(.length, "report short of its record", report3) { $0.message.removeLast() },
        faulty(.length, "report of 65535 records", report3) { $0.message.replaceSubrange(6..<8, with: [255, 255]) },
        faulty(.unknownType, "DVMRP") { $0.message[0] = 0x13 },
        faulty(.unknownType, "0x99, from afar") {
            $0.message[0] = 0x99
            $0.timeToLive = 64
        },
        faulty(.group, "query of a host") { $0.message.replaceSubrange(4..<8, with: [10, 0, 0, 1]) },
        faulty(.group, "sources without a group", specific) {
            $0.message.replaceSubrange(4..<8, with: [0, 0, 0, 0])
            $0.destination = [224, 0, 0, 1]
        },
        faulty(.group, "report of a host", report) { $0.message[4] = 10 },
        faulty(.group, "report of 0.0.0.0", report) { $0.message.replaceSubrange(4..<8, with: [0, 0, 0, 0]) },
        faulty(.group, "leave of a host", leave) { $0.message[4] = 10 },
        faulty(.group, "record about a host", report3) { $0.message[12] = 10 },
        faulty(.source, "query from a group") { $0.source = [224, 0, 0, 9] },
        faulty(.source, "query from everybody") { $0.source = [255, 255, 255, 255] },
        faulty(.source, "query from a loopback address", query3) { $0.source = [127, 9, 9, 9] },
        faulty(.destination, "general query to a group") { $0.destination = group },
        faulty(.destination, "general query to a host", query3) { $0.destination = [192, 0, 2, 9] },
        faulty(.destination, "specific query to another group", specific) { $0.destination = [224, 0, 0, 9] },
        faulty(.hopLimit, "query with TTL 2") { $0.timeToLive = 2 },
        faulty(.hopLimit, "report with TTL 255", report) { $0.timeToLive = 255 },
        faulty(.hopLimit, "version 3 report with TTL 0", report3) { $0.timeToLive = 0 },
        faulty(.routerAlert, "version 2 query") { $0.options = [] },
        faulty(.routerAlert, "version 3 query", specific) { $0.options = [1, 1, 1, 1] },
        faulty(.routerAlert, "value 1", query3) { $0.options = [0x94, 4, 0, 1] },
    ]

    @Test(arguments: faults)
    func aFaultIsNamed(faulty: Faulty) {
        #expect(igmp(faulty.octets, alert: true) == .invalid(faulty.fault))
        if faulty.fault != .routerAlert {
            #expect(igmp(faulty.octets) == .invalid(faulty.fault))
        } else if case .message = igmp(faulty.octets) {
        } else {
            fail("Router Alert was not asked for")
        }
    }

    /// As the Linux bridge asks about one group.
    @Test func aSpecificQueryMayGoToAllSystems() {
        guard case .message(let frame) = igmp(Self.specific.with { $0.destination = [224, 0, 0, 1] }.octets) else {
            return fail("refused")
        }
        guard case .query(let query) = frame.contents else { return fail("no query") }
        #expect(query.groupAddress.isMulticast && !query.isGeneral)
    }

    @Test func everyFaultIsProvoked() {
        #expect(Set(Self.faults.map(\.fault)) == Set(MembershipFault.allCases))
    }

    @Test func theFirstOfSeveralFaultsIsNamed() {
        var frame = Self.specific.with {
            $0.headerDamage = 1
            $0.fragmentation = 0x2000
            $0.damage = 1
            $0.message[0] = 0x99
            $0.message[4] = 10
            $0.source = [127, 0, 0, 1]
            $0.destination = [224, 0, 0, 9]
            $0.timeToLive = 2
            $0.options = []
        }
        let repairs: [(inout IGMPOctets) -> Void] = [
            { $0.headerDamage = 0 }, { $0.fragmentation = 0 }, { $0.damage = 0 },
            {
                $0.message[0] = 0x11
                $0.message[11] = 2
            },
            { $0.message[11] = 1 }, { $0.message[4] = 239 }, { $0.source = [0, 0, 0, 0] },
            { $0.destination = Self.group }, { $0.timeToLive = 1 },
        ]
        var found = [igmp(frame.octets, alert: true)]
        for repair in repairs {
            repair(&frame)
            found.append(igmp(frame.octets, alert: true))
        }
        // A message of unknown type has no length that could be wrong.
        let faults: [MembershipFault] = [
            .malformedHeader, .fragment, .checksum, .unknownType, .length, .group, .source, .destination, .hopLimit,
            .routerAlert,
        ]
        #expect(found == faults.map { .invalid($0) })
        guard case .message = igmp(frame.octets) else { return fail("no fault is left") }
    }

    @Test func routerAlertIsAskedOfQueriesFromVersion2On() {
        let version1 = IGMPOctets().with { $0.message[1] = 0 }
        for frame in [version1, Self.report, Self.leave, Self.report3] {
            guard case .message = igmp(frame.with { $0.options = [] }.octets, alert: true) else {
                return fail("\(frame) needs no Router Alert")
            }
        }
    }

    @Test func theQuerierMayHaveNoAddress() {
        guard case .message(let frame) = igmp(IGMPOctets().with { $0.source = [0, 0, 0, 0] }.octets, alert: true) else {
            return fail("no message")
        }
        #expect(frame.source == .unspecified)
        #expect(frame.contents == .query(IGMPQuery(version: .version2)))
    }

    @Test func longReportsAndLeavesAreReadByTheirFirstEightOctets() {
        let group = IPv4Address(239, 255, 1, 2)
        for count in 1...20 {
            let extra = (0..<count).map { UInt8($0) }
            for (frame, contents) in [(Self.report, IGMPContents.version2Report(group)), (Self.leave, .leave(group))] {
                guard case .message(let found) = igmp(frame.with { $0.message += extra }.octets) else {
                    return fail("\(count) octets more are no fault")
                }
                #expect(found.contents == contents)
            }
        }
    }

    /// From the protocol number on the frame is known to be about IGMP.
    @Test func aFrameThatEndsEarlyIsNoMessage() {
        for frame in [IGMPOctets(), Self.report, Self.leave, Self.query3, Self.specific, Self.report3] {
            let octets = frame.octets
            let end = 14 + 24 + frame.message.count
            for count in 0..<end {
                #expect(igmp(Array(octets[..<count])) == (count < 24 ? .other : .invalid(.malformedHeader)))
            }
            guard case .message = igmp(Array(octets[..<end])) else { return fail("the frame is whole") }
        }
    }

    @Test func whatIsSentIsReceivedWhateverThePadding() {
        let contents: [IGMPContents] = [
            .query(IGMPQuery(version: .version1)), .query(IGMPQuery(version: .version2)),
            .query(IGMPQuery(version: .version3)), .version1Report(IPv4Address(239, 255, 1, 2)),
            .version2Report(IPv4Address(239, 255, 1, 2)), .leave(IPv4Address(239, 255, 1, 2)), .version3Report([]),
        ]
        for contents in contents {
            let frame = IGMPFrameTests.frame(contents)
            let length = 14 + 24 + contents.encodedLength
            for padding in [0x00, 0x11, 0xff] as [UInt8] {
                let octets = writing(encoded(frame) ?? []) { $0.fill(padding, from: length, count: 60 - length) }
                #expect(octets.count == 60)
                #expect(igmp(octets, alert: true) == .message(frame))
            }
        }
    }

    @Test func framesWithoutIGMPAreOthers() {
        #expect(igmp([]) == .other)
        var udp = IGMPOctets().octets
        udp[23] = 17
        #expect(igmp(udp) == .other)
        var ipv6 = IGMPOctets().octets
        ipv6.replaceSubrange(12..<14, with: [0x86, 0xdd])
        #expect(igmp(ipv6) == .other)
    }
}
