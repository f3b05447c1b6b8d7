import Testing
import WeirWire

@Suite struct MACAddressTests {
    static let cluster = MACAddress(0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64)

    @Test func octetsAndNumberAgree() {
        #expect(Self.cluster.rawValue == 0x02bf_0a00_0064)
        #expect(MACAddress(rawValue: .max) == .broadcast)
        let frame: [UInt8] = [0xee, 0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64, 0xee]
        #expect(reading(frame) { $0.macAddress(at: 1) } == Self.cluster)
        #expect(writing([UInt8](repeating: 0xee, count: 8)) { $0.store(Self.cluster, at: 1) } == frame)
    }

    @Test func bitsOfTheFirstOctet() {
        #expect(Self.cluster.isLocallyAdministered && !Self.cluster.isMulticast && !Self.cluster.isBroadcast)
        #expect(MACAddress.broadcast.isMulticast && MACAddress.broadcast.isBroadcast)
        #expect(MACAddress(0x03, 0xbf, 0, 0, 0, 1).isMulticast)
        #expect(!MACAddress(0x00, 0xff, 0xff, 0xff, 0xff, 0xff).isLocallyAdministered)
    }

    @Test func groupsMapToTheirLowBits() {
        // RFC 1112 §6.4: 32 groups share one address.
        let shared = MACAddress(0x01, 0x00, 0x5e, 0x7f, 0x01, 0x02)
        #expect(MACAddress(multicastGroup: IPv4Address(239, 255, 1, 2)) == shared)
        #expect(MACAddress(multicastGroup: IPv4Address(224, 127, 1, 2)) == shared)
        #expect(MACAddress(multicastGroup: .allIGMPv3Routers) == MACAddress(0x01, 0x00, 0x5e, 0, 0, 0x16))
        #expect(MACAddress(multicastGroup: IPv6Address.allMLDv2Routers) == MACAddress(0x33, 0x33, 0, 0, 0, 0x16))
    }

    @Test func textInBothForms() {
        #expect(Self.cluster.description == "02-bf-0a-00-00-64")
        #expect(Self.cluster.text(separator: ":") == "02:bf:0a:00:00:64")
        #expect(MACAddress("02-bf-0a-00-00-64") == Self.cluster)
        #expect(MACAddress("02:BF:0A:00:00:64") == Self.cluster)
    }

    @Test(arguments: [
        "", "02", "02-bf-0a-00-00", "02-bf-0a-00-00-64-", "02-bf-0a-00-00-64-65", "02-bf:0a-00-00-64",
        "2-bf-0a-00-00-64", "002-bf-0a-00-00-64", " 02-bf-0a-00-00-64", "02-bf-0a-00-00-6g", "02bf0a000064",
        "02:bf-0a:00:00:64", "02bf.0a00.0064", "０2-bf-0a-00-00-64",
    ])
    func otherTextIsRefused(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func orderIsThatOfTheNumbers() {
        #expect(Self.cluster < .broadcast)
    }
}

@Suite struct IPv4AddressTests {
    @Test func octetsAndNumberAgree() {
        let address = IPv4Address(192, 0, 2, 1)
        #expect(address.rawValue == 0xc000_0201)
        #expect(reading([0xc0, 0x00, 0x02, 0x01]) { $0.ipv4Address(at: 0) } == address)
        #expect(writing([0, 0, 0, 0, 9]) { $0.store(address, at: 0) } == [0xc0, 0x00, 0x02, 0x01, 9])
    }

    @Test func groupsAreClassD() {
        #expect(IPv4Address(224, 0, 0, 0).isMulticast && IPv4Address(239, 255, 255, 255).isMulticast)
        #expect(!IPv4Address(223, 255, 255, 255).isMulticast && !IPv4Address(240, 0, 0, 0).isMulticast)
    }

    @Test(arguments: ["0.0.0.0", "255.255.255.255", "192.0.2.1", "10.0.0.100", "1.20.0.9"])
    func textRoundTrip(text: String) {
        #expect(IPv4Address(text)?.description == text)
    }

    @Test(arguments: [
        "", ".", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", "010.0.0.1", "1.2.3.04", "00.0.0.0", " 1.2.3.4",
        "1.2.3.4 ", "1.2.3.4\n", "256.0.0.1", "1.2.3.999", "1.2.3.99999999999999999999", "+1.2.3.4", "-1.2.3.4",
        "1..2.3", "0x1.2.3.4", "1.2.3.a", "1,2,3,4", "１.2.3.4", "1.2.3.4/24", "\u{0}", "1.2.3.4\u{0}",
    ])
    func otherTextIsRefused(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test func prefixesContainTheirAddresses() throws {
        let prefix = try #require(IPv4Prefix("192.0.2.65/26"))
        #expect(prefix.description == "192.0.2.65/26")
        #expect(prefix.network == IPv4Address(192, 0, 2, 64) && prefix.lastAddress == IPv4Address(192, 0, 2, 127))
        #expect(prefix.contains(IPv4Address(192, 0, 2, 64)) && prefix.contains(IPv4Address(192, 0, 2, 127)))
        #expect(!prefix.contains(IPv4Address(192, 0, 2, 63)) && !prefix.contains(IPv4Address(192, 0, 2, 128)))
    }

    @Test func shortestAndLongestPrefix() throws {
        let all = try #require(IPv4Prefix("0.0.0.0/0"))
        #expect(all.mask == 0 && all.contains(.broadcast) && all.lastAddress == .broadcast)
        let one = try #require(IPv4Prefix("10.0.0.1/32"))
        #expect(one.mask == .max && one.contains(IPv4Address(10, 0, 0, 1)) && !one.contains(IPv4Address(10, 0, 0, 0)))
    }

    @Test(arguments: [
        "", "1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/08", "1.2.3.4/8 ", "1.2.3/8", "/8",
    ])
    func otherPrefixesAreRefused(text: String) {
        #expect(IPv4Prefix(text) == nil)
        #expect(IPv4Prefix(.unspecified, length: 33) == nil && IPv4Prefix(.unspecified, length: Int.min) == nil)
    }
}

@Suite struct IPv6AddressTests {
    @Test func octetsAndHalvesAgree() {
        let octets: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01]
        let address = IPv6Address(high: 0x2001_0db8_0000_0000, low: 1)
        #expect(reading(octets) { $0.ipv6Address(at: 0) } == address)
        #expect(writing([UInt8](repeating: 0xa5, count: 16)) { $0.store(address, at: 0) } == octets)
    }

    @Test func kindsOfAddress() throws {
        #expect(IPv6Address.allNodes.isMulticast && !IPv6Address.loopback.isMulticast)
        #expect(try #require(IPv6Address("febf::1")).isLinkLocal && !#require(IPv6Address("fec0::1")).isLinkLocal)
        #expect(IPv6Address.unspecified.isUnspecified && !IPv6Address.loopback.isUnspecified)
        let address = try #require(IPv6Address("2001:db8::12:3456:789a"))
        #expect(address.solicitedNodeGroup.description == "ff02::1:ff56:789a")
        #expect(IPv6Address("::ffff:192.0.2.1")?.mappedIPv4Address == IPv4Address(192, 0, 2, 1))
    }

    /// RFC 5952 §4 and §5: each address and the one text for it.
    @Test(arguments: [
        ("::", "::"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:0DB8::0001", "2001:db8::1"),
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
        ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("::1.2.3.4", "::102:304"), ("fe80::a:0:b", "fe80::a:0:b"),
    ])
    func textInItsRecommendedForm(text: String, recommended: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == recommended)
        #expect(IPv6Address(recommended) == address)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "12345::", "::g", " ::1", "::1 ", "fe80::1%eth0", "::1/64", "[::1]",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.04", "::1.2.3.4:5", "1.2.3.4", "1:::2", "1:2:3:4:5:6:7:",
        "::1.2.3.256", "::1.2.3.4.5", "\u{0}::",
    ])
    func otherTextIsRefused(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test func randomAddressesRoundTrip() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            // Groups that are zero with probability one half.
            var halves: [UInt64] = [0, 0]
            for index in 0..<8 where Bool.random(using: &generator) {
                halves[index / 4] |= UInt64(UInt16.random(in: 0...0x1ff, using: &generator)) << UInt64(index % 4 * 16)
            }
            let address = IPv6Address(high: halves[0], low: halves[1])
            #expect(IPv6Address(address.description) == address, "seed \(seed)")
        }
    }

    @Test func prefixesContainTheirAddresses() throws {
        for (text, inside, outside) in [
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"), ("fe80::/10", "febf::", "fec0::"),
            ("2001:db8::/64", "2001:db8::ffff", "2001:db8:0:1::"),
            ("2001:db8::/65", "2001:db8::1", "2001:db8::8000:0:0:0"),
            ("::1/128", "::1", "::"), ("2001:db8::/127", "2001:db8::1", "2001:db8::2"),
        ] {
            let prefix = try #require(IPv6Prefix(text))
            #expect(prefix.description == text)
            #expect(
                try prefix.contains(#require(IPv6Address(inside))) && !prefix.contains(#require(IPv6Address(outside))))
        }
        let all = try #require(IPv6Prefix("::/0"))
        #expect(all.contains(.allNodes))
        #expect(try #require(IPv6Prefix("2001:db8::1/33")).network.description == "2001:db8::")
    }

    @Test(arguments: ["::", "::/", "::/129", "::/-1", "::/064", "::/1000", "/64", "::/64 "])
    func otherPrefixesAreRefused(text: String) {
        #expect(IPv6Prefix(text) == nil)
        #expect(IPv6Prefix(.unspecified, length: 129) == nil && IPv6Prefix(.unspecified, length: -1) == nil)
    }
}

@Suite struct NumberTests {
    @Test(
        arguments: [("tcp", 6), ("igmp", 2), ("icmpv6", 58), ("0", 0), ("255", 255), ("89", 89)] as [(String, UInt8)])
    func protocolsByNameAndNumber(text: String, number: UInt8) {
        #expect(IPProtocol(text)?.rawValue == number)
        #expect(IPProtocol(rawValue: number).description == text)
    }

    @Test(arguments: [("arp", 0x0806), ("service-vlan", 0x88a8), ("0x9100", 0x9100)] as [(String, UInt16)])
    func etherTypesByNameAndNumber(text: String, number: UInt16) {
        #expect(EtherType(text)?.rawValue == number)
        #expect(EtherType(rawValue: number).description == text)
    }

    @Test(arguments: ["", "TCP", "256", "06", "-1", "0x", "0x12345", "0xg", "2048", "ip"])
    func otherNumbersAreRefused(text: String) {
        #expect(IPProtocol(text) == nil)
        #expect(EtherType(text) == nil)
    }

    @Test func anyTextIsReadWithoutTrap() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789abcdfFx:.-/% ü\u{0}\u{301}")
        for _ in 0..<5000 {
            let count = Int.random(in: 0...24, using: &generator)
            let text = String((0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] })
            // What is accepted means what it says: its own text reads back as the same value.
            #expect(MACAddress(text).map { MACAddress($0.description) == $0 } ?? true, "seed \(seed)")
            #expect(IPv4Address(text).map { $0.description == text } ?? true, "seed \(seed)")
            #expect(IPv4Prefix(text).map { $0.description == text } ?? true, "seed \(seed)")
            #expect(IPv6Address(text).map { IPv6Address($0.description) == $0 } ?? true, "seed \(seed)")
            #expect(IPv6Prefix(text).map { IPv6Prefix($0.description) == $0 } ?? true, "seed \(seed)")
        }
    }
}

@Suite struct AnyIPAddressTests {
    @Test(arguments: ["10.0.0.100", "2001:db8::1", "::ffff:10.0.0.1"]) func textOfEitherVersion(text: String) {
        #expect(AnyIPAddress(text)?.description == text)
        #expect((AnyIPAddress(text) == .ipv4(IPv4Address(10, 0, 0, 100))) == (text == "10.0.0.100"))
    }

    @Test(arguments: ["", "10.0.0", "10.0.0.100/24", "2001:db8::1::", "x"]) func otherTextIsRefused(text: String) {
        #expect(AnyIPAddress(text) == nil)
    }

    @Test func kindsOfAddresses() {
        #expect(AnyIPAddress("::")?.isUnspecified == true && AnyIPAddress("0.0.0.0")?.isUnspecified == true)
        #expect(AnyIPAddress("ff02::1")?.isMulticast == true && AnyIPAddress("239.1.1.1")?.isMulticast == true)
        #expect(AnyIPAddress("fe80::1")?.isMulticast == false && AnyIPAddress("10.0.0.1")?.isUnspecified == false)
    }
}
