// IPv6 extension headers: RFC 8200 §4, Authentication Header RFC 4302 §2, Router Alert RFC 2711 §2.1.
//
//    hop-by-hop options, routing,         fragment
//    destination options
//    +-------------+-------------+---     +-------------+-------------+-------------------------+---+-+
//    | Next Header |   Length    |        | Next Header |  Reserved   |  Fragment Offset (13)   |Res|M|
//    +-------------+-------------+---     +-------------+-------------+-------------------------+---+-+
//    Length: 8 octets each, less the      |                      Identification                       |
//    first; in AH 4 octets each, less     +-----------------------------------------------------------+
//    the first two

extension IPv6Packet {
    /// What the chain of extension headers leads to.
    @frozen
    public struct UpperLayer: Hashable, Sendable {
        /// What is there: a transport, ESP, "no next header", or an extension header that is not walked.
        public let protocolNumber: IPProtocol
        /// Where it is, in octets from the start of the packet.
        public let offset: Int
        /// Whether there was a fragment header (RFC 8200 §4.5).
        public let isFragment: Bool
        /// Where the fragment belongs in the fragmentable part, in octets; behind 0 there is no transport header.
        public let fragmentOffset: Int
        /// M, this is not the last fragment (RFC 8200 §4.5).
        public let moreFragments: Bool
        /// What the fragments of one packet have in common, 0 without a fragment header (RFC 8200 §4.5).
        public let identification: UInt32
        /// Whether there was an Authentication Header in front of it (RFC 4302).
        public let isAuthenticated: Bool

        /// - Parameter fragmentHeader: its eight octets.
        @inlinable
        init(_ protocolNumber: IPProtocol, offset: Int, fragmentHeader: UInt64?, isAuthenticated: Bool) {
            self.isAuthenticated = isAuthenticated
            let header = fragmentHeader ?? 0
            self.protocolNumber = protocolNumber
            self.offset = offset
            isFragment = fragmentHeader != nil
            fragmentOffset = Int(header >> 32 & 0xfff8)
            moreFragments = header >> 32 & 1 != 0
            identification = UInt32(truncatingIfNeeded: header)
        }
    }

    /// The number of extension headers that are walked.
    @inlinable public static var maximumExtensionHeaderCount: Int { 8 }

    /// What follows the extension headers, nil when one of them is cut short or there are more than eight.
    ///
    /// The walk goes through hop-by-hop options, routing, fragment, destination options and AH, in any order, and ends
    /// at everything else and behind the header of a fragment other than the first.
    @inlinable
    public var upperLayer: UpperLayer? {
        var next = nextHeader
        var offset = Self.headerLength
        var fragmentHeader: UInt64?
        var isAuthenticated = false
        func found() -> UpperLayer {
            UpperLayer(next, offset: offset, fragmentHeader: fragmentHeader, isAuthenticated: isAuthenticated)
        }
        for _ in 0...Self.maximumExtensionHeaderCount {
            guard let length = extensionLength(next, at: offset) else { return found() }
            guard bytes.holds(length, at: offset) else { return nil }
            if next == .fragment { fragmentHeader = bytes.uint64(at: offset) }
            if next == .ah { isAuthenticated = true }
            let isLaterFragment = next == .fragment && (fragmentHeader ?? 0) >> 32 & 0xfff8 != 0
            next = IPProtocol(rawValue: bytes.uint8(at: offset))
            offset &+= length
            if isLaterFragment { return found() }
        }
        return nil
    }

    /// The octets from the upper layer to the end of the packet, empty when `upperLayer` is nil.
    @inlinable
    public var upperLayerPayload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: upperLayer?.offset ?? bytes.byteCount) }
    }

    /// The length of the extension header at `offset` in octets, at least 8, nil for what is not walked.
    @inlinable
    func extensionLength(_ header: IPProtocol, at offset: Int) -> Int? {
        let length = Int(bytes.uint8(at: offset &+ 1))
        return switch header {
        case .hopByHopOptions, .routing, .destinationOptions: (length &+ 1) &* 8
        case .ah: (length &+ 2) &* 4
        case .fragment: 8
        default: nil
        }
    }

    /// Whether something else than an upper layer follows a next header of this number: an extension that is walked.
    @inlinable
    static func isExtension(_ header: IPProtocol) -> Bool {
        switch header {
        case .hopByHopOptions, .routing, .destinationOptions, .ah, .fragment: true
        default: false
        }
    }

    /// The value of the Router Alert in the hop-by-hop options, 0 for MLD, nil without it (RFC 2711 §2.1).
    @inlinable
    public var routerAlert: UInt16? {
        guard nextHeader == .hopByHopOptions, let length = extensionLength(nextHeader, at: Self.headerLength) else {
            return nil
        }
        let header = bytes.octets(from: Self.headerLength, count: length)
        var offset = 2
        while offset < header.byteCount {
            let option = header.uint8(at: offset)
            let valueLength = Int(header.uint8(at: offset &+ 1))
            if option == 5, valueLength == 2, header.holds(4, at: offset) { return header.uint16(at: offset &+ 2) }
            // Pad1, type 0, is the only option without a length (RFC 8200 §4.2).
            offset &+= option == 0 ? 1 : 2 &+ valueLength
        }
        return nil
    }
}
