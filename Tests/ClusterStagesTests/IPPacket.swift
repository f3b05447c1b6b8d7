import WeirTesting
import WeirWire

/// An IP packet of which a test decides on every field. Checksums are left out: the filter reads none.
struct IPPacket {
    var source: AnyIPAddress
    var destination: AnyIPAddress
    var protocolNumber: IPProtocol
    /// What lies behind the headers; of a fragment, its part.
    var payload: [UInt8]
    var identification: UInt32 = 0
    /// Where the fragment belongs, in octets.
    var offset = 0
    var moreFragments = false
    /// Of IPv4, a multiple of four octets.
    var options: [UInt8] = []
    /// Of IPv6, headers of eight octets in front of all others.
    var extensions: [IPProtocol] = []
    /// Of IPv6, also where nothing is cut: an atomic fragment (RFC 6946).
    var hasFragmentHeader = false

    init(from source: AnyIPAddress, to destination: AnyIPAddress, _ protocolNumber: IPProtocol, _ payload: [UInt8]) {
        (self.source, self.destination) = (source, destination)
        (self.protocolNumber, self.payload) = (protocolNumber, payload)
    }

    var octets: [UInt8] {
        switch (source, destination) {
        case (.ipv4(let source), .ipv4(let destination)): header(from: source, to: destination) + payload
        case (.ipv6(let source), .ipv6(let destination)): headers(from: source, to: destination) + payload
        default: []
        }
    }

    private func header(from source: IPv4Address, to destination: IPv4Address) -> [UInt8] {
        let fragmentation = UInt16(offset / 8) | (moreFragments ? 0x2000 : 0)
        return [0x45 + UInt8(options.count / 4), 0] + bigEndian(UInt16(20 + options.count + payload.count))
            + bigEndian(UInt16(truncatingIfNeeded: identification)) + bigEndian(fragmentation)
            + [64, protocolNumber.rawValue, 0, 0] + bigEndian(source.rawValue) + bigEndian(destination.rawValue)
            + options
    }

    private func headers(from source: IPv6Address, to destination: IPv6Address) -> [UInt8] {
        var numbers = extensions
        let isFragment = hasFragmentHeader || offset > 0 || moreFragments
        if isFragment { numbers.append(.fragment) }
        var chain: [UInt8] = []
        for (place, number) in numbers.enumerated() {
            let next = place + 1 < numbers.count ? numbers[place + 1] : protocolNumber
            chain += [next.rawValue, 0]
            // Of options and routing headers, PadN and no segments left.
            chain +=
                number == .fragment
                ? bigEndian(UInt16(offset) | (moreFragments ? 1 : 0)) + bigEndian(identification) : [1, 4, 0, 0, 0, 0]
        }
        return [0x60, 0, 0, 0] + bigEndian(UInt16(chain.count + payload.count))
            + [(numbers.first ?? protocolNumber).rawValue, 64]
            + bigEndian(source.high) + bigEndian(source.low) + bigEndian(destination.high) + bigEndian(destination.low)
            + chain
    }

    /// The packet in fragments that begin at these octets, multiples of eight, and at 0.
    func fragments(at cuts: Int..., identification: UInt32) -> [IPPacket] {
        zip([0] + cuts, cuts + [payload.count]).map { begin, end in
            var fragment = self
            fragment.identification = identification
            fragment.payload = [UInt8](payload[begin..<end])
            fragment.offset = begin
            fragment.moreFragments = end < payload.count
            return fragment
        }
    }

    /// The packet in a frame, behind `tags`, the outermost first.
    func frame(
        at time: Duration = .zero, to mac: MACAddress = multicastMAC, tags: [UInt16] = []
    ) -> TestFrame {
        let type: EtherType = if case .ipv4 = source { .ipv4 } else { .ipv6 }
        let tagged = tags.enumerated().flatMap { place, identifier in
            tag(identifier, tpid: place + 1 < tags.count ? 0x88a8 : 0x8100)
        }
        return TestFrame(
            at: time, macOctets(mac) + macOctets(clientMAC) + tagged + bigEndian(type.rawValue) + octets)
    }
}

/// The octets of a number as they go over the wire.
func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
}

private func macOctets(_ address: MACAddress) -> [UInt8] { [UInt8](bigEndian(address.rawValue)[2...]) }

/// A TCP segment without options, with `data` octets behind its header.
func tcp(_ sourcePort: UInt16, _ destinationPort: UInt16, _ flags: TCPFlags, data: Int = 0) -> [UInt8] {
    bigEndian(sourcePort) + bigEndian(destinationPort) + [UInt8](repeating: 0, count: 8) + [0x50, flags.rawValue]
        + [0xff, 0xff, 0, 0, 0, 0] + [UInt8](repeating: 0xaa, count: data)
}

/// A UDP datagram with `data` octets behind its header.
func udp(_ sourcePort: UInt16, _ destinationPort: UInt16, data: Int = 0) -> [UInt8] {
    bigEndian(sourcePort) + bigEndian(destinationPort) + bigEndian(UInt16(8 + data)) + [0, 0]
        + [UInt8](repeating: 0xbb, count: data)
}

/// An ICMP or ICMPv6 message that quotes something.
func icmp(_ type: UInt8, code: UInt8 = 0, about quoted: [UInt8] = []) -> [UInt8] {
    [type, code, 0, 0, 0, 0, 0, 0] + quoted
}
