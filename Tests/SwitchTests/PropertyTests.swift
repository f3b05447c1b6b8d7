import Switch
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What holds for any frames on any ports of any switch.
@Suite struct PropertyTests {
    /// A switch with random VLANs and parameters, and random frames for it, each with its number in its last four octets.
    private struct Scene {
        var random: SeededRandom
        let ports: Int
        /// By port, from 1: the VLAN of frames without a tag, 0 for none, and those with one.
        var untagged: [Int: UInt16] = [:]
        var tagged: [Int: Set<UInt16>] = [:]
        var frames: [Int: [TestFrame]] = [:]
        /// By number.
        var origins: [(port: Int, vlan: UInt16?, frame: TestFrame)] = []

        init(seed: UInt64) {
            random = SeededRandom(seed: seed, name: "scene")
            ports = 4 + Int(random.next() % 5)
            for port in 1...ports {
                untagged[port] = [1, 10, 20, 0][below(4)]
                tagged[port] = Set([10, 20, 30].filter { $0 != untagged[port] && below(3) == 0 })
                if untagged[port] == 0, tagged[port]?.isEmpty ?? true { tagged[port] = [30] }
            }
            for number in 0..<1000 { add(number) }
        }

        mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

        private mutating func add(_ number: Int) {
            let port = 1 + below(ports)
            let time = Double(number) / 10
            let tag: VLANTag? =
                below(2) == 0 ? nil : VLANTag(priority: UInt8(below(8)), identifier: [0, 1, 10, 20, 30, 99][below(6)])
            var frame = plainFrame(at: time, from: mac(UInt8(below(20))))
            if let tag { frame.octets.insert(contentsOf: PropertyTests.octets(of: tag), at: 12) }
            frame.octets += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
            frames[port, default: []].append(frame)
            let identifier = tag.map(\.identifier) ?? 0
            let vlan = identifier == 0 ? untagged[port] ?? 0 : identifier
            let isMember = vlan != 0 && (untagged[port] == vlan || tagged[port]?.contains(vlan) == true)
            origins.append((port, isMember ? vlan : nil, frame))
        }

        private mutating func plainFrame(at time: Double, from source: MACAddress) -> TestFrame {
            let group = IPv4Address(239, UInt8(below(2)), 0, UInt8(below(4)))
            switch below(9) {
            case 0: return ethernet(at: time, to: .broadcast, from: source)
            case 1, 2: return ethernet(at: time, to: mac(UInt8(below(25))), from: source)
            case 3: return ipv4(at: time, to: group, from: source)
            case 4: return ipv4(at: time, to: cluster, in: [groupMAC, multicastMAC][below(2)], from: source)
            case 5: return igmp(at: time, .version2Report(group), from: source)
            case 6: return igmp(at: time, .leave(group), from: source)
            case 7:
                let records = (0..<below(3)).map { _ in
                    IGMPGroupRecord(
                        type: IGMPGroupRecordType(rawValue: UInt8(below(8))), multicastAddress: group)
                }
                return igmp(at: time, .version3Report(records), from: source)
            default:
                var query = IGMPQuery(
                    version: [.version1, .version2, .version3][below(3)],
                    groupAddress: [group, .unspecified][below(2)], maxResponseTime: 1 + below(100))
                query.querierRobustnessVariable = UInt8(below(8))
                query.querierQueryInterval = below(200)
                return igmp(at: time, .query(query), from: source, ip: [.unspecified, cluster][below(2)])
            }
        }

        mutating func configure(_ configuration: inout Switch.Configuration) {
            configuration.vlans = (1...ports).map { port in
                vlans(
                    ports: [port], untagged: untagged[port].flatMap { $0 == 0 ? nil : Int($0) },
                    tagged: tagged[port].flatMap { set in
                        set.isEmpty ? nil : IntegerRanges(set.map { Int($0)...Int($0) })
                    })
            }
            configuration.learning = below(4) != 0
            configuration.snooping = below(4) != 0
            configuration.key = GroupKeying.allCases[below(2)]
            configuration.ageing = Ageing.allCases[below(3)]
            configuration.unregistered = Switch.Unregistered.allCases[below(2)]
            configuration.unknownUnicast = Switch.Unknown.allCases[below(2)]
            configuration.immediateLeave = below(2) == 0
            configuration.macAgeing = .seconds(1 + below(20))
            configuration.queryInterval = .seconds(1 + below(20))
            configuration.routerPortTimeout = .seconds(1 + below(50))
            configuration.routerPorts = below(2) == 0 ? nil : [1 + below(ports)]
            var pinned = Switch.StaticEntry()
            pinned.mac = multicastMAC
            pinned.ports = [1, 2]
            configuration.staticEntries = below(2) == 0 ? [] : [pinned]
        }
    }

    private static func octets(of tag: VLANTag) -> [UInt8] {
        [0x81, 0, UInt8(tag.tci >> 8), UInt8(tag.tci & 0xff)]
    }

    @Test(arguments: 1...16 as ClosedRange<UInt64>) func framesKeepToTheirVLANAndLeaveByOtherPortsOnce(seed: UInt64)
        throws
    {
        var scene = Scene(seed: seed)
        let lan = try LAN(ports: scene.ports, scene.frames) { scene.configure(&$0) }
        var delivered = 0
        for port in 1...scene.ports {
            var seen: Set<Int> = []
            for frame in lan.out(port) {
                let number = frame.octets.suffix(4).reduce(0) { $0 << 8 | Int($1) }
                let origin = try #require(number < scene.origins.count ? scene.origins[number] : nil)
                #expect(seen.insert(number).inserted, "frame \(number) left port \(port) twice, seed \(seed)")
                #expect(origin.port != port, "frame \(number) came back by port \(port), seed \(seed)")
                let vlan = try #require(origin.vlan, "frame \(number) is of a foreign VLAN, seed \(seed)")
                #expect(frame.time == origin.frame.time)
                // The frame is what came in, without its tag if the VLAN has none here, or with this VLAN's.
                let came = origin.frame.octets
                let hadTag = came[12] == 0x81
                var expected = Array(came.prefix(12) + came.dropFirst(hadTag ? 16 : 12))
                if scene.untagged[port] != vlan {
                    #expect(scene.tagged[port]?.contains(vlan) == true, "frame \(number), port \(port), seed \(seed)")
                    let priority = hadTag ? came[14] >> 5 : 0
                    expected.insert(contentsOf: Self.octets(of: VLANTag(priority: priority, identifier: vlan)), at: 12)
                }
                #expect(frame.octets == expected, "frame \(number), port \(port), seed \(seed)")
                delivered += 1
            }
            #expect(zip(lan.out(port), lan.out(port).dropFirst()).allSatisfy { $0.time <= $1.time })
        }
        #expect(delivered > 20, "seed \(seed)")
        #expect(lan.dropped(.foreignVLAN) == UInt64(scene.origins.count { $0.vlan == nil }))
    }

    @Test func theSameFramesGiveTheSameOutput() throws {
        func outcome() throws -> [[TestFrame]] {
            var scene = Scene(seed: 99)
            let lan = try LAN(ports: scene.ports, scene.frames) { scene.configure(&$0) }
            return (1...scene.ports).map { lan.out($0) }
        }
        #expect(try outcome() == outcome())
    }

    /// What frames begin with, so that random octets get past the first look.
    private static let beginnings: [[UInt8]] = [
        [], [0x81, 0x00], [1, 0, 0x5e, 0x7f, 0, 100, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 10],
        [1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x08, 0, 0x46, 0, 0, 36, 0, 0, 0, 0, 1, 2],
        [3, 0xbf, 10, 0, 0, 100, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 0, 0x08, 0, 0x45, 0],
    ]

    @Test(arguments: GroupKeying.allCases) func randomOctetsOfEveryLengthAreAccountedFor(key: GroupKeying) throws {
        var random = SeededRandom(seed: 1600, name: "octets")
        var frames: [Int: [TestFrame]] = [:]
        for length in 0...1600 {
            for port in 1...4 {
                let beginning = Self.beginnings[Int(random.next() % UInt64(Self.beginnings.count))]
                let octets = (0..<length).map {
                    $0 < beginning.count ? beginning[$0] : UInt8(truncatingIfNeeded: random.next())
                }
                frames[port, default: []].append(TestFrame(at: .milliseconds(length), octets))
            }
        }
        let lan = try LAN(ports: 4, frames) {
            $0.key = key
            $0.vlans = [vlans(ports: [3], untagged: 1, tagged: [10]), vlans(ports: [4], tagged: [1, 10])]
        }
        let received = (1...4).map { lan.count(.received, $0) ?? 0 }
        #expect(received == [1602, 1601, 1601, 1601])
    }
}
