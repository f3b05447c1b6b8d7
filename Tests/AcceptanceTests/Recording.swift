import Foundation

/// A capture (pcap, little-endian, microseconds), read and written without weir's help.
struct Recording {
    struct Frame: Hashable {
        /// Since the epoch.
        let microseconds: Int
        let octets: [UInt8]
    }

    private let header: [UInt8]
    var frames: [Frame] = []

    init(_ path: String) throws {
        let file = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        guard file.count >= 24, Self.number(file, at: 0) == 0xa1b2_c3d4 else { throw CocoaError(.fileReadCorruptFile) }
        header = Array(file[..<24])
        var offset = 24
        while offset + 16 <= file.count {
            let (seconds, micros) = (Self.number(file, at: offset), Self.number(file, at: offset + 4))
            let end = offset + 16 + Self.number(file, at: offset + 8)
            guard end <= file.count else { throw CocoaError(.fileReadCorruptFile) }
            frames.append(Frame(microseconds: seconds * 1_000_000 + micros, octets: Array(file[offset + 16..<end])))
            offset = end
        }
    }

    func write(to path: String) throws {
        var file = header
        for frame in frames {
            let (seconds, micros) = frame.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
            for number in [seconds, micros, frame.octets.count, frame.octets.count] {
                file += (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            }
            file += frame.octets
        }
        try Data(file).write(to: URL(fileURLWithPath: path))
    }

    private static func number(_ file: [UInt8], at offset: Int) -> Int {
        file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
