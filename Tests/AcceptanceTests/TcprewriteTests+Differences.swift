import Testing

/// What tcprewrite changes beside tags, or doesn't change: held fast, so that it is known when it is mended.
extension TcprewriteTests {
    private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]

    /// What a frame with a tag of VLAN 20 becomes without it: in tcprewrite and in weir.
    private func withoutTag(_ rest: [UInt8]) throws -> (theirs: [UInt8], ours: [UInt8]) {
        let folder = try Folder()
        let frame = Self.addresses + tag(0x8100, priority: 5, dei: false, 20) + rest
        let path = try write(file([frame]), to: folder)
        let theirs = try #require(records(try tcprewrite(["--enet-vlan=del"], input: path)).first)
        let ours = try #require(try isolate(path, "{ allow: 20 }").first)
        return (Array(theirs.dropFirst(16)), Array(ours.dropFirst(16)))
    }

    @Test func tcprewriteNeedsPayload() throws {
        let empty: [UInt8] = [0x88, 0xb5]
        let (theirs, ours) = try withoutTag(empty)
        #expect(ours == Self.addresses + empty)
        #expect(theirs == Self.addresses + tag(0x8100, priority: 5, dei: false, 20) + empty)

        let folder = try Folder()
        let frames = [[], [1], [1, 2, 3], [1, 2, 3, 4]].map { Self.addresses + empty + $0 }
        let path = try write(file(frames), to: folder)
        let tagged = records(try tcprewrite(add(9, priority: 0, cfi: 0, proto: "802.1q"), input: path))
        #expect(tagged.map { $0.count - 16 } == [14, 15, 17, 22])
        let pushed = try isolate(path, "{ allow: 9, native: 9, tag: push }")
        #expect(pushed.map { $0.count - 16 } == [18, 19, 21, 22])
    }

    @Test func tcprewriteMendsIPv4() throws {
        // A header to 239.1.1.1 whose checksum is zero, and eight octets.
        let ip: [UInt8] = [0x45, 0, 0, 28, 0, 0, 0, 0, 1, 200, 0, 0, 10, 0, 0, 1, 239, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8]
        let (theirs, ours) = try withoutTag([0x08, 0x00] + ip)
        #expect(ours == Self.addresses + [0x08, 0x00] + ip)
        #expect(theirs.prefix(3) == [1, 0, 0x5e])
        #expect(theirs[24..<26] != [0, 0])
        #expect(theirs[14..<24] == ours[14..<24] && theirs[26...] == ours[26...])
    }

    @Test func tcprewriteSpoilsIPv6() throws {
        // A multicast listener's hop limit and no next header, from fe80::1 to ff02::1.
        let link: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        let group: [UInt8] = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        let rest = [0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 59, 1] + link + group
        let (theirs, ours) = try withoutTag(rest)
        #expect(ours == Self.addresses + rest)
        #expect(theirs[6..<8] == [0x33, 0x33])
        #expect(theirs[12...] == ours[12...])
    }

    @Test func tcprewriteSpoilsLLC() throws {
        // A spanning tree's configuration message (802.1D §9.3.1) of 38 octets with its LLC header.
        let message: [UInt8] =
            [0x42, 0x42, 3, 0, 0, 0, 0, 0, 0x80, 0, 2, 0, 0, 0, 1, 1] + Array(repeating: 7, count: 22)
        let (theirs, ours) = try withoutTag([0, 38] + message)
        #expect(ours == Self.addresses + [0, 38] + message)
        #expect(theirs != ours)
    }
}
