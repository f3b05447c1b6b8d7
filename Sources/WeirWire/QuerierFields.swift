// What a querier tells in a query of IGMP version 3 and MLD version 2, behind the group: RFC 3376 §4.1, RFC 3810 §5.1.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+-+-----+---------------+-------------------------------+
//    | Resv  |S| QRV |     QQIC      |     Number of Sources (N)     |
//    +-------+-+-----+---------------+-------------------------------+
//    |      Source Addresses, N of 4 octets in IGMP, 16 in MLD       |
//    +---------------------------------------------------------------+

/// The layout that queries of IGMP version 3 and MLD version 2 have in common.
public protocol QuerierLayout: ~Escapable {
    /// The addresses of the family.
    associatedtype Address: IPAddress
    /// Where the four octets before the sources begin.
    static var querierFieldsOffset: Int { get }
    /// The octets of the message.
    var bytes: RawSpan {
        @_lifetime(copy self)
        get
    }
}

extension QuerierLayout where Self: ~Escapable {
    /// Where the sources begin, and what a query of these versions has at least.
    @inlinable static var sourcesOffset: Int { querierFieldsOffset &+ 4 }

    /// S Flag: routers shall not update their timers for this query (RFC 3376 §4.1.5, RFC 3810 §5.1.7).
    @inlinable public var suppressRouterSideProcessing: Bool { bytes.uint8(at: Self.querierFieldsOffset) & 8 != 0 }
    /// QRV: the Robustness Variable of the querier, 0 when it is above 7 (RFC 3376 §4.1.6, RFC 3810 §5.1.8).
    @inlinable public var querierRobustnessVariable: UInt8 { bytes.uint8(at: Self.querierFieldsOffset) & 7 }
    /// QQIC decoded: the Query Interval of the querier, in seconds (RFC 3376 §4.1.7, RFC 3810 §5.1.9).
    @inlinable public var querierQueryInterval: Int {
        IGMPFloatCode.decode(bytes.uint8(at: Self.querierFieldsOffset &+ 1))
    }
    /// The Number of Sources in a query, as it is declared (RFC 3376 §4.1.8, RFC 3810 §5.1.10).
    @inlinable public var sourceCount: Int { Int(bytes.uint16(at: Self.querierFieldsOffset &+ 2)) }
    /// The source with the given number in a query, from 0; the unspecified address where there is none
    /// (RFC 3376 §4.1.9, RFC 3810 §5.1.11).
    @inlinable
    public func source(at index: Int) -> Address {
        bytes.address(at: Self.sourcesOffset, index: index, of: sourceCount)
    }

    /// Whether the octets reach to the end of the declared sources.
    @inlinable var holdsSources: Bool {
        bytes.byteCount >= Self.sourcesOffset
            && bytes.holds(sourceCount &* Address.octetCount, at: Self.sourcesOffset)
    }
}

/// The same as values: what queries of both families carry in these versions.
protocol QuerierFields {
    associatedtype Address: IPAddress
    var suppressRouterSideProcessing: Bool { get set }
    var querierRobustnessVariable: UInt8 { get set }
    var querierQueryInterval: Int { get set }
    var sources: [Address] { get set }
}

extension QuerierFields {
    /// The octets of the fields and the sources.
    var querierFieldsLength: Int { 4 + sources.count * Address.octetCount }

    /// Takes the fields from a message that holds its sources.
    mutating func takeQuerierFields<Message>(of message: Message)
    where Message: QuerierLayout & ~Escapable, Message.Address == Address {
        suppressRouterSideProcessing = message.suppressRouterSideProcessing
        querierRobustnessVariable = message.querierRobustnessVariable
        querierQueryInterval = message.querierQueryInterval
        sources = message.bytes.addresses(at: Message.sourcesOffset, count: message.sourceCount)
    }

    /// Stores the fields and the sources at `offset`.
    func storeQuerierFields(in span: inout MutableRawSpan, at offset: Int) {
        let robustness = querierRobustnessVariable > 7 ? 0 : querierRobustnessVariable
        span.store((suppressRouterSideProcessing ? 8 : 0) | robustness, at: offset)
        span.store(IGMPFloatCode.encode(querierQueryInterval), at: offset &+ 1)
        span.store(UInt16(truncatingIfNeeded: sources.count), at: offset &+ 2)
        span.store(sources, at: offset &+ 4)
    }
}
