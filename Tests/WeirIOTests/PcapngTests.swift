import Testing
import Weir

@Suite struct PcapngTests {
    private func records(of file: PcapngBytes) throws -> [Record] {
        let (summary, output) = try copy(file.bytes)
        #expect(summary.status == .success, "\(summary.failures)")
        return try #require(parseClassic(output))
    }

    @Test(arguments: [true, false])
    func blocksOfEachKindAreRead(littleEndian: Bool) throws {
        var file = PcapngBytes(littleEndian: littleEndian)
        file.section()
        file.interface()
        file.packet([1, 2, 3], ticks: 5_000_001, wireLength: 9)
        file.simplePacket([4, 5, 6, 7, 8])
        file.block(2) { body in
            body.half(0)
            body.half(0)
            body.word(0)
            body.word(7_000_000)
            body.word(2)
            body.word(2)
            body.bytes += [9, 10]
        }
        let expected = [
            Record(at: 5_000_001_000, [1, 2, 3], wireLength: 9), Record(at: 0, [4, 5, 6, 7, 8]),
            Record(at: 7_000_000_000, [9, 10]),
        ]
        #expect(try records(of: file) == expected)
    }

    @Test func eachInterfaceHasAResolutionOfItsOwn() throws {
        var file = PcapngBytes()
        file.section()
        file.interface()
        file.interface(resolution: 9)
        file.interface(resolution: 0x80 | 10)
        file.interface(resolution: 3, offset: 100)
        file.packet([1], ticks: 1_000_000, interface: 0)
        file.packet([2], ticks: 2_000_000_007, interface: 1)
        file.packet([3], ticks: 3 << 10 + 512, interface: 2)
        file.packet([4], ticks: 4_250, interface: 3)
        let times = try records(of: file).map(\.nanoseconds)
        #expect(times == [1_000_000_000, 2_000_000_007, UInt64(3 << 10 + 512) * 1_000_000_000 / 1024, 104_250_000_000])
    }

    @Test func aSectionSetsTheByteOrderAndForgetsInterfaces() throws {
        var file = PcapngBytes(littleEndian: true)
        file.section()
        file.interface(resolution: 9)
        file.packet([1], ticks: 1)
        file.section(littleEndian: false)
        file.interface()
        file.packet([2], ticks: 2)
        #expect(try records(of: file) == [Record(at: 1, [1]), Record(at: 2000, [2])])

        file.section()
        file.packet([3])
        let (summary, _) = try copy(file.bytes)
        #expect(summary.written == 2)
        #expect(summary.failure?.message.contains("interface 0, which the file has not described") == true)
    }

    @Test(arguments: [0, 1000, 300_000, 3_000_000])
    func otherBlocksArePassedOverHoweverLongTheyAre(length: Int) throws {
        var file = PcapngBytes()
        file.section()
        file.interface()
        file.packet([1])
        file.block(0x0bad) { $0.bytes = Array(repeating: 6, count: length) }
        file.packet([2])
        #expect(try records(of: file).map(\.octets) == [[1], [2]])
    }

    @Test func optionsThatFillABlockOfTheArenaArePassedOver() throws {
        var file = PcapngBytes()
        file.section()
        file.interface()
        file.block(6) { body in
            for word in [0, 0, 0, 4, 4] { body.word(word) }
            body.bytes += [1, 2, 3, 4] + Array(repeating: 0, count: 400_000)
        }
        file.packet([5])
        #expect(try records(of: file).map(\.octets) == [[1, 2, 3, 4], [5]])
    }

    @Test func aBlockWhoseTwoLengthsDifferIsDamage() throws {
        var file = PcapngBytes()
        file.section()
        file.interface()
        file.packet([1])
        file.packet([2])
        var bytes = file.bytes
        bytes[bytes.count - 4] = 99
        let (summary, _) = try copy(bytes)
        #expect(summary.written == 1)
        #expect(summary.status == .badData)
        #expect(summary.failure?.message.contains("starts with the length 36 and ends with the length 99") == true)
    }

    @Test func anInterfaceThatIsNotEthernetIsNamed() throws {
        var file = PcapngBytes()
        file.section()
        file.interface()
        file.interface(linkType: 113)
        file.packet([1])
        file.packet([2], interface: 1)
        let (summary, _) = try copy(file.bytes)
        #expect(summary.written == 1)
        let message = try #require(summary.failure?.message)
        #expect(
            message.contains("a packet of interface 1, which has link type 113 (Linux cooked v1) instead of Ethernet"))
    }
}
