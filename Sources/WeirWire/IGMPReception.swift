/// What a received frame says about group membership.
public enum IGMPReception: Hashable, Sendable {
    /// It carries no IGMP.
    case other
    /// It carries IGMP that a host must ignore: a fragment, a wrong checksum or length, a group that is none, a general
    /// query to another address than 224.0.0.1 or a specific one to another than its group.
    case invalid
    case message(IGMPFrame)

    /// Reads a frame from its destination address on. The message's length is the IP packet's: an Ethernet frame is padded,
    /// and a padded version 2 query must not be taken for a longer one of version 3 (RFC 3376 §7.1).
    public init(_ bytes: RawSpan) {
        guard let frame = EthernetFrame(bytes), frame.etherType == .ipv4 else {
            self = .other
            return
        }
        guard let packet = IPv4Packet(frame.payload) else {
            // Cut off, or with a wrong length; the protocol tells whom it would have been for.
            let number = IPProtocol(rawValue: frame.payload.uint8(at: IPv4Packet.Field.protocolNumber))
            self = number == .igmp ? .invalid : .other
            return
        }
        guard packet.protocolNumber == .igmp else {
            self = .other
            return
        }
        guard !packet.isFragment, packet.headerChecksumIsValid, let message = IGMPMessage(packet.payload),
            message.checksumIsValid, let contents = IGMPContents(message)
        else {
            self = .invalid
            return
        }
        if case .query = contents, packet.destination != contents.destination {
            self = .invalid
            return
        }
        self = .message(
            IGMPFrame(
                sourceHardwareAddress: frame.source, source: packet.source, tag: frame.outerTag, contents: contents))
    }
}
