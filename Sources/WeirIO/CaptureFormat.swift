import Weir
import WeirWire

/// The reader for a file that starts with `bytes`, or what the file seems to be instead.
func recognise(_ bytes: RawSpan, _ name: String) throws -> any RecordReader {
    if let reader = PcapReader(bytes) {
        try requireEthernet(reader.linkType, name)
        return reader
    }
    if bytes.uint32(at: 0) == PcapngReader.sectionHeader { return PcapngReader() }
    throw StageFailure(
        "\(name): not a capture file: \(findings(bytes))",
        help: "weir reads classic pcap and pcapng; `editcap -F pcap` converts from other formats", status: .badData)
}

/// Link types other than Ethernet have no MAC addresses and no VLAN tags for stages to work on.
func requireEthernet(_ linkType: Int, _ name: String) throws {
    guard linkType != ethernetLinkType else { return }
    throw StageFailure(
        "\(name): link type \(describe(linkType: linkType)) instead of Ethernet (1)",
        help: useEthernet, status: .badData)
}

let useEthernet = "capture on an Ethernet interface; `-i any` gives link type 113 or 276"

/// The number of a link type, and its name if it is a common one.
func describe(linkType: Int) -> String { "\(linkType)" + (knownLinkTypes[linkType].map { " (\($0))" } ?? "") }

private let knownLinkTypes = [
    0: "BSD loopback", 101: "raw IP", 105: "IEEE 802.11", 113: "Linux cooked v1", 127: "802.11 radiotap",
    228: "raw IPv4", 229: "raw IPv6", 276: "Linux cooked v2",
]

private func findings(_ bytes: RawSpan) -> String {
    if bytes.byteCount == 0 { return "it is empty" }
    let magic = bytes.uint32(at: 0)
    if magic >> 16 == 0x1f8b { return "it is compressed with gzip; decompress it first (`gunzip`)" }
    if magic == 0x28b5_2ffd { return "it is compressed with zstd; decompress it first (`unzstd`)" }
    if magic == 0xfd37_7a58 { return "it is compressed with xz; decompress it first (`unxz`)" }
    if bytes.byteCount < PcapReader.fileHeaderLength, PcapReader.isMagic(magic) {
        return "it ends inside the file header, at offset \(bytes.byteCount) of \(PcapReader.fileHeaderLength)"
    }
    let octets = (0..<min(4, bytes.byteCount)).map { offset in
        let octet = String(bytes.uint8(at: offset), radix: 16)
        return octet.count == 1 ? "0" + octet : octet
    }
    return "it starts with the octets \(octets.joined(separator: " "))"
}
