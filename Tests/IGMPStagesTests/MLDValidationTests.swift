import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = MLDHostRun.group
private let none = [UInt8](repeating: 0, count: 16)
private let general: [UInt8] = [130, 0, 0, 0, 0x27, 0x10, 0, 0] + none
private let specific: [UInt8] = [130, 0, 0, 0, 0x27, 0x10, 0, 0] + octets(group)
private let report: [UInt8] = [131, 0, 0, 0, 0, 0, 0, 0] + octets(group)
private let alert: [UInt8] = [58, 0, 5, 2, 0, 0, 1, 0]
/// An atomic fragment, the first of two, behind hop-by-hop options and alone.
private let atomic: [UInt8] = [44] + alert[1...] + [58, 0, 0, 0, 0, 0, 0, 1]
private let first: [UInt8] = [58, 0, 0, 1, 0, 0, 0, 1]

/// What a host must ignore, and the reason under which it is dropped (RFC 2710 §4, RFC 3810 §5, §6.2 and §8.1).
@Suite struct MLDValidationTests {
    static let invalid: [(fault: String, reason: ResponderDrop, frame: TestFrame)] = [
        ("IP version 5", .malformedHeader, mldFrame(general, MLDFault(version: 5))),
        ("longer than the frame", .malformedHeader, mldFrame(general, MLDFault(excess: 1))),
        ("atomic fragment", .fragment, mldFrame(general, MLDFault(extensions: atomic))),
        ("first fragment", .fragment, mldFrame(general, MLDFault(extensions: first, nextHeader: 44))),
        ("checksum", .badChecksum, mldFrame(general, MLDFault(checksum: 1))),
        ("checksum of a report", .badChecksum, mldFrame(report, to: group, MLDFault(checksum: 1))),
        ("four octets", .badLength, mldFrame(Array(general.prefix(4)))),
        ("23 octets", .badLength, mldFrame(Array(general.prefix(23)))),
        ("25 octets", .badLength, mldFrame(general + [0])),
        ("26 octets", .badLength, mldFrame(general + [0, 0])),
        ("27 octets", .badLength, mldFrame(general + [0, 0, 0])),
        ("more sources than octets", .badLength, mldFrame(specific + [2, 125, 0, 1], to: group)),
        ("65535 sources in none", .badLength, mldFrame(specific + [2, 125, 0xff, 0xff], to: group)),
        ("a report that is cut", .badLength, mldFrame(Array(report.prefix(20)), to: group)),
        ("a record that is cut", .badLength, mldFrame([143, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 1] + octets(group))),
        ("sources of no group", .badGroup, mldFrame(general + [2, 125, 0, 1] + octets(ip6("2001:db8::7")))),
        ("a query of what is no group", .badGroup, mldFrame(Array(general.prefix(8)) + octets(ip6("fe80::1")))),
        ("a report of what is no group", .badGroup, mldFrame(Array(report.prefix(8)) + none, to: group)),
        ("a done of what is no group", .badGroup, mldFrame([132, 0, 0, 0, 0, 0, 0, 0] + none, to: .allRouters)),
        ("a query from a global address", .badSource, mldFrame(general, MLDFault(source: ip6("2001:db8::9")))),
        ("a query from nobody", .badSource, mldFrame(general, MLDFault(source: .unspecified))),
        (
            "a report from a global address", .badSource,
            mldFrame(report, to: group, MLDFault(source: ip6("2001:db8::9")))
        ),
        ("general, to a group", .badDestination, mldFrame(general, to: group)),
        ("general, to the host", .badDestination, mldFrame(general, to: ip6("fe80::1"))),
        ("specific, to another group", .badDestination, mldFrame(specific, to: ip6("ff15::101"))),
        ("hop limit 0", .badHopLimit, mldFrame(general, MLDFault(hopLimit: 0))),
        ("hop limit 255", .badHopLimit, mldFrame(general, MLDFault(hopLimit: 255))),
    ]

    @Test(arguments: invalid) func isDroppedUnderItsReason(
        _ fault: String, reason: ResponderDrop, frame: TestFrame
    ) throws {
        let run = try MLDHostRun([frame])
        #expect(run.dropped(reason) == 1)
        #expect(ResponderDrop.allCases.reduce(0) { $0 + run.dropped($1) } == 1)
        #expect(run.result.frames() == [TestFrame([0])], "it does not pass")
        #expect(run.count(.queries) == 0)
        #expect(run.count(.heardReports) == 0)
        #expect(run.answers == [])
        #expect(run.versions == [])
    }

    @Test(arguments: [
        ("no options", MLDFault(extensions: [], nextHeader: 58)),
        ("other options", MLDFault(extensions: [58, 0, 1, 4, 0, 0, 0, 0])),
        ("Router Alert of another value", MLDFault(extensions: [58, 0, 5, 2, 0, 1, 1, 0])),
    ])
    func routerAlertIsRequiredWhereTheConfigurationSaysSo(_ name: String, fault: MLDFault) throws {
        for message in [general, general + [2, 125, 0, 0]] {
            #expect(try MLDHostRun([mldFrame(message, fault)]).answers.count == 1)
            let strict = try MLDHostRun([mldFrame(message, fault)]) { $0.routerAlert = .required }
            #expect(strict.answers == [])
            #expect(strict.dropped(.noRouterAlert) == 1)
            #expect(try MLDHostRun([mldFrame(message)]) { $0.routerAlert = .required }.answers.count == 1)
        }
    }

    @Test func padsMayStandBeforeOrBehindRouterAlert() throws {
        for options: [UInt8] in [[58, 0, 5, 2, 0, 0, 0, 0], [58, 0, 0, 0, 5, 2, 0, 0], [58, 0, 1, 0, 5, 2, 0, 0]] {
            let run = try MLDHostRun([mldFrame(general, MLDFault(extensions: options))]) { $0.routerAlert = .required }
            #expect(run.answers.count == 1)
        }
    }

    @Test func whatIsNotMLDPasses() throws {
        let echo = mldFrame([128, 0, 0, 0, 0, 0, 0, 0], MLDFault(hopLimit: 64))
        let later = mldFrame(general, MLDFault(extensions: [58, 0, 0, 8, 0, 0, 0, 1], nextHeader: 44))
        let others = [
            echo, later, mldFrame([135, 0, 0, 0, 0, 0, 0, 0], MLDFault(hopLimit: 255)), query(at: .seconds(50)),
        ]
        let run = try MLDHostRun(others)
        #expect(Array(run.result.frames().dropFirst()) == others)
        #expect(run.count(.unknownTypes) == 0)
        #expect(run.answers == [])
    }

    @Test func messagesOfOthersPass() throws {
        let others = [
            mldFrame(report, to: group), mldFrame([132] + report.dropFirst(), to: .allRouters), mldFrame(general),
            mldFrame(specific), mldFrame(report, to: group, MLDFault(source: .unspecified)),
        ]
        let run = try MLDHostRun(others)
        #expect(Array(run.result.frames().dropFirst()) == others)
        #expect(run.count(.heardReports) == 2)
    }

    @Test(arguments: [UInt8(0), 0xff]) func paddingChangesNothing(_ octet: UInt8) throws {
        let run = try MLDHostRun([mldFrame(general, padding: [UInt8](repeating: octet, count: 20))])
        #expect(run.answers.map(\.contents) == [.version1Report(group)])
    }

    @Test func aQueryThatTheCaptureCutIsNotAnswered() throws {
        var cut = mldFrame(general)
        for length in (0..<cut.octets.count).reversed() {
            cut.octets.removeLast()
            let run = try MLDHostRun([cut])
            #expect(run.answers == [])
            // Before the type, behind 14 + 40 + 8 octets, nothing says that it was MLD.
            #expect(run.dropped(.malformedHeader) == (length > 62 ? 1 : 0), "\(length) octets")
        }
    }

    @Test func messagesOfOtherNetworksCountForNothing() throws {
        let run = try MLDHostRun([mldQuery(at: .seconds(50), tag: VLANTag(identifier: 20))]) { $0.vlan = 10 }
        #expect(run.answers == [])
        #expect(run.count(.otherNetworks) == 1)
        #expect(
            try MLDHostRun([mldQuery(at: .seconds(50), tag: VLANTag(identifier: 10))]) { $0.vlan = 10 }.answers.count
                == 1)
    }
}
