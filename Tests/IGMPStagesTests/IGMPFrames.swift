import Testing
import Weir
import WeirTesting
import WeirWire

// Frames with IGMP messages, as routers and other hosts send them, and frames that no sender should make.

/// A frame with a query, as a router sends it.
func query(
    at time: Duration, _ version: IGMPVersion = .version2, group: IPv4Address = .unspecified,
    sources: [IPv4Address] = [], tenths: Int = 100, tag: VLANTag? = nil
) -> TestFrame {
    var query = IGMPQuery(version: version, groupAddress: group, maxResponseTime: tenths)
    query.sources = sources
    return frame(at: time, .query(query), tag: tag)
}

/// A frame that another system on the network sends.
func frame(
    at time: Duration, _ contents: IGMPContents, from mac: MACAddress = MACAddress(2, 0, 0, 0, 0, 9),
    source: IPv4Address = IPv4Address(10, 0, 0, 1), tag: VLANTag? = nil
) -> TestFrame {
    let frame = IGMPFrame(sourceHardwareAddress: mac, source: source, tag: tag, contents: contents)
    return TestFrame(at: time, octets(frame, length: frame.encodedLength))
}

/// What is sent of a value, over memory that isn't zero.
func octets(_ value: some WireEncodable, length: Int) -> [UInt8] {
    var octets = [UInt8](repeating: 0xa5, count: length)
    var span = octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    #expect(value.encode(into: &bytes, at: 0) == length)
    return octets
}

/// What a frame says about membership in IPv4 groups.
func reception(_ frame: TestFrame) -> IGMPReception { unsafe IGMPReception(frame.octets.span.bytes) }

/// How a frame with any octets as its message differs from a valid one.
struct FrameFault: Sendable {
    /// What the checksum of the message is wrong by.
    var checksum: UInt8 = 0
    /// What the checksum of the IP header is wrong by.
    var headerChecksum: UInt8 = 0
    /// Version and header length; 0x46 has Router Alert.
    var versionAndLength: UInt8 = 0x46
    /// Flags and fragment offset.
    var flags: UInt16 = 0
    var timeToLive: UInt8 = 1
    var source = IPv4Address(10, 0, 0, 1)
    /// How many octets the IP packet claims to be longer than it is.
    var excess = 0
}

/// A frame with any octets as its IGMP message; the checksums are put right unless a fault says otherwise.
func igmpFrame(
    at time: Duration = .seconds(50), _ message: [UInt8], to destination: IPv4Address = .allSystems,
    _ fault: FrameFault = FrameFault(), padding: [UInt8] = []
) -> TestFrame {
    var message = message
    if message.count >= 4 {
        (message[2], message[3]) = (0, 0)
        let sum = ~onesComplementSum(message)
        (message[2], message[3]) = (UInt8(sum >> 8), UInt8(sum & 0xff) ^ fault.checksum)
    }
    let options: [UInt8] = fault.versionAndLength & 0xf > 5 ? [0x94, 4, 0, 0] : []
    let length = UInt16(20 + options.count + message.count + fault.excess)
    var header: [UInt8] = [fault.versionAndLength, 0xc0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0]
    header += [UInt8(fault.flags >> 8), UInt8(fault.flags & 0xff), fault.timeToLive, 2, 0, 0]
    header += octets(fault.source) + octets(destination) + options
    let sum = ~onesComplementSum(header)
    (header[10], header[11]) = (UInt8(sum >> 8), UInt8(sum & 0xff) ^ fault.headerChecksum)
    let group = octets(destination)
    let ethernet = [1, 0, 0x5e, group[1] & 0x7f, group[2], group[3], 2, 0, 0, 0, 0, 9, 8, 0]
    return TestFrame(at: time, ethernet + header + message + padding)
}

/// The octets of an address, in the order of the wire.
func octets(_ address: IPv4Address) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: address.rawValue >> (24 - 8 * UInt32($0))) }
}

/// Written anew here, so that the sender's own arithmetic isn't its judge (RFC 1071).
func onesComplementSum(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: octets.count, by: 2) {
        sum += UInt32(octets[index]) << 8 | UInt32(index + 1 < octets.count ? octets[index + 1] : 0)
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return UInt16(sum)
}
