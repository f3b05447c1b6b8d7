// IGMP messages as values: what a stage keeps of a message that arrived, and what it sends.

/// A Membership Query of any version (RFC 1112 Appendix I, RFC 2236 §2, RFC 3376 §4.1).
public struct IGMPQuery: Hashable, WireEncodable {
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

    /// The query in `message`; nil for what is no query, for a length that has no version (RFC 3376 §7.1), for a group
    /// that is neither 0.0.0.0 nor multicast, and for sources without a group. The checksum is not looked at.
    public init?(_ message: IGMPMessage) {
        guard let version = message.queryVersion else { return nil }
        let group = message.groupAddress
        guard group.isUnspecified || group.isMulticast else { return nil }
        self.init(version: version, groupAddress: group)
        switch version {
        case .version1: break
        case .version2: maxResponseTime = Int(message.maxResponseCode)
        case .version3:
            guard message.sourceCount == 0 || group.isMulticast else { return nil }
            maxResponseTime = IGMPFloatCode.decode(message.maxResponseCode)
            suppressRouterSideProcessing = message.suppressRouterSideProcessing
            querierRobustnessVariable = message.querierRobustnessVariable
            querierQueryInterval = message.querierQueryInterval
            sources = message.bytes.ipv4Addresses(at: IGMPMessage.Field.sources, count: message.sourceCount)
        }
    }

    /// Whether the query is about all groups (RFC 3376 §4.1.3).
    public var isGeneral: Bool { groupAddress.isUnspecified }

    public var encodedLength: Int {
        version == .version3 ? IGMPMessage.Field.sources + sources.count * 4 : IGMPMessage.minimumLength
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
        typealias Field = IGMPMessage.Field
        return span.storeIGMP(
            .membershipQuery, code: maxResponseCode, word: groupAddress.rawValue, length: encodedLength, at: offset
        ) { span in
            guard version == .version3 else { return }
            let robustness = querierRobustnessVariable > 7 ? 0 : querierRobustnessVariable
            span.store(
                (suppressRouterSideProcessing ? 8 : 0) | robustness, at: offset &+ Field.flagsAndRobustness)
            span.store(IGMPFloatCode.encode(querierQueryInterval), at: offset &+ Field.queryIntervalCode)
            span.store(UInt16(sources.count), at: offset &+ Field.sourceCount)
            span.store(sources, at: offset &+ Field.sources)
        }
    }
}

/// A group record of a Version 3 Membership Report, without auxiliary data (RFC 3376 §4.2.4).
public struct IGMPGroupRecord: Hashable, WireEncodable {
    /// What the record says about the sources.
    public var type: IGMPGroupRecordType
    /// The group that the record is about.
    public var multicastAddress: IPv4Address
    /// The sources. Only a list that is not empty is allocated.
    public var sources: [IPv4Address]

    /// The record with the given fields.
    public init(type: IGMPGroupRecordType, multicastAddress: IPv4Address, sources: [IPv4Address] = []) {
        self.type = type
        self.multicastAddress = multicastAddress
        self.sources = sources
    }

    /// The record that a view shows, without its auxiliary data.
    public init(_ record: IGMPMessage.GroupRecord) {
        let sources = record.bytes.ipv4Addresses(
            at: IGMPMessage.GroupRecord.Field.sources, count: record.sourceCount)
        self.init(type: record.type, multicastAddress: record.multicastAddress, sources: sources)
    }

    public var encodedLength: Int { IGMPMessage.GroupRecord.Field.sources + sources.count * 4 }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard sources.count <= 0xffff, span.holds(encodedLength, at: offset) else { return 0 }
        typealias Field = IGMPMessage.GroupRecord.Field
        span.store(type.rawValue, at: offset &+ Field.type)
        span.store(UInt8(0), at: offset &+ Field.auxiliaryDataLength)
        span.store(UInt16(sources.count), at: offset &+ Field.sourceCount)
        span.store(multicastAddress, at: offset &+ Field.multicastAddress)
        span.store(sources, at: offset &+ Field.sources)
        return encodedLength
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

    /// The contents of `message`; nil for an unknown type, a query that `IGMPQuery` refuses, a report or leave whose
    /// group is not multicast, and a version 3 report that ends before its records. Records of unknown type are left
    /// out (RFC 3376 §4.2.12). The checksum is not looked at.
    public init?(_ message: IGMPMessage) {
        let group = message.groupAddress
        switch message.type {
        case .membershipQuery:
            guard let query = IGMPQuery(message) else { return nil }
            self = .query(query)
        case .version1MembershipReport where group.isMulticast: self = .version1Report(group)
        case .version2MembershipReport where group.isMulticast: self = .version2Report(group)
        case .leaveGroup where group.isMulticast: self = .leave(group)
        case .version3MembershipReport:
            var records: [IGMPGroupRecord] = []
            var unread = message.groupRecords
            while let record = unread.next() {
                if record.type.isKnown { records.append(IGMPGroupRecord(record)) }
            }
            guard !unread.isCutShort else { return nil }
            self = .version3Report(records)
        default: return nil
        }
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
        case .version3Report(let records): Self.encode(records, length: encodedLength, into: &span, at: offset)
        }
    }

    private func encode(
        _ type: IGMPMessageType, _ group: IPv4Address, into span: inout MutableRawSpan, at offset: Int
    ) -> Int {
        span.storeIGMP(type, word: group.rawValue, length: encodedLength, at: offset) { _ in }
    }

    private static func encode(
        _ records: [IGMPGroupRecord], length: Int, into span: inout MutableRawSpan, at offset: Int
    ) -> Int {
        guard records.count <= 0xffff, records.allSatisfy({ $0.sources.count <= 0xffff }) else { return 0 }
        return span.storeIGMP(.version3MembershipReport, word: UInt32(records.count), length: length, at: offset) {
            var next = offset &+ IGMPMessage.Field.groupRecords
            for record in records { next &+= record.encode(into: &$0, at: next) }
        }
    }
}

extension RawSpan {
    /// The list of `count` IPv4 addresses at `offset`.
    fileprivate func ipv4Addresses(at offset: Int, count: Int) -> [IPv4Address] {
        var addresses: [IPv4Address] = []
        addresses.reserveCapacity(count)
        for index in 0..<count { addresses.append(ipv4Address(at: offset, index: index, of: count)) }
        return addresses
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

    /// Stores a list of IPv4 addresses at `offset`.
    @_lifetime(self: copy self)
    fileprivate mutating func store(_ addresses: [IPv4Address], at offset: Int) {
        for (index, address) in addresses.enumerated() { store(address, at: offset &+ index &* 4) }
    }
}
