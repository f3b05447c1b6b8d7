import Foundation
import WeirTesting

/// The frames of a capture in Recordings/ (pcap, little-endian), read without weir's help.
func recordedFrames(_ name: String) throws -> [TestFrame] {
    let octets = try [UInt8](Data(contentsOf: recordingsFolder.appendingPathComponent(name)))
    var frames: [TestFrame] = []
    var offset = 24
    while offset + 16 <= octets.count {
        let length = octets[offset + 8..<offset + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
        frames.append(TestFrame([UInt8](octets[offset + 16..<offset + 16 + length])))
        offset += 16 + length
    }
    return frames
}

/// The lines of a text in Recordings/, cut into words.
func recordedWords(_ name: String) throws -> [[String]] {
    let text = try String(contentsOf: recordingsFolder.appendingPathComponent(name), encoding: .utf8)
    return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
}

private let recordingsFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Recordings")
