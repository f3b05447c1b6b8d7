import WeirTesting
import WeirWire

// The cluster of these tests, with a client and a peer.
let clusterIPv4 = IPv4Address(10, 0, 0, 100)
let clusterIPv6 = IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x64)
let dedicated = IPv4Address(10, 0, 0, 11)
let dedicatedIPv6 = IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x11)
let client = IPv4Address(10, 0, 0, 9)
let clientIPv6 = IPv6Address(high: 0x2001_0db8_0000_0000, low: 9)
let clientMAC = MACAddress(2, 0, 0, 0, 0, 9)
let realMAC = MACAddress(0x52, 0x54, 0, 0, 0, 1)
let virtualMACs = ClusterMode.allCases.map { NLBAddresses(cluster: clusterIPv4).mac(in: $0) }
let sharedMAC = virtualMACs[0]
let multicastMAC = virtualMACs[1]

/// What host `id` sends with in unicast mode.
func masked(_ id: Int) -> MACAddress { NLBAddresses(cluster: clusterIPv4).maskedMAC(hostID: id) }

/// The octets that a value writes.
func octets(_ value: some WireEncodable) -> [UInt8] { octets(value.encodedLength) { value.encode(into: &$0, at: 0) } }

/// `count` octets, zero but for what `fill` writes.
func octets(_ count: Int, _ fill: (inout MutableRawSpan) -> Void) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: count)
    var elements = octets.mutableSpan
    // Octets have no padding, and any value is one.
    var span = unsafe elements.mutableBytes
    fill(&span)
    return octets
}

/// What `body` reads in octets.
func reading<Result>(_ octets: [UInt8], _ body: (RawSpan) -> Result) -> Result { body(unsafe octets.span.bytes) }

/// An Ethernet header with up to two tags.
func header(from source: MACAddress, to destination: MACAddress, _ tags: VLANTag...) -> EthernetHeader {
    EthernetHeader(
        destination: destination, source: source, outerTag: tags.first, innerTag: tags.dropFirst().first,
        etherType: .arp)
}

/// A frame with an ARP packet, padded to 60 octets.
func arpFrame(
    _ ethernet: EthernetHeader, _ operation: ARPOperation, _ sender: (MACAddress, IPv4Address),
    _ target: (MACAddress, IPv4Address)
) -> [UInt8] {
    let arp = ARPHeader(
        operation: operation, senderHardwareAddress: sender.0, senderProtocolAddress: sender.1,
        targetHardwareAddress: target.0, targetProtocolAddress: target.1)
    return octets(max(60, ethernet.encodedLength + 28)) {
        arp.encode(into: &$0, at: ethernet.encodedLength)
        ethernet.encode(into: &$0, at: 0)
    }
}

/// A frame with a Neighbor Solicitation or Advertisement.
func neighborFrame(
    _ ethernet: EthernetHeader, from source: IPv6Address, to destination: IPv6Address, _ contents: NeighborContents
) -> [UInt8] {
    octets(NeighborFrame(ethernetHeader: ethernet, source: source, destination: destination, contents: contents))
}

/// A frame with a UDP datagram of 26 octets.
func udpFrame(_ ethernet: EthernetHeader, from source: IPv4Address, to destination: IPv4Address) -> [UInt8] {
    var ethernet = ethernet
    ethernet.etherType = .ipv4
    let ip = IPv4Header(source: source, destination: destination, protocolNumber: .udp, payloadLength: 34)
    let udp = UDPHeader(sourcePort: 1024, destinationPort: 80, payloadLength: 26, pseudoHeader: ip.pseudoHeader)
    return octets(ethernet.encodedLength + 54) {
        udp.encode(into: &$0, at: ethernet.encodedLength + 20)
        ip.encode(into: &$0, at: ethernet.encodedLength)
        ethernet.encode(into: &$0, at: 0)
    }
}

let nobody = MACAddress(rawValue: 0)
