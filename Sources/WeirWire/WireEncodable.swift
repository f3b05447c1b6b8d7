// How this module is laid out.
//
// One protocol, one file, named as its RFC names it, and two kinds of type in it:
//
// - A *view* reads octets where they lie. It is named after the unit of its layer (`EthernetFrame`, `IPv4Packet`,
//   `TCPSegment`, `UDPDatagram`, `IGMPMessage`), cannot outlive them, and is made by a failable initializer from the
//   octets between the first one of its header and the end of what the layer below declares. The initializer makes
//   the only check; afterwards every accessor answers, whatever the octets are. A view shows what is on the wire and
//   judges nothing: checksums, for example, are verified by whoever asks. Its `payload` ends where its own header
//   says, so it never contains the padding of a short Ethernet frame.
// - A *value* is what a stage keeps or sends: addresses, a `VLANTag`, and the encodable values, named `…Header` where
//   a payload follows (`EthernetHeader`, `IPv4Header`, `UDPHeader`) and after their meaning where none does
//   (`IGMPQuery`, `IGMPContents`). An encodable value writes all of its octets; none is left as it was.
//
// Headers that carry a checksum over their payload are written last: first the payload behind them, then UDP, TCP or
// ICMP, then IP, then Ethernet. The offsets of the fields are nested in a view (`IPv4Packet.Field.timeToLive`), for
// stages that change a field in place. What IGMP and MLD have in common is generic over the address or the message
// (`MembershipRecord`, `QuerierLayout`).
//
// While a view is in a variable, the packet under it is borrowed and cannot be written. Read in an expression, or in
// a function that returns values, and write after it: `if let tag = EthernetFrame(packet.bytes)?.outerTag { … }`.

/// A value that can write itself as octets.
public protocol WireEncodable: Sendable {
    /// The number of octets that `encode(into:at:)` writes, the payload behind a header not included.
    var encodedLength: Int { get }

    /// Writes the value at `offset`.
    /// - Returns: the octets written: `encodedLength`; or 0, with nothing written, when they or the payload that a
    ///   header declares would not lie inside the span, or when a length does not fit in its field.
    @discardableResult
    func encode(into span: inout MutableRawSpan, at offset: Int) -> Int
}
