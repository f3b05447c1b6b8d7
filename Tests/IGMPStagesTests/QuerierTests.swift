import Counter
import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 1, 2)

/// General queries: when they leave, and every octet of them (RFC 2236 §2 and §8, RFC 3376 §4.1 and §8).
@Suite struct QuerierTests {
    typealias Configure = @Sendable (inout IGMPQuerier.Configuration) -> Void

    static let schedules: [(what: String, configure: Configure, times: [Duration])] = [
        ("the defaults", { _ in }, seconds(0, 31.25, 156.25, 281.25, 406.25)),
        ("an interval", { $0.interval = .seconds(120) }, seconds(0, 30, 150, 270, 390)),
        ("a robustness", { $0.robustness = 4 }, seconds(0, 31.25, 62.5, 93.75, 218.75, 343.75, 468.75)),
        ("a startup count", { $0.startupCount = 1 }, seconds(0, 125, 250, 375)),
        (
            "both startup parameters",
            {
                $0.startupCount = 3
                $0.startupInterval = .seconds(1)
            }, seconds(0, 1, 2, 127, 252, 377)
        ),
    ]

    @Test(arguments: schedules) func asksFasterAtTheStartAndThenOnItsInterval(
        _ what: String, configure: Configure, times: [Duration]
    ) throws {
        let run = try QuerierRun([], for: .seconds(499), configure)
        #expect(run.general == times)
        #expect(run.count(.generalQueries) == UInt64(times.count))
        #expect(run.specific == [])
    }

    /// The IGMP message of the first query. Times without a code of their own go as the next lower one (RFC 9776 §4.1.1).
    static let messages: [(what: String, configure: Configure, octets: [UInt8])] = [
        ("version 1", { $0.version = 1 }, [0x11, 0, 0xee, 0xff, 0, 0, 0, 0]),
        ("version 2", { _ in }, [0x11, 100, 0xee, 0x9b, 0, 0, 0, 0]),
        (
            "version 2, 20 s: a plain number, no float",
            { $0.responseTime = .seconds(20) }, [0x11, 0xc8, 0xee, 0x37, 0, 0, 0, 0]
        ),
        (
            "version 2, 25.5 s and a bit",
            { $0.responseTime = .milliseconds(25_599) }, [0x11, 0xff, 0xee, 0, 0, 0, 0, 0]
        ),
        ("version 3", { $0.version = 3 }, [0x11, 100, 0xec, 0x1e, 0, 0, 0, 0, 2, 125, 0, 0]),
        (
            "version 3, 12.7 s: the last plain number",
            { ($0.version, $0.responseTime) = (3, .milliseconds(12_700)) },
            [0x11, 0x7f, 0xec, 3, 0, 0, 0, 0, 2, 125, 0, 0]
        ),
        (
            "version 3, 12.8 s: the first float",
            { ($0.version, $0.responseTime) = (3, .milliseconds(12_800)) },
            [0x11, 0x80, 0xec, 2, 0, 0, 0, 0, 2, 125, 0, 0]
        ),
        (
            "version 3, 15 s: goes as 14.4 s",
            { ($0.version, $0.responseTime) = (3, .seconds(15)) },
            [0x11, 0x82, 0xec, 0, 0, 0, 0, 0, 2, 125, 0, 0]
        ),
        (
            "version 3, 20 s every 200 s: floats",
            { ($0.version, $0.responseTime, $0.interval) = (3, .seconds(20), .seconds(200)) },
            [0x11, 0x89, 0xeb, 0xed, 0, 0, 0, 0, 2, 0x89, 0, 0]
        ),
        (
            "version 3, 307.2 s every 1000 s, which goes as 992 s, robustness 3",
            {
                ($0.version, $0.responseTime, $0.interval) = (3, .milliseconds(307_200), .seconds(1000))
                $0.robustness = 3
            }, [0x11, 0xc8, 0xea, 0x88, 0, 0, 0, 0, 3, 0xaf, 0, 0]
        ),
    ]

    @Test(arguments: messages) func theMessageIs(_ what: String, configure: Configure, octets: [UInt8]) throws {
        let query = try #require(try QuerierRun([], configure).queries.first)
        #expect(Array(query.octets[38..<38 + octets.count]) == octets)
        #expect(
            query.octets[16..<18] == [0, UInt8(24 + octets.count)], "the IP packet's length, which tells the version")
        #expect(query.octets.count == 60)
    }

    @Test func theFrameIsARouters() throws {
        let run = try QuerierRun([]) { ($0.source, $0.vlan) = (IPv4Address(10, 0, 0, 1), 10) }
        let expected: [UInt8] = [
            0x01, 0x00, 0x5e, 0x00, 0x00, 0x01,  // 224.0.0.1's MAC address
            0x02, 0x00, 0x00, 0x00, 0x00, 0xfe,
            0x81, 0x00, 0x00, 0x0a,  // VLAN 10
            0x08, 0x00,
            0x46, 0xc0, 0x00, 0x20,  // 24 octets of header, TOS 0xc0, 32 octets in all
            0x00, 0x00, 0x40, 0x00,  // DF
            0x01, 0x02, 0xfa, 0x15,  // TTL 1, IGMP
            10, 0, 0, 1, 224, 0, 0, 1,
            0x94, 0x04, 0x00, 0x00,  // Router Alert
            0x11, 0x64, 0xee, 0x9b, 0x00, 0x00, 0x00, 0x00,
        ]
        let query = try #require(run.queries.first)
        #expect(Array(query.octets.prefix(expected.count)) == expected)
        #expect(query.octets.dropFirst(expected.count).allSatisfy { $0 == 0 })
    }

    @Test func queriesStandInTheirPlaceAmongThePacketsOfTheStageTheyGoTo() throws {
        var run = StageRun()
        try run.add(IGMPQuerier.self) { $0.interval = .seconds(20) }
        try run.add(StageDescriptor(PacketCounter.self))
        run.connect("igmp-querier", "queries", to: "counter")
        let packets = (0..<100).map { TestFrame(at: .seconds($0), [UInt8($0)]) }
        let result = run.run(packets)
        #expect(result.imbalances == [])
        #expect(result.frames().filter { $0.octets.count == 1 } == packets)
        let times = result.frames().map(\.time)
        #expect(times == times.sorted())
        // A query at the very time of a packet goes ahead of it.
        #expect(result.frames().firstIndex { $0.time == .seconds(5) && $0.octets.count > 1 } == 6)
    }

    static let mistakes: [(parameter: String, configure: Configure)] = [
        ("response-time", { $0.responseTime = .seconds(125) }),
        ("response-time", { $0.responseTime = .milliseconds(25_600) }),
        ("last-member-interval", { $0.lastMemberInterval = .milliseconds(25_600) }),
        ("response-time", { ($0.version, $0.responseTime) = (1, .seconds(5)) }),
        ("source", { $0.source = group }),
        ("source", { $0.source = .broadcast }),
        ("mac", { $0.mac = MACAddress(multicastGroup: group) }),
    ]

    @Test(arguments: mistakes) func refuses(_ parameter: String, configure: Configure) throws {
        let error = #expect(throws: ConfigurationError.self) { try QuerierRun([], configure) }
        #expect(error?.parameter == parameter)
    }

    @Test func onlyItsOwnVLANIsListenedTo() throws {
        let report = IGMPContents.version2Report(group)
        let frames = [
            sent(at: 1, report), sent(at: 2, report, tag: VLANTag(identifier: 10)),
            sent(at: 3, report, tag: VLANTag(identifier: 20)),
            sent(at: 4, report, tag: VLANTag(priority: 5, identifier: 0)),
        ]
        let tagged = try QuerierRun(frames) { $0.vlan = 10 }
        #expect(tagged.joined == seconds(2))
        #expect(tagged.count(.otherVlans) == 3)
        let untagged = try QuerierRun(frames)
        #expect(untagged.joined == seconds(1))
        #expect(untagged.count(.reports) == 2)
        #expect(untagged.count(.otherVlans) == 2)
    }

    @Test func randomOctetsOfEveryLengthPassAllThreeStages() throws {
        let seed: UInt64 = 838_408
        var random = SeededRandom(seed: seed)
        let igmp: [UInt8] = [1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 1, 8, 0, 0x46, 0, 0, 36, 0, 0, 0, 0, 1, 2]
        let lengths = Array(0...400) + [1500, 9000, 65_536]
        let frames = lengths.flatMap { length in
            (0..<3).map { shape in
                var octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if shape > 0 { octets.replaceSubrange(0..<min(length, igmp.count), with: igmp.prefix(length)) }
                return TestFrame(octets)
            }
        }
        var run = StageRun()
        try run.add(IGMPQuerier.self)
        try run.add(IGMPResponder.self) { $0.groups = [GroupSetting(IPv4Address(239, 255, 0, 100))] }
        try run.add(IGMPSnooper.self)
        run.connect("igmp-querier", "queries", to: "igmp-responder")
        let result = run.run(frames)
        #expect(result.summary.balanced, "seed \(seed)")
        #expect(result.summary.read == UInt64(frames.count), "seed \(seed)")
    }
}
