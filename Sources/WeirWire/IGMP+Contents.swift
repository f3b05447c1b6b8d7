// IGMP messages as values: what a stage keeps of a message that arrived, and what it sends.

/// A Membership Query of any version (RFC 1112 Appendix I, RFC 2236 §2, RFC 3376 §4.1).
public struct IGMPQuery: Hashable, WireEncodable, QuerierFields {
    /// The version in which the query is sent, or was.
    public var version: IGMPVersion
    /// The group that is queried, 0.0.0.0 for all of them.
    public var groupAddress: IPv4Address
    /// The time in which to answer, in tenths of a second; always 100 in version 1 (RFC 2236 §4). Version 2 sends 1 to
    /// 255, version 3 the next lower number that has a code (RFC 3376 §4.1.1).
    public var maxResponseTime: Int
    /// S Flag of version 3.
    public var suppressRouterSideProcessing = false
    /// QRV of version 3; sent as 0 when it is above 7 (RFC 3376 §4.1.6).
    public var querierRobustnessVariable: UInt8 = 0
    /// QQIC of version 3, in seconds; sent as the next lower number that has a code (RFC 3376 §4.1.7).
    public var querierQueryInterval = 0
    /// The sources of version 3 that are queried, empty for all of them. Only a list that is not empty is allocated.
    public var sources: [IPv4Address] = []

    /// The query with the given fields, general unless it names a group; set the others for version 3.
    public init(version: IGMPVersion, groupAddress: IPv4Address = .unspecified, maxResponseTime: Int = 100) {
        self.version = version
        self.groupAddress = groupAddress
        self.maxResponseTime = maxResponseTime
    }

    /// The query in `message`. The checksum is not looked at.
    /// - Throws: what `IGMPMessage.queryHead` throws.
    public init(_ message: IGMPMessage) throws(MembershipFault) {
        let head = try message.queryHead()
        self.init(version: head.version, groupAddress: head.groupAddress, maxResponseTime: head.maxResponseTime)
        if version == .version3 { takeQuerierFields(of: message) }
    }

    /// Whether the query is about all groups (RFC 3376 §4.1.3).
    public var isGeneral: Bool { groupAddress.isUnspecified }

    public var encodedLength: Int {
        IGMPMessage.minimumLength + (version == .version3 ? querierFieldsLength : 0)
    }

    /// The Max Resp Code that is sent.
    private var maxResponseCode: UInt8 {
        switch version {
        case .version1: 0
        // 0 would make it a version 1 query.
        case .version2: UInt8(min(max(maxResponseTime, 1), 255))
        case .version3: IGMPFloatCode.encode(maxResponseTime)
        }
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard sources.count <= 0xffff else { return 0 }
        return span.storeIGMP(
            .membershipQuery, code: maxResponseCode, word: groupAddress.rawValue, length: encodedLength, at: offset
        ) { span in
            if version == .version3 { storeQuerierFields(in: &span, at: offset &+ IGMPMessage.minimumLength) }
        }
    }
}

/// What queries of all versions say.
@frozen
public struct IGMPQueryHead: Hashable, Sendable {
    public let version: IGMPVersion
    /// The group that is queried, 0.0.0.0 for all of them.
    public let groupAddress: IPv4Address
    /// The time in which to answer, in tenths of a second.
    public let maxResponseTime: Int

    @inlinable
    init(version: IGMPVersion, groupAddress: IPv4Address, maxResponseTime: Int) {
        self.version = version
        self.groupAddress = groupAddress
        self.maxResponseTime = maxResponseTime
    }

    /// Whether the query is about all groups (RFC 3376 §4.1.3).
    @inlinable public var isGeneral: Bool { groupAddress.isUnspecified }
}

extension IGMPMessage {
    /// What a query says that doesn't depend on its version.
    /// - Throws: `unknownType` for what is no query, `length` for a length that has no version (RFC 3376 §7.1), `group`
    ///   for a group that is neither 0.0.0.0 nor multicast, and for sources without a group.
    @inlinable
    @inline(__always)
    public func queryHead() throws(MembershipFault) -> IGMPQueryHead {
        guard type == .membershipQuery else { throw .unknownType }
        guard let version = queryVersion else { throw .length }
        let group = groupAddress
        guard group.isUnspecified || group.isMulticast else { throw .group }
        let tenths: Int
        switch version {
        // Always ten seconds (RFC 2236 §4).
        case .version1: tenths = 100
        case .version2: tenths = Int(maxResponseCode)
        case .version3:
            guard sourceCount == 0 || group.isMulticast else { throw .group }
            tenths = IGMPFloatCode.decode(maxResponseCode)
        }
        return IGMPQueryHead(version: version, groupAddress: group, maxResponseTime: tenths)
    }
}

/// The contents of an IGMP message.
public enum IGMPContents: Hashable, WireEncodable {
    /// Membership Query of any version.
    case query(IGMPQuery)
    /// Version 1 Membership Report of a group.
    case version1Report(IPv4Address)
    /// Version 2 Membership Report of a group.
    case version2Report(IPv4Address)
    /// Version 2 Leave Group.
    case leave(IPv4Address)
    /// Version 3 Membership Report.
    case version3Report([IGMPGroupRecord])

    /// The contents of `message`. Records of unknown type are left out (RFC 3376 §4.2.12). The checksum is not looked at.
    /// - Throws: `unknownType`; `length` for a length that no query has (RFC 3376 §7.1), and for a version 3 report that
    ///   ends before its records; `group` for a query as `IGMPQuery` throws it, and for a report or leave of what is no
    ///   group.
    public init(_ message: IGMPMessage) throws(MembershipFault) {
        switch message.type {
        case .membershipQuery: self = .query(try IGMPQuery(message))
        case .version1MembershipReport: self = .version1Report(try Self.group(of: message))
        case .version2MembershipReport: self = .version2Report(try Self.group(of: message))
        case .leaveGroup: self = .leave(try Self.group(of: message))
        case .version3MembershipReport: self = .version3Report(try IGMPGroupRecord.list(message.groupRecords))
        default: throw .unknownType
        }
    }

    /// The group that a message of version 1 or 2 reports or leaves.
    private static func group(of message: IGMPMessage) throws(MembershipFault) -> IPv4Address {
        guard message.groupAddress.isMulticast else { throw .group }
        return message.groupAddress
    }

    /// Where the message goes: a general query to 224.0.0.1, a leave to 224.0.0.2, a version 3 report to 224.0.0.22,
    /// everything else to its group (RFC 2236 §9, RFC 3376 §4.1.12 and §4.2.14).
    public var destination: IPv4Address {
        switch self {
        case .query(let query): query.isGeneral ? .allSystems : query.groupAddress
        case .version1Report(let group), .version2Report(let group): group
        case .leave: .allRouters
        case .version3Report: .allIGMPv3Routers
        }
    }

    public var encodedLength: Int {
        switch self {
        case .query(let query): query.encodedLength
        case .version1Report, .version2Report, .leave: IGMPMessage.minimumLength
        case .version3Report(let records):
            records.reduce(IGMPMessage.Field.groupRecords) { $0 + $1.encodedLength }
        }
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        switch self {
        case .query(let query): query.encode(into: &span, at: offset)
        case .version1Report(let group): encode(.version1MembershipReport, group, into: &span, at: offset)
        case .version2Report(let group): encode(.version2MembershipReport, group, into: &span, at: offset)
        case .leave(let group): encode(.leaveGroup, group, into: &span, at: offset)
        case .version3Report(let records): Self.encode(records, into: &span, at: offset)
        }
    }

    private func encode(
        _ type: IGMPMessageType, _ group: IPv4Address, into span: inout MutableRawSpan, at offset: Int
    ) -> Int {
        span.storeIGMP(type, word: group.rawValue, length: encodedLength, at: offset) { _ in }
    }

    private static func encode(
        _ records: [IGMPGroupRecord], into span: inout MutableRawSpan, at offset: Int
    ) -> Int {
        guard let recordsLength = IGMPGroupRecord.encodedLength(of: records) else { return 0 }
        let length = IGMPMessage.Field.groupRecords + recordsLength
        return span.storeIGMP(.version3MembershipReport, word: UInt32(records.count), length: length, at: offset) {
            $0.store(records, at: offset &+ IGMPMessage.Field.groupRecords)
        }
    }
}

extension MutableRawSpan {
    /// Stores an IGMP message: the first eight octets, what `storeRest` stores behind them, and the checksum of all.
    /// - Returns: the octets written, `length`, or 0 when they would not lie inside the span.
    @_lifetime(self: copy self)
    fileprivate mutating func storeIGMP(
        _ type: IGMPMessageType, code: UInt8 = 0, word: UInt32, length: Int, at offset: Int,
        storeRest: (inout MutableRawSpan) -> Void
    ) -> Int {
        guard holds(length, at: offset) else { return 0 }
        store(type.rawValue, at: offset &+ IGMPMessage.Field.type)
        store(code, at: offset &+ IGMPMessage.Field.maxResponseCode)
        store(word, at: offset &+ IGMPMessage.Field.groupAddress)
        storeRest(&self)
        storeChecksum(at: offset &+ IGMPMessage.Field.checksum, from: offset, length: length)
        return length
    }
}
