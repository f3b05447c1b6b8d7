import Testing
import Weir
import WeirTesting
import WeirWire

// Frames with MLD messages, as routers and other hosts send them, and frames that no sender should make.

/// A frame with a query, as a router sends it.
func mldQuery(
    at time: Duration, _ version: MLDVersion = .version2, group: IPv6Address = .unspecified,
    sources: [IPv6Address] = [], milliseconds: Int = 10_000, tag: VLANTag? = nil
) -> TestFrame {
    var query = MLDQuery(version: version, multicastAddress: group, maxResponseDelay: milliseconds)
    query.sources = sources
    return mldFrame(at: time, .query(query), tag: tag)
}

/// A frame that another system on the network sends.
func mldFrame(
    at time: Duration, _ contents: MLDContents, from mac: MACAddress = MACAddress(2, 0, 0, 0, 0, 9),
    tag: VLANTag? = nil
) -> TestFrame {
    let frame = MLDFrame(sourceHardwareAddress: mac, source: ip6("fe80::9"), tag: tag, contents: contents)
    return TestFrame(at: time, octets(frame, length: frame.encodedLength))
}

/// How a frame with any octets as its ICMPv6 message differs from a valid one.
struct MLDFault: Sendable {
    var checksum: UInt8 = 0
    var version: UInt8 = 6
    var hopLimit: UInt8 = 1
    var source = ip6("fe80::9")
    /// The header between IPv6 and the message: hop-by-hop options with Router Alert, or what a test puts there.
    var extensions: [UInt8] = [58, 0, 5, 2, 0, 0, 1, 0]
    /// Which of the extension headers is the first: 0 hop-by-hop options, 44 a fragment, 58 none.
    var nextHeader: UInt8 = 0
    /// How many octets the IP packet claims to be longer than it is.
    var excess = 0
}

/// A frame with any octets as its ICMPv6 message, the checksum put right unless a fault says otherwise.
func mldFrame(
    _ message: [UInt8], to destination: IPv6Address = .allNodes, _ fault: MLDFault = MLDFault(), padding: [UInt8] = []
) -> TestFrame {
    var message = message
    if message.count >= 4 {
        (message[2], message[3]) = (0, 0)
        let pseudoHeader =
            octets(fault.source) + octets(destination) + [0, 0, UInt8(message.count >> 8), UInt8(message.count & 0xff)]
            + [0, 0, 0, 58]
        let sum = ~onesComplementSum(pseudoHeader + message)
        (message[2], message[3]) = (UInt8(sum >> 8), UInt8(sum & 0xff) ^ fault.checksum)
    }
    let length = fault.extensions.count + message.count + fault.excess
    var header: [UInt8] = [fault.version << 4, 0, 0, 0, UInt8(length >> 8), UInt8(length & 0xff)]
    header += [fault.nextHeader, fault.hopLimit] + octets(fault.source) + octets(destination)
    let ethernet = [0x33, 0x33] + Array(octets(destination)[12...]) + [2, 0, 0, 0, 0, 9, 0x86, 0xdd]
    return TestFrame(at: .seconds(50), ethernet + header + fault.extensions + message + padding)
}

/// The octets of an address, in the order of the wire.
func octets(_ address: IPv6Address) -> [UInt8] {
    [address.high, address.low].flatMap { half in
        (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
}
