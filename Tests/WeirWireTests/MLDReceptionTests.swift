import Testing
import WeirWire

/// A frame with an MLD message, every part of which can be wrong.
private struct MLDOctets {
    static let anyNode: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 13) + [1]
    static let group: [UInt8] = [0xff, 0x15] + [UInt8](repeating: 0, count: 13) + [7]
    static let linkLocal: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [7]
    static let global: [UInt8] = [0x20, 1] + [UInt8](repeating: 0, count: 13) + [7]
    static let zero = [UInt8](repeating: 0, count: 16)

    var message: [UInt8] = [130, 0, 0, 0, 0x27, 0x10, 0, 0] + zero
    var source = linkLocal
    var destination = anyNode
    var hopLimit: UInt8 = 1
    /// Extension headers without the first octet of each, which is the next header's number.
    var extensions: [(number: UInt8, rest: [UInt8])] = [(0, [0, 5, 2, 0, 0, 1, 0])]
    var version: UInt8 = 6
    var missingLength = 0
    var damage: UInt8 = 0

    func with(_ change: (inout Self) -> Void) -> Self {
        var changed = self
        change(&changed)
        return changed
    }

    var octets: [UInt8] {
        var message = message
        let pseudoHeader = source + destination + [0, 0] + word(message.count) + [0, 0, 0, 58]
        if message.count >= 4 { message.replaceSubrange(2..<4, with: independentChecksum(pseudoHeader + message)) }
        if let last = message.indices.last { message[last] ^= damage }
        let numbers = extensions.map(\.number) + [58]
        let payload = zip(extensions, numbers.dropFirst()).flatMap { [$1] + $0.rest } + message
        let header = [version << 4, 0, 0, 0] + word(payload.count + missingLength) + [numbers[0], hopLimit]
        let ethernet = [0x33, 0x33] + destination.suffix(4) + [2, 0, 0, 0, 0, 9, 0x86, 0xdd]
        return ethernet + header + source + destination + payload + (missingLength > 0 ? [] : [0xff, 0xff])
    }
}

private func mld(_ octets: [UInt8], alert: Bool = false) -> MLDReception {
    reading(octets) { MLDReception($0, requiresRouterAlert: alert) }
}

@Suite struct MLDReceptionTests {
    private static let report = MLDOctets(
        message: [131, 0, 0, 0, 0, 0, 0, 0] + MLDOctets.group, destination: MLDOctets.group)
    private static let done = MLDOctets(
        message: [132, 0, 0, 0, 0, 0, 0, 0] + MLDOctets.group,
        destination: [0xff, 2] + [UInt8](repeating: 0, count: 13) + [2])
    private static let query2 = MLDOctets().with { $0.message += [2, 125, 0, 0] }
    private static let specific = MLDOctets(
        message: [130, 0, 0, 0, 3, 0xe8, 0, 0] + MLDOctets.group + [2, 125, 0, 1] + MLDOctets.global,
        destination: MLDOctets.group)
    private static let report2 = MLDOctets(
        message: [143, 0, 0, 0, 0, 0, 0, 1, 6, 1, 0, 1] + MLDOctets.group + MLDOctets.global + [1, 2, 3, 4],
        destination: [0xff, 2] + [UInt8](repeating: 0, count: 13) + [0x16])
    private static let fragment: (UInt8, [UInt8]) = (44, [0, 0, 1, 0, 0, 0, 9])

    private static func faulty(
        _ fault: MembershipFault, _ name: String, _ frame: MLDOctets = MLDOctets(),
        _ change: (inout MLDOctets) -> Void = { _ in }
    ) -> Faulty {
        Faulty(fault: fault, testDescription: name, octets: frame.with(change).octets)
    }

    static let faults: [Faulty] = [
        faulty(.malformedHeader, "version 4") { $0.version = 4 },
        faulty(.malformedHeader, "cut off", report2) { $0.missingLength = 1 },
        faulty(.fragment, "first fragment") { $0.extensions += [fragment] },
        faulty(.fragment, "without Router Alert", report) { $0.extensions = [fragment] },
        faulty(.checksum, "of a query") { $0.damage = 1 },
        faulty(.checksum, "of a report", report2) { $0.damage = 0x80 },
        faulty(.length, "seven octets") { $0.message.removeSubrange(7...) },
        faulty(.length, "query of 8 octets") { $0.message.removeSubrange(8...) },
        faulty(.length, "query of 23 octets") { $0.message.removeLast() },
        faulty(.length, "query of 25 octets") { $0.message += [0] },
        faulty(.length, "query of 26 octets") { $0.message += [0, 0] },
        faulty(.length, "query of 27 octets") { $0.message += [0, 0, 0] },
        faulty(.length, "query short of its source", specific) { $0.message.removeLast() },
        faulty(.length, "report of 23 octets", report) { $0.message.removeLast() },
        faulty(.length, "done of 23 octets", done) { $0.message.removeLast() },
        faulty(.length, "report short of its record", report2) { $0.message.removeLast() },
        faulty(.length, "report of 65535 records", report2) { $0.message.replaceSubrange(6..<8, with: [255, 255]) },
        faulty(.group, "query of a node") { $0.message.replaceSubrange(8..<24, with: MLDOctets.linkLocal) },
        faulty(.group, "sources without a group", specific) {
            $0.message.replaceSubrange(8..<24, with: MLDOctets.zero)
            $0.destination = MLDOctets.anyNode
        },
        faulty(.group, "report of a node", report) { $0.message[8] = 0xfd },
        faulty(.group, "done of ::", done) { $0.message.replaceSubrange(8..<24, with: MLDOctets.zero) },
        faulty(.group, "record about a node", report2) { $0.message[12] = 0xfd },
        faulty(.source, "query from ::") { $0.source = MLDOctets.zero },
        faulty(.source, "query from a global address", query2) { $0.source = MLDOctets.global },
        faulty(.source, "report from a global address", report) { $0.source = MLDOctets.global },
        faulty(.source, "done from a group", done) { $0.source = MLDOctets.group },
        faulty(.source, "version 2 report from a global address", report2) { $0.source = MLDOctets.global },
        faulty(.destination, "general query to a group") { $0.destination = MLDOctets.group },
        faulty(.destination, "general query to a node", query2) { $0.destination = MLDOctets.linkLocal },
        faulty(.destination, "specific query to a node", specific) { $0.destination = MLDOctets.linkLocal },
        faulty(.hopLimit, "query with hop limit 2") { $0.hopLimit = 2 },
        faulty(.hopLimit, "report with hop limit 255", report) { $0.hopLimit = 255 },
        faulty(.hopLimit, "version 2 report with hop limit 0", report2) { $0.hopLimit = 0 },
        faulty(.routerAlert, "query without options") { $0.extensions = [] },
        faulty(.routerAlert, "report with other options", report) { $0.extensions = [(0, [0, 1, 4, 0, 0, 0, 0])] },
        faulty(.routerAlert, "value 1", report2) { $0.extensions = [(0, [0, 5, 2, 0, 1, 1, 0])] },
    ]

    @Test(arguments: faults)
    func aFaultIsNamed(faulty: Faulty) {
        #expect(mld(faulty.octets, alert: true) == .invalid(faulty.fault))
        if faulty.fault != .routerAlert {
            #expect(mld(faulty.octets) == .invalid(faulty.fault))
        } else if case .message = mld(faulty.octets) {
        } else {
            fail("Router Alert was not asked for")
        }
    }

    @Test func everyFaultIsProvokedButAnUnknownType() {
        #expect(Set(Self.faults.map(\.fault)) == Set(MembershipFault.allCases).subtracting([.unknownType]))
    }

    @Test func theFirstOfSeveralFaultsIsNamed() {
        var frame = Self.specific.with {
            $0.missingLength = 1
            $0.extensions = [Self.fragment]
            $0.damage = 1
            $0.message[27] = 2
            $0.message[8] = 0xfd
            $0.source = MLDOctets.global
            $0.destination = MLDOctets.linkLocal
            $0.hopLimit = 2
        }
        let repairs: [(inout MLDOctets) -> Void] = [
            { $0.missingLength = 0 }, { $0.extensions = [] }, { $0.damage = 0 }, { $0.message[27] = 1 },
            { $0.message[8] = 0xff }, { $0.source = MLDOctets.linkLocal }, { $0.destination = MLDOctets.group },
            { $0.hopLimit = 1 },
        ]
        var found = [mld(frame.octets, alert: true)]
        for repair in repairs {
            repair(&frame)
            found.append(mld(frame.octets, alert: true))
        }
        #expect(found == MembershipFault.allCases.filter { $0 != .unknownType }.map { .invalid($0) })
        guard case .message = mld(frame.octets) else { return fail("no fault is left") }
    }

    @Test func reportsMayComeFromNoAddress() {
        for frame in [Self.report, Self.done, Self.report2] {
            guard case .message(let found) = mld(frame.with { $0.source = MLDOctets.zero }.octets, alert: true) else {
                return fail("no message")
            }
            #expect(found.source == .unspecified)
        }
    }

    @Test func extensionHeadersBehindTheOptionsAreWalked() {
        let options: (UInt8, [UInt8]) = (60, [0, 1, 4, 0, 0, 0, 0])
        guard case .message(let found) = mld(Self.report2.with { $0.extensions += [options] }.octets, alert: true)
        else {
            return fail("no message")
        }
        let source = IPv6Address(high: 0x2001_0000_0000_0000, low: 7)
        let group = IPv6Address(high: 0xff15_0000_0000_0000, low: 7)
        #expect(
            found.contents
                == .version2Report([.init(type: .blockOldSources, multicastAddress: group, sources: [source])]))
    }

    /// From the type on the frame is known to be about MLD.
    @Test func aFrameThatEndsEarlyIsNoMessage() {
        for frame in [MLDOctets(), Self.report, Self.done, Self.query2, Self.specific, Self.report2] {
            let octets = frame.octets
            let end = 14 + 48 + frame.message.count
            for count in 0..<end {
                #expect(mld(Array(octets[..<count])) == (count < 63 ? .other : .invalid(.malformedHeader)))
            }
            guard case .message = mld(Array(octets[..<end])) else { return fail("the frame is whole") }
        }
    }

    @Test func framesWithoutMLDAreOthers() {
        #expect(mld([]) == .other)
        for type in [1, 128, 129, 133, 135, 151, 201] as [UInt8] {
            #expect(mld(MLDOctets().with { $0.message[0] = type }.octets) == .other)
        }
        var udp = MLDOctets().with { $0.extensions = [] }.octets
        udp[20] = 17
        #expect(mld(udp) == .other)
        var ipv4 = MLDOctets().octets
        ipv4.replaceSubrange(12..<14, with: [8, 0])
        #expect(mld(ipv4) == .other)
        // A later fragment does not say what it is a part of.
        #expect(mld(MLDOctets().with { $0.extensions = [(44, [0, 0, 8, 0, 0, 0, 9])] }.octets) == .other)
    }
}
