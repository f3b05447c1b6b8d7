import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let general: [UInt8] = [0x11, 100, 0, 0, 0, 0, 0, 0]
private let specific: [UInt8] = [0x11, 100, 0, 0, 239, 255, 0, 100]
private let report: [UInt8] = [0x16, 0, 0, 0, 239, 255, 0, 100]

/// What a host must ignore, and the reason under which it is dropped (RFC 2236 §6, RFC 3376 §4.1, §7.1 and §9.1).
@Suite struct QueryValidationTests {
    static let invalid: [(fault: String, reason: ResponderDrop, frame: TestFrame)] = [
        ("IHL 4", .malformedHeader, igmpFrame(general, FrameFault(versionAndLength: 0x44))),
        ("IHL 15", .malformedHeader, igmpFrame(general, FrameFault(versionAndLength: 0x4f))),
        ("IP version 5", .malformedHeader, igmpFrame(general, FrameFault(versionAndLength: 0x56))),
        ("IP header checksum", .malformedHeader, igmpFrame(general, FrameFault(headerChecksum: 1))),
        ("longer than the frame", .malformedHeader, igmpFrame(general, FrameFault(excess: 1))),
        ("shorter than its header", .malformedHeader, igmpFrame(general, FrameFault(excess: -9))),
        ("first fragment", .fragment, igmpFrame(general, FrameFault(flags: 0x2000))),
        ("last fragment", .fragment, igmpFrame(general, FrameFault(flags: 0x0001))),
        ("checksum", .badChecksum, igmpFrame(general, FrameFault(checksum: 1))),
        ("checksum of a report", .badChecksum, igmpFrame(report, to: group, FrameFault(checksum: 1))),
        ("no octets", .badLength, igmpFrame([])),
        ("seven octets", .badLength, igmpFrame(Array(general.prefix(7)))),
        ("nine octets", .badLength, igmpFrame(general + [0])),
        ("ten octets", .badLength, igmpFrame(general + [0, 0])),
        ("eleven octets", .badLength, igmpFrame(general + [0, 0, 0])),
        ("more sources than octets", .badLength, igmpFrame(specific + [2, 125, 0, 1], to: group)),
        ("65535 sources in none", .badLength, igmpFrame(specific + [2, 125, 0xff, 0xff], to: group)),
        ("a record that is cut", .badLength, igmpFrame([0x22, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 1, 239, 1, 1, 1])),
        (
            "auxiliary data beyond the end", .badLength,
            igmpFrame([0x22, 0, 0, 0, 0, 0, 0, 1, 2, 9, 0, 0, 239, 1, 1, 1])
        ),
        ("sources of no group", .badGroup, igmpFrame(general + [2, 125, 0, 1, 192, 0, 2, 7])),
        ("a query of what is no group", .badGroup, igmpFrame([0x11, 100, 0, 0, 10, 0, 0, 1])),
        ("a report of what is no group", .badGroup, igmpFrame([0x16, 0, 0, 0, 10, 0, 0, 1], to: group)),
        ("a leave of what is no group", .badGroup, igmpFrame([0x17, 0, 0, 0, 0, 0, 0, 0], to: .allRouters)),
        ("from a group", .badSource, igmpFrame(general, FrameFault(source: IPv4Address(224, 0, 0, 5)))),
        ("from everybody", .badSource, igmpFrame(general, FrameFault(source: .broadcast))),
        ("from loopback", .badSource, igmpFrame(general, FrameFault(source: IPv4Address(127, 0, 0, 1)))),
        ("general, to a group", .badDestination, igmpFrame(general, to: group)),
        ("general, to the host", .badDestination, igmpFrame(general, to: IPv4Address(10, 0, 0, 2))),
        ("specific, to another group", .badDestination, igmpFrame(specific, to: IPv4Address(224, 0, 0, 9))),
        ("TTL 0", .badHopLimit, igmpFrame(general, FrameFault(timeToLive: 0))),
        ("TTL 64", .badHopLimit, igmpFrame(general, FrameFault(timeToLive: 64))),
    ]

    /// The query changes nothing either: the version stays, and a pending answer.
    @Test(arguments: invalid) func isDroppedUnderItsReason(
        _ fault: String, reason: ResponderDrop, frame: TestFrame
    ) throws {
        let run = try HostRun([frame])
        #expect(run.dropped(reason) == 1)
        #expect(run.result.frames() == [TestFrame([0])], "it does not pass")
        #expect(ResponderDrop.allCases.reduce(0) { $0 + run.dropped($1) } == 1)
        #expect(run.count(.queries) == 0)
        #expect(run.count(.heardReports) == 0)
        #expect(run.answers == [])
        #expect(run.versions == [])
    }

    @Test func routerAlertIsRequiredOfNewerQueriersWhereTheConfigurationSaysSo() throws {
        let without = FrameFault(versionAndLength: 0x45)
        let version3 = general + [2, 125, 0, 0]
        for message in [general, version3, [0x11, 0, 0, 0, 0, 0, 0, 0]] {
            #expect(try HostRun([igmpFrame(message, without)]).answers.count == 1)
            let isFirst = message[1] == 0
            let strict = try HostRun([igmpFrame(message, without)]) { $0.routerAlert = .required }
            #expect(strict.answers.count == (isFirst ? 1 : 0))
            #expect(strict.dropped(.noRouterAlert) == (isFirst ? 0 : 1))
            #expect(try HostRun([igmpFrame(message)]) { $0.routerAlert = .required }.answers.count == 1)
        }
    }

    @Test func whatIsOfUnknownTypePassesAndIsCounted() throws {
        let frame = igmpFrame([0x99, 100, 0, 0, 0, 0, 0, 0])
        let run = try HostRun([frame])
        #expect(run.result.frames().last == frame)
        #expect(run.count(.unknownTypes) == 1)
        #expect(run.answers == [])
    }

    @Test func aQueryThatTheCaptureCutIsNotAnswered() throws {
        var cut = igmpFrame(general)
        for length in (0..<cut.octets.count).reversed() {
            cut.octets.removeLast()
            let run = try HostRun([cut])
            #expect(run.answers == [])
            // Up to the protocol number nothing says that it was IGMP.
            #expect(run.dropped(.malformedHeader) == (length > 23 ? 1 : 0), "\(length) octets")
        }
    }

    @Test func everythingElseOfTheNetworkPasses() throws {
        let others: [TestFrame] = [
            igmpFrame(report, to: group), igmpFrame([0x12] + report.dropFirst(), to: group),
            igmpFrame([0x17] + report.dropFirst(), to: .allRouters), igmpFrame(general),
            TestFrame(at: .seconds(50), []),
        ]
        #expect(Array(try HostRun(others).result.frames().dropFirst()) == others)
    }

    @Test(arguments: [UInt8(0), 0x55, 0xff]) func paddingChangesNothing(_ octet: UInt8) throws {
        let padding = [UInt8](repeating: octet, count: 14)
        let run = try HostRun([igmpFrame(general, padding: padding)])
        #expect(run.answers.map(\.contents) == [.version2Report(group)])
        #expect(run.versions == ["50.0 IGMPv2"])
        // A padded version 1 query isn't one of version 3 that wants an answer at once, either.
        let first = try HostRun([igmpFrame([0x11, 0, 0, 0, 0, 0, 0, 0], padding: padding)])
        #expect(first.answers.map(\.contents) == [.version1Report(group)])
    }

    @Test func octetsBehindTheSourcesOfAVersion3QueryAreIgnored() throws {
        let run = try HostRun([igmpFrame(general + [2, 125, 0, 0, 1, 2, 3])])
        #expect(run.answers.map(\.contents) == [.version3Report([inMode(.modeIsExclude)])])
    }

    @Test func aQueryOfOneGroupMayGoToAllSystems() throws {
        #expect(try HostRun([igmpFrame(specific)]).answers.count == 1)
    }
}
