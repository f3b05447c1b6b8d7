import Foundation
import Testing
import Weir

/// What becomes of tags, beside what tcprewrite makes of the same captures: octet by octet, record headers included.
///
/// tcprewrite 4.4.3 does more and less than it is asked to, so frames that it changes beside their tags are left out here:
/// - A frame that ends with its EtherType keeps its tags and gets none, nor does one of less than 18 octets get its first.
///   weir needs no payload to change a tag. (`tcprewriteNeedsPayload`)
/// - What seems to be IPv4 has its header checksum mended, and if it goes to a group at a station's MAC address, it gets a
///   group's. weir changes tags only. (`tcprewriteMendsIPv4`)
/// - Frames with a length instead of an EtherType (802.3, LLC: spanning tree in the shipped capture) are taken for IP: a
///   length and a checksum are written over their LLC header, or they keep their tags. (`tcprewriteSpoilsLLC`)
/// - IPv6 to a group gets an address beginning with 33-33 for its source. What seems to be IPv6 and isn't is an error that
///   ends the program. (`tcprewriteSpoilsIPv6`)
/// - There is no VLAN 0 and no VLAN 4095 for it: any tag is a tag. weir drops the latter, and has `native` for the former.
@Suite struct TcprewriteTests {
    private static let seed: UInt64 = 443

    /// Runs a capture through a `vlan-isolation` with these parameters; the records of what comes out.
    func isolate(_ path: String, _ parameters: String) throws -> [ArraySlice<UInt8>] {
        let folder = try Folder()
        let pipeline = try folder.file(
            "p.yaml",
            """
            weir: 1
            stages:
              - capture: { file: \(path) }
              - vlan-isolation: \(parameters)
              - transmit: { file: out.pcap }
            """)
        let command = try Command.weir("run", pipeline)
        try #require(command.status == 0, "\(command.errors)")
        return records([UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path("out.pcap")))))
    }

    /// Checks that tcprewrite, run with one list of arguments after the other, makes of a capture what weir does.
    private func compare(
        _ path: String, _ parameters: String, with runs: [[String]], note: String = "",
        at location: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let folder = try Folder()
        var (input, output) = (path, [UInt8]())
        for (number, arguments) in runs.enumerated() {
            output = try tcprewrite(arguments, input: input)
            input = folder.path("\(number).pcap")
            try Data(output).write(to: URL(fileURLWithPath: input))
        }
        let expected = records(output).compactMap(comparable)
        let found = try isolate(path, parameters).compactMap(comparable)
        #expect(found.count == expected.count, "\(note)", sourceLocation: location)
        #expect(!expected.isEmpty, sourceLocation: location)
        let first = zip(found, expected).enumerated().first { $1.0 != $1.1 }
        let difference = first.map { "record \($0.offset): \(Array($0.element.0)) is not \(Array($0.element.1))" }
        #expect(difference == nil, "\(note)", sourceLocation: location)
    }

    /// A record without what tcprewrite spoils: nil for a frame with a length where others have an EtherType, and the MAC
    /// addresses of IPv6 as zeros.
    private func comparable(_ record: ArraySlice<UInt8>) -> [UInt8]? {
        var record = Array(record)
        var place = 16 + 12
        while [[0x81, 0], [0x88, 0xa8], [0x91, 0]].contains(record[place..<place + 2]) { place += 4 }
        if record[place..<place + 2] == [0x86, 0xdd] {
            record.replaceSubrange(16..<28, with: Array(repeating: 0, count: 12))
        }
        return record[place] < 6 ? nil : record
    }

    func add(_ tag: Int, priority: Int, cfi: Int, proto: String) -> [String] {
        [
            "--enet-vlan=add", "--enet-vlan-tag=\(tag)", "--enet-vlan-cfi=\(cfi)", "--enet-vlan-pri=\(priority)",
            "--enet-vlan-proto=\(proto)",
        ]
    }

    // MARK: Captures

    /// A capture of frames with random addresses and payloads, each with the tags that `tags` gives.
    private func capture(
        _ count: Int, _ random: inout SeededRandom, tags: (inout SeededRandom) -> [UInt8]
    ) -> [UInt8] {
        let frames = (0..<count).map { _ in
            let payload = Int.random(in: 17...1500, using: &random)
            var frame = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
            frame += tags(&random)
            // An EtherType for local experiments, and ARP.
            frame += Bool.random(using: &random) ? [0x88, 0xb5] : [0x08, 0x06]
            return frame + (0..<payload).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        return file(frames)
    }

    /// A classic capture, little endian, in microseconds.
    func file(_ frames: [[UInt8]]) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xff) } }
        let header = word(0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(262_144) + word(1)
        return frames.enumerated().reduce(into: header) { bytes, frame in
            let length = word(frame.element.count)
            bytes += word(1_700_000_000 + frame.offset) + word(frame.offset) + length + length + frame.element
        }
    }

    func write(_ capture: [UInt8], to folder: Folder) throws -> String {
        let path = folder.path("in.pcap")
        try Data(capture).write(to: URL(fileURLWithPath: path))
        return path
    }

    func tag(_ tpid: Int, priority: Int, dei: Bool, _ identifier: Int) -> [UInt8] {
        let control = priority << 13 | (dei ? 0x1000 : 0) | identifier
        return [tpid >> 8, tpid & 0xff, control >> 8, control & 0xff].map { UInt8($0) }
    }

    /// Up to four tags of all kinds; the outermost is of a VLAN that there is.
    private func randomTags(_ random: inout SeededRandom) -> [UInt8] {
        (0..<Int.random(in: 0...4, using: &random)).flatMap { place in
            tag(
                [0x8100, 0x88a8, 0x9100].randomElement(using: &random) ?? 0,
                priority: Int.random(in: 0...7, using: &random), dei: Bool.random(using: &random),
                place == 0 ? Int.random(in: 1...4094, using: &random) : Int.random(in: 0...4095, using: &random))
        }
    }

    // MARK: Comparisons

    private static let everything = "allow: 1-4094, native: 1"

    /// The kinds of tags that tcprewrite pushes, as it and as weir calls them.
    private static let kinds = [("802.1q", "8021q"), ("802.1ad", "8021ad")]

    @Test func theShippedCaptureWithoutItsTags() throws {
        try compare(clusterCapture, "{ \(Self.everything) }", with: [["--enet-vlan=del"]])
    }

    @Test(arguments: kinds) func theShippedCaptureWithATagMore(proto: String, tpid: String) throws {
        for (priority, cfi) in [(0, 0), (5, 0), (7, 1)] {
            try compare(
                clusterCapture,
                "{ \(Self.everything), tag: keep, service: 300, priority: \(priority), drop-eligible: \(cfi == 1), "
                    + "tpid: \(tpid) }",
                with: [add(300, priority: priority, cfi: cfi, proto: proto)])
        }
    }

    @Test func randomFramesWithoutTheirOutermostTag() throws {
        for seed in Self.seed..<Self.seed + 5 {
            var random = SeededRandom(seed: seed)
            let folder = try Folder()
            let path = try write(capture(400, &random, tags: randomTags), to: folder)
            try compare(path, "{ \(Self.everything) }", with: [["--enet-vlan=del"]], note: "seed \(seed)")
        }
    }

    @Test(arguments: kinds) func randomFramesWithATagMore(proto: String, tpid: String) throws {
        for seed in Self.seed..<Self.seed + 5 {
            var random = SeededRandom(seed: seed)
            let folder = try Folder()
            let path = try write(capture(400, &random, tags: randomTags), to: folder)
            let (identifier, priority) = (
                Int.random(in: 1...4094, using: &random), Int.random(in: 0...7, using: &random)
            )
            let cfi = Int.random(in: 0...1, using: &random)
            try compare(
                path,
                "{ \(Self.everything), tag: keep, service: \(identifier), priority: \(priority), "
                    + "drop-eligible: \(cfi == 1), tpid: \(tpid) }",
                with: [add(identifier, priority: priority, cfi: cfi, proto: proto)], note: "seed \(seed)")
        }
    }

    /// `push` gives frames without a tag that of the native VLAN.
    @Test(arguments: kinds) func untaggedFramesWithTheNativeVLANsTag(proto: String, tpid: String) throws {
        var random = SeededRandom(seed: Self.seed)
        let folder = try Folder()
        let path = try write(capture(400, &random) { _ in [] }, to: folder)
        try compare(
            path, "{ allow: 77, native: 77, tag: push, priority: 3, drop-eligible: true, tpid: \(tpid) }",
            with: [add(77, priority: 3, cfi: 1, proto: proto)], note: "seed \(Self.seed)")
    }

    /// tcprewrite cannot translate; taking the tag off and putting one on with the priority that it had comes to the same.
    @Test(arguments: kinds) func translatedFrames(proto: String, tpid: String) throws {
        for priority in 0...7 {
            let dei = priority % 3 == 0
            let seed = Self.seed + UInt64(priority)
            var random = SeededRandom(seed: seed)
            let folder = try Folder()
            let outer = tag(tpid == "8021q" ? 0x8100 : 0x88a8, priority: priority, dei: dei, 20)
            let capture = capture(100, &random) { random in outer + (randomTags(&random).prefix(8)) }
            try compare(
                try write(capture, to: folder), "{ allow: 20, translate: { 20: 10 }, tag: keep }",
                with: [["--enet-vlan=del"], add(10, priority: priority, cfi: dei ? 1 : 0, proto: proto)],
                note: "seed \(seed)")
        }
    }
}
