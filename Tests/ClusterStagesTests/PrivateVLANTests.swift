import Testing
import VLANIsolation
import Weir
import WeirTesting
import WeirWire

/// Who reaches whom in a private VLAN: RFC 5517 §2.
@Suite struct PrivateVLANTests {
    // The last octets of the members' addresses.
    private static let (router, printer): (UInt8, UInt8) = (1, 2)
    private static let (blue1, blue2, blue3, green1, green2): (UInt8, UInt8, UInt8, UInt8, UInt8) = (11, 12, 13, 21, 22)
    private static let (lone1, lone2): (UInt8, UInt8) = (31, 32)
    private static let everybody = [router, printer, blue1, blue2, blue3, green1, green2, lone1, lone2]

    private func mac(_ last: UInt8) -> MACAddress { MACAddress(2, 0, 0, 0, 0, last) }

    private func members(behind: UInt8? = nil) -> VLANIsolation.PrivateVLANMembers {
        var members = VLANIsolation.PrivateVLANMembers()
        members.promiscuous = [Self.router, Self.printer].map(mac)
        members.communities = [[Self.blue1, Self.blue2, Self.blue3].map(mac), [Self.green1, Self.green2].map(mac)]
        members.behind = behind.map(mac)
        return members
    }

    /// RFC 5517 §2, by the tens of the address.
    private func mayReach(_ destination: UInt8, from source: UInt8) -> Bool {
        let (from, to) = (source / 10, destination / 10)
        return source == destination || from == 0 || to == 0 || from == to && from != 3
    }

    @Test func everyPairIsAsTheRFCSays() throws {
        for source in Self.everybody {
            let frames = Self.everybody.map { frame(tag(10), to: $0, from: source) }
            let result = try isolate(frames, note: "from \(source)") {
                $0.allow = [10]
                $0.tag = .keep
                $0.private = members()
            }
            let expected = Self.everybody.filter { mayReach($0, from: source) }
            #expect(result.frames().map { $0.octets[5] } == expected, "from \(source)")
            #expect(
                result.dropped("isolated", by: "vlan-isolation") == UInt64(Self.everybody.count - expected.count))
        }
    }

    @Test(arguments: [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [1, 0, 0x5e, 0x7f, 0, 100], [3, 0xbf, 10, 0, 0, 100]])
    func groupAddressesAreJudgedByWhoIsBehind(group: [UInt8]) throws {
        let frames = Self.everybody.map { source in
            var sent = frame(tag(10), from: source)
            sent.octets.replaceSubrange(0..<6, with: group)
            return sent
        }
        func senders(_ behind: UInt8?) throws -> [UInt8] {
            try isolate(frames) {
                $0.allow = [10]
                $0.private = members(behind: behind)
            }.frames().map { $0.octets[11] }
        }
        for receiver in Self.everybody {
            #expect(try senders(receiver) == Self.everybody.filter { mayReach(receiver, from: $0) }, "to \(receiver)")
        }
        #expect(try senders(nil) == Self.everybody)
    }

    @Test func framesWithoutTagAreJudgedToo() throws {
        let frames = [frame(to: Self.lone1, from: Self.lone2), frame(to: Self.lone1, from: Self.router)]
        for action in VLANIsolation.TagAction.allCases {
            let result = try isolate(frames) {
                $0.allow = [10]
                $0.native = 10
                $0.tag = action
                $0.private = members()
            }
            #expect(result.dropped("isolated", by: "vlan-isolation") == 1)
            let expected = action == .push ? frame(tag(10), to: Self.lone1, from: Self.router) : frames[1]
            #expect(result.frames() == [expected])
        }
    }

    /// Foreign VLANs are said to be so, whoever sends.
    @Test func theVLANDecidesFirst() throws {
        let result = try isolate([frame(tag(20), to: Self.lone1, from: Self.lone2)]) {
            $0.allow = [10]
            $0.private = members()
        }
        #expect(result.dropped("foreign-vlan", by: "vlan-isolation") == 1)
    }
}
