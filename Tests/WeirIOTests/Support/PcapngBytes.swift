/// Blocks of a pcapng file, one after the other.
struct PcapngBytes {
    private var file: FileBytes
    var bytes: [UInt8] { file.bytes }
    /// Where each block that holds a packet ends.
    private(set) var packetEnds: [Int] = []
    /// Where each block ends.
    private(set) var blockEnds: [Int] = []

    init(littleEndian: Bool = true) { file = FileBytes(isLittleEndian: littleEndian) }

    mutating func block(_ type: Int, _ fill: (inout FileBytes) -> Void) {
        var body = FileBytes(isLittleEndian: file.isLittleEndian)
        fill(&body)
        while body.bytes.count % 4 != 0 { body.bytes.append(0) }
        file.word(type)
        file.word(body.bytes.count + 12)
        file.bytes += body.bytes
        file.word(body.bytes.count + 12)
        blockEnds.append(bytes.count)
        if [2, 3, 6].contains(type) { packetEnds.append(bytes.count) }
    }

    /// Starts a section, perhaps in the other byte order.
    mutating func section(littleEndian: Bool? = nil) {
        if let littleEndian {
            var other = FileBytes(isLittleEndian: littleEndian)
            other.bytes = bytes
            file = other
        }
        block(0x0a0d_0d0a) { body in
            body.word(0x1a2b_3c4d)
            body.half(1)
            body.half(0)
            body.append(UInt64.max)
        }
    }

    /// Describes an interface; `resolution` is the code of if_tsresol, `offset` that of if_tsoffset.
    mutating func interface(linkType: Int = 1, snapLength: Int = 0, resolution: UInt8? = nil, offset: Int64? = nil) {
        block(1) { body in
            body.half(linkType)
            body.half(0)
            body.word(snapLength)
            if let resolution {
                body.half(9)
                body.half(1)
                body.bytes += [resolution, 0, 0, 0]
            }
            if let offset {
                body.half(14)
                body.half(8)
                body.append(offset)
            }
            body.word(0)
        }
    }

    mutating func packet(_ octets: [UInt8], ticks: UInt64 = 0, interface: Int = 0, wireLength: Int? = nil) {
        block(6) { body in
            body.word(interface)
            body.word(Int(ticks >> 32))
            body.word(Int(ticks & 0xffff_ffff))
            body.word(octets.count)
            body.word(wireLength ?? octets.count)
            body.bytes += octets
        }
    }

    mutating func simplePacket(_ octets: [UInt8]) {
        block(3) { body in
            body.word(octets.count)
            body.bytes += octets
        }
    }
}
