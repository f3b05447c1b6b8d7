// MLD messages as values: what a stage keeps of a message that arrived, and what it sends.

/// A Multicast Listener Query of either version (RFC 2710 §3, RFC 3810 §5.1).
public struct MLDQuery: Hashable, Sendable, QuerierFields {
    /// The version in which the query is sent, or was.
    public var version: MLDVersion
    /// The group that is queried, :: for all of them.
    public var multicastAddress: IPv6Address
    /// The time in which to answer, in milliseconds. Version 1 sends 0 to 65535, version 2 the next lower number that
    /// has a code (RFC 3810 §5.1.3).
    public var maxResponseDelay: Int
    /// S Flag of version 2.
    public var suppressRouterSideProcessing = false
    /// QRV of version 2; sent as 0 when it is above 7 (RFC 3810 §5.1.8).
    public var querierRobustnessVariable: UInt8 = 0
    /// QQIC of version 2, in seconds; sent as the next lower number that has a code (RFC 3810 §5.1.9).
    public var querierQueryInterval = 0
    /// The sources of version 2 that are queried, empty for all of them. Only a list that is not empty is allocated.
    public var sources: [IPv6Address] = []

    /// The query with the given fields, general unless it names a group; set the others for version 2.
    public init(version: MLDVersion, multicastAddress: IPv6Address = .unspecified, maxResponseDelay: Int = 10_000) {
        self.version = version
        self.multicastAddress = multicastAddress
        self.maxResponseDelay = maxResponseDelay
    }

    /// The query in `message`. The checksum is not looked at.
    /// - Throws: `unknownType` for what is no query, `length` for a length that has no version (RFC 3810 §8.1), `group`
    ///   for a group that is neither :: nor multicast, and for sources without a group.
    public init(_ message: MLDMessage) throws(MembershipFault) {
        guard message.type == .listenerQuery else { throw .unknownType }
        guard let version = message.queryVersion else { throw .length }
        let group = message.multicastAddress
        guard group.isUnspecified || group.isMulticast else { throw .group }
        self.init(version: version, multicastAddress: group)
        switch version {
        case .version1: maxResponseDelay = Int(message.maxResponseCode)
        case .version2:
            guard message.sourceCount == 0 || group.isMulticast else { throw .group }
            maxResponseDelay = MLDFloatCode.decode(message.maxResponseCode)
            takeQuerierFields(of: message)
        }
    }

    /// Whether the query is about all groups (RFC 3810 §5.1.13).
    public var isGeneral: Bool { multicastAddress.isUnspecified }

    /// The octets of the message.
    public var encodedLength: Int { MLDMessage.version1Length + (version == .version2 ? querierFieldsLength : 0) }

    /// The Maximum Response Code that is sent.
    fileprivate var maxResponseCode: UInt16 {
        switch version {
        case .version1: UInt16(clamping: maxResponseDelay)
        case .version2: MLDFloatCode.encode(maxResponseDelay)
        }
    }
}

/// The contents of an MLD message.
public enum MLDContents: Hashable, Sendable {
    /// Multicast Listener Query of either version.
    case query(MLDQuery)
    /// Version 1 Multicast Listener Report of a group.
    case version1Report(IPv6Address)
    /// Version 1 Multicast Listener Done.
    case done(IPv6Address)
    /// Version 2 Multicast Listener Report.
    case version2Report([MLDAddressRecord])

    /// The contents of `message`. Records of unknown type are left out (RFC 3810 §5.2.12). The checksum is not looked at.
    /// - Throws: `length` for a length that no query has (RFC 3810 §8.1), for a version 1 report or done of fewer than 24
    ///   octets, and for a version 2 report that ends before its records; `group` for a query as `MLDQuery` throws it,
    ///   and for a report or done of what is no group.
    public init(_ message: MLDMessage) throws(MembershipFault) {
        switch message.type {
        case .listenerQuery: self = .query(try MLDQuery(message))
        case .listenerReport: self = .version1Report(try Self.group(of: message))
        case .listenerDone: self = .done(try Self.group(of: message))
        case .version2ListenerReport: self = .version2Report(try MLDAddressRecord.list(message.addressRecords))
        default: throw .unknownType
        }
    }

    /// The group that a message of version 1 reports or leaves; octets behind it are ignored (RFC 2710 §3.7).
    private static func group(of message: MLDMessage) throws(MembershipFault) -> IPv6Address {
        guard message.bytes.byteCount >= MLDMessage.version1Length else { throw .length }
        guard message.multicastAddress.isMulticast else { throw .group }
        return message.multicastAddress
    }

    /// Where the message goes: a general query to ff02::1, a done to ff02::2, a version 2 report to ff02::16, everything
    /// else to its group (RFC 2710 §8, RFC 3810 §5.1.15 and §5.2.14).
    public var destination: IPv6Address {
        switch self {
        case .query(let query): query.isGeneral ? .allNodes : query.multicastAddress
        case .version1Report(let group): group
        case .done: .allRouters
        case .version2Report: .allMLDv2Routers
        }
    }

    /// The octets of the message.
    public var encodedLength: Int {
        switch self {
        case .query(let query): query.encodedLength
        case .version1Report, .done: MLDMessage.version1Length
        case .version2Report(let records):
            records.reduce(MLDMessage.Field.addressRecords) { $0 + $1.encodedLength }
        }
    }

    /// Writes the message at `offset`, with a checksum that includes what `pseudoHeader` does of the IPv6 header.
    /// - Returns: the octets written: `encodedLength`; or 0, with nothing written, when they would not lie inside the
    ///   span, or when there are more records or sources than can be counted on the wire.
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int, pseudoHeader: PseudoHeader) -> Int {
        let length = encodedLength
        guard length <= 0xffff, span.holds(length, at: offset) else { return 0 }
        storePayload(in: &span, at: offset)
        let header = ICMPv6Header(
            type: type, restOfHeader: restOfHeader, payloadLength: length - ICMPField.headerLength,
            pseudoHeader: pseudoHeader)
        return header.encode(into: &span, at: offset) > 0 ? length : 0
    }

    private var type: ICMPv6Type {
        switch self {
        case .query: .listenerQuery
        case .version1Report: .listenerReport
        case .done: .listenerDone
        case .version2Report: .version2ListenerReport
        }
    }

    /// The second four octets.
    private var restOfHeader: UInt32 {
        switch self {
        case .query(let query): UInt32(query.maxResponseCode) << 16
        case .version1Report, .done: 0
        case .version2Report(let records): UInt32(truncatingIfNeeded: records.count)
        }
    }

    /// Stores what is behind the eight octets of an ICMPv6 header.
    private func storePayload(in span: inout MutableRawSpan, at offset: Int) {
        switch self {
        case .query(let query):
            span.store(query.multicastAddress, at: offset &+ MLDMessage.Field.multicastAddress)
            if query.version == .version2 {
                query.storeQuerierFields(in: &span, at: offset &+ MLDMessage.querierFieldsOffset)
            }
        case .version1Report(let group), .done(let group):
            span.store(group, at: offset &+ MLDMessage.Field.multicastAddress)
        case .version2Report(let records): span.store(records, at: offset &+ MLDMessage.Field.addressRecords)
        }
    }
}
