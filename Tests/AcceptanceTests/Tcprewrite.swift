import Foundation
import Testing

/// The capture that tcprewrite, of the Debian package tcpreplay, makes of the one at `path`, as octets of a file.
///
/// Byte order and precision are those of the input. The file header may differ from weir's in its snap length; compare
/// `records`.
func tcprewrite(_ arguments: [String], input path: String) throws -> [UInt8] {
    let folder = try Folder()
    let output = folder.path("rewritten.pcap")
    let command = try Command("/usr/bin/tcprewrite", arguments + ["--infile", path, "--outfile", output])
    try #require(command.status == 0, "tcprewrite \(arguments.joined(separator: " ")): \(command.errors)")
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: output)))
}

/// The frames of a classic capture of this machine's byte order, each with its record header: what two captures that may
/// differ in their file headers are compared by.
func records(_ capture: [UInt8]) -> [ArraySlice<UInt8>] {
    var records: [ArraySlice<UInt8>] = []
    var start = 24
    while start + 16 <= capture.count {
        let length = (0..<4).reduce(0) { $0 | Int(capture[start + 8 + $1]) << (8 * $1) }
        let end = min(start + 16 + length, capture.count)
        records.append(capture[start..<end])
        start = end
    }
    return records
}
