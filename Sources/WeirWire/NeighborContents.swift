// Neighbor Solicitations and Advertisements as values: what a stage keeps of one that arrived, and what it sends.

/// Why a Neighbor Solicitation or Advertisement must be ignored; one with several faults has the first of them, in this
/// order.
public enum NeighborFault: Error, Hashable, Sendable, CaseIterable {
    /// The packet is a fragment (RFC 6980 §5).
    case fragment
    /// The message is shorter than 24 octets, or an option has length 0 or doesn't end inside it (RFC 4861 §7.1).
    case length
    /// The message does not sum up with its checksum.
    case checksum
    /// The code is not 0.
    case code
    /// The hop limit is not 255: the packet may come from another link.
    case hopLimit
    /// The target is a group.
    case target
    /// A solicitation without source goes elsewhere than to a solicited-node group, or has a link-layer address
    /// (RFC 4861 §7.1.1); an advertisement to a group says that it was solicited (RFC 4861 §7.1.2).
    case addressing
}

/// A Neighbor Solicitation or a Neighbor Advertisement (RFC 4861 §4.3, §4.4).
public enum NeighborContents: Hashable, Sendable {
    /// Who has the target? The address is the sender's, nil in a probe for duplicates and where it is left out.
    case solicitation(target: IPv6Address, source: MACAddress?)
    /// The target has this address.
    case advertisement(target: IPv6Address, address: MACAddress?, flags: NeighborFlags)

    /// The contents of `message`, nil for the other three messages. Checksum and validity are not looked at.
    public init?(_ message: NeighborMessage) {
        switch message.type {
        case .neighborSolicitation:
            self = .solicitation(
                target: message.targetAddress, source: message.address(of: .sourceLinkLayerAddress))
        case .neighborAdvertisement:
            self = .advertisement(
                target: message.targetAddress, address: message.address(of: .targetLinkLayerAddress),
                flags: message.flags)
        default: return nil
        }
    }

    /// The octets of the message, with its option if it has one.
    public var encodedLength: Int {
        NeighborMessage.Field.options + (address == nil ? 0 : NeighborOption.linkLayerAddressLength)
    }

    private var address: MACAddress? {
        switch self {
        case .solicitation(_, let source): source
        case .advertisement(_, let address, _): address
        }
    }

    /// Writes the message at `offset`, with a checksum that includes what `pseudoHeader` does of the IPv6 header.
    /// - Returns: the octets written: `encodedLength`; or 0, with nothing written, when they would not lie inside the
    ///   span.
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int, pseudoHeader: PseudoHeader) -> Int {
        let length = encodedLength
        guard span.holds(length, at: offset) else { return 0 }
        let (type, target, flags, option): (ICMPv6Type, IPv6Address, NeighborFlags, NeighborOption) =
            switch self {
            case .solicitation(let target, _): (.neighborSolicitation, target, [], .sourceLinkLayerAddress)
            case .advertisement(let target, _, let flags):
                (.neighborAdvertisement, target, flags, .targetLinkLayerAddress)
            }
        span.store(target, at: offset + NeighborMessage.Field.targetAddress)
        if let address {
            let place = offset + NeighborMessage.Field.options
            span.store(option.rawValue, at: place)
            span.store(UInt8(NeighborOption.linkLayerAddressLength / 8), at: place + 1)
            span.store(address, at: place + 2)
        }
        ICMPv6Header(
            type: type, restOfHeader: UInt32(flags.rawValue) << 24, payloadLength: length - ICMPField.headerLength,
            pseudoHeader: pseudoHeader
        ).encode(into: &span, at: offset)
        return length
    }
}
