import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Every kind of frame that an MLD responder sends, octet by octet (RFC 2710 §3, RFC 3810 §5, RFC 2711, RFC 2464 §7).
@Suite struct MLDOctetsTests {
    private static let group: [UInt8] = [0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    private static let host: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]

    private func frames(_ version: Int, _ configure: (inout MLDResponder.Configuration) -> Void = { _ in }) throws
        -> [[UInt8]]
    {
        try MLDHostRun([mldQuery(at: .seconds(50)), TestFrame(at: .seconds(100), [0])]) {
            $0.groups = [
                GroupSetting(MLDHostRun.group), GroupSetting(MLDHostRun.group, .nothing, at: .seconds(80)),
            ]
            $0.version = version
            configure(&$0)
        }.result.frames("mld-responder.reports").map(\.octets)
    }

    /// A frame with a message of `length` octets, up to its checksum.
    private func beginning(_ type: UInt8, length: UInt8, to destination: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = [0x33, 0x33] + Array(destination[12...]) + [2, 0, 0, 0, 0, 1, 0x86, 0xdd]
        octets += [0x60, 0, 0, 0, 0, 8 + length, 0, 1] + Self.host + destination
        // Hop-by-hop options: next header 58, no more octets than these eight, Router Alert of value 0, two of padding.
        return octets + [58, 0, 5, 2, 0, 0, 1, 0] + [type, 0]
    }

    /// The checksum that belongs behind `beginning`, when `rest` follows it.
    private func checksum(_ beginning: [UInt8], _ rest: [UInt8]) -> [UInt8] {
        let message: [UInt8] = Array(beginning[62...]) + [0, 0] + rest
        let pseudoHeader: [UInt8] = Array(beginning[22..<54]) + [0, 0, 0, UInt8(message.count), 0, 0, 0, 58]
        let sum = ~onesComplementSum(pseudoHeader + message)
        return [UInt8(sum >> 8), UInt8(sum & 0xff)]
    }

    private func frame(_ type: UInt8, to destination: [UInt8], _ rest: [UInt8]) -> [UInt8] {
        let beginning = beginning(type, length: UInt8(4 + rest.count), to: destination)
        return beginning + checksum(beginning, rest) + rest
    }

    private func linkLocal(_ last: UInt8) -> [UInt8] { [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last] }

    @Test func version1ReportsAndDone() throws {
        let report = frame(131, to: Self.group, [0, 0, 0, 0] + Self.group)
        let done = frame(132, to: linkLocal(2), [0, 0, 0, 0] + Self.group)
        #expect(try frames(1) == [report, report, report, done])
    }

    @Test func version2Reports() throws {
        func report(_ type: UInt8) -> [UInt8] {
            frame(143, to: linkLocal(0x16), [0, 0, 0, 1] + [type, 0, 0, 0] + Self.group)
        }
        #expect(try frames(2) == [report(4), report(4), report(2), report(3), report(3)])
    }

    @Test func sourcesOfVersion2Reports() throws {
        let source = ip6("2001:db8::7")
        let record = [1, 0, 0, 1] + Self.group + octets(source)
        let expected = frame(143, to: linkLocal(0x16), [0, 0, 0, 1] + record)
        let found = try frames(2) { $0.groups = [GroupSetting(MLDHostRun.group, SourceFilter(.include, [source]))] }
        #expect(found.last == expected)
    }

    @Test func theTagOfTheNetwork() throws {
        let untagged = try frames(2)
        let tagged = try frames(2) { $0.vlan = 10 }
        #expect(tagged == untagged.map { Array($0[..<12]) + [0x81, 0, 0, 10] + $0[12...] })
    }

    /// RFC 3810 §5.2.13: :: while there is no valid link-local address.
    @Test func aHostWithoutAnAddressReportsFromTheUnspecifiedOne() throws {
        let found = try frames(2) { $0.source = .unspecified }
        #expect(found.count == 5)
        for frame in found { #expect(frame[22..<38].allSatisfy { $0 == 0 }) }
    }

    @Test func theChecksumOfAKnownReport() {
        // Summed with another program: fe80::1 to ff02::16, ff15::100 with no source excluded.
        let beginning = beginning(143, length: 28, to: linkLocal(0x16))
        #expect(checksum(beginning, [0, 0, 0, 1, 2, 0, 0, 0] + Self.group) == [0x70, 0xf7])
    }
}
