import NLBFilter
import Testing
import Weir
import WeirTesting
import WeirWire

/// Microsoft's RSS hash ("RSS hashing functions", Windows driver documentation) against its verification suite.
@Suite struct ToeplitzTests {
    static let key: [UInt8] = [
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
        0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
        0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
    ]

    /// A row of the suite: a packet, the hash over its addresses, and that over its addresses and ports.
    struct Row: CustomTestStringConvertible, Sendable {
        let source: String
        let sourcePort: UInt16
        let destination: String
        let destinationPort: UInt16
        let addressesOnly: UInt32
        let withPorts: UInt32

        init(
            _ source: String, _ sourcePort: UInt16, _ destination: String, _ destinationPort: UInt16,
            _ addressesOnly: UInt32, _ withPorts: UInt32
        ) {
            (self.source, self.sourcePort) = (source, sourcePort)
            (self.destination, self.destinationPort) = (destination, destinationPort)
            (self.addressesOnly, self.withPorts) = (addressesOnly, withPorts)
        }

        var testDescription: String { source }

        /// Source and destination in network order.
        var addresses: [UInt8] {
            get throws {
                if let source = IPv4Address(source), let destination = IPv4Address(destination) {
                    return octets(of: source.rawValue) + octets(of: destination.rawValue)
                }
                let (source, destination) = (
                    try #require(IPv6Address(source)), try #require(IPv6Address(destination))
                )
                return [source.high, source.low, destination.high, destination.low].flatMap(octets)
            }
        }

        var ports: [UInt8] { octets(of: sourcePort) + octets(of: destinationPort) }
    }

    static let rows = [
        Row("66.9.149.187", 2794, "161.142.100.80", 1766, 0x323e_8fc2, 0x51cc_c178),
        Row("199.92.111.2", 14230, "65.69.140.83", 4739, 0xd718_262a, 0xc626_b0ea),
        Row("24.19.198.95", 12898, "12.22.207.184", 38024, 0xd2d0_a5de, 0x5c2b_394a),
        Row("38.27.205.30", 48228, "209.142.163.6", 2217, 0x8298_9176, 0xafc7_327f),
        Row("153.39.163.191", 44251, "202.188.127.2", 1303, 0x5d18_09c5, 0x10e8_28a2),
        Row("3ffe:2501:200:1fff::7", 2794, "3ffe:2501:200:3::1", 1766, 0x2cc1_8cd5, 0x4020_7d3d),
        Row("3ffe:501:8::260:97ff:fe40:efab", 14230, "ff02::1", 4739, 0x0f0c_461c, 0xdde5_1bbf),
        Row(
            "3ffe:1900:4545:3:200:f8ff:fe21:67cf", 44251, "fe80::200:f8ff:fe21:67cf", 38024, 0x4b61_e985,
            0x02d1_feef),
    ]

    @Test(arguments: rows) func theHashIsThePublishedOne(row: Row) throws {
        let hash = ToeplitzHash(key: Self.key)
        #expect(try hash.hash(row.addresses) == row.addressesOnly)
        #expect(try hash.hash(row.addresses + row.ports) == row.withPorts)
        #expect(hash.hash([]) == 0)
    }

    /// The other tests' own computation has to be right as well.
    @Test(arguments: rows) func thePlainComputationIsThePublishedOne(row: Row) throws {
        #expect(try plainToeplitz(row.addresses) == row.addressesOnly)
        #expect(try plainToeplitz(row.addresses + row.ports) == row.withPorts)
    }

    @Test func anotherKeyGivesTheSameAsThePlainComputation() {
        let seed: UInt64 = 40
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let key = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
            let input = (0..<[4, 8, 12, 16, 32, 36][Int.random(in: 0..<6, using: &random)]).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(ToeplitzHash(key: key).hash(input) == plainToeplitz(input, key: key), "seed \(seed): \(key)")
        }
    }

    /// Of 30 hosts each has two buckets; bucket = hash * 60 >> 32.
    @Test(arguments: rows.filter { $0.destination.contains(".") }) func theFilterHashesAddressesAndPorts(row: Row)
        throws
    {
        let owner = Int((UInt64(row.withPorts) * 60) >> 32) / 2 + 1
        let frame = try ipv4Frame(row)
        for host in 1...30 {
            var run = StageRun()
            try run.addFilter(
                """
                cluster: \(row.destination), host-id: \(host), hosts: 1-30, hash: toeplitz,
                rules: [{ ports: \(row.destinationPort), affinity: none }]
                """)
            #expect(run.run([frame]).frames() == (host == owner ? [frame] : []), "host \(host)")
        }
    }

    /// A SYN; of its fields only those matter that the hash is over.
    private func ipv4Frame(_ row: Row) throws -> TestFrame {
        let mac: [UInt8] = [0x02, 0xbf, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00]
        let ip: [UInt8] = [0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00]
        let tcp: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0]
        return TestFrame(mac + ip + (try row.addresses) + row.ports + tcp)
    }
}

/// Over each set bit of the input, from the left, the 32 bits of the key that begin at the bit's place, added without
/// carry.
func plainToeplitz(_ input: [UInt8], key: [UInt8] = ToeplitzTests.key) -> UInt32 {
    var hash: UInt32 = 0
    for bit in 0..<input.count * 8 where input[bit / 8] >> (7 - bit % 8) & 1 == 1 {
        let five = key[bit / 8..<bit / 8 + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        hash ^= UInt32(truncatingIfNeeded: five >> (8 - bit % 8))
    }
    return hash
}

/// In network order.
func octets<Number: FixedWidthInteger>(of number: Number) -> [UInt8] {
    stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
}
