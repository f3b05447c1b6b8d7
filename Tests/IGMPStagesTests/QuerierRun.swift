import IGMPQuerier
import Testing
import Weir
import WeirTesting
import WeirWire

/// A query as tests compare it: when it left, and what it asks.
struct Asked: Hashable, CustomStringConvertible {
    let time: Duration
    var group: IPv4Address = .unspecified
    var sources: [IPv4Address] = []
    var suppresses = false

    var description: String { "\(time) \(group) \(sources)\(suppresses ? " S" : "")" }
}

/// What came of a run of one querier.
struct QuerierRun {
    let result: StageRun.Result

    /// Runs a querier with the address 10.0.0.9 over frames, of which the clock's first one stands at zero.
    init(
        _ frames: [TestFrame], for duration: Duration = .seconds(1000),
        _ configure: (inout IGMPQuerier.Configuration) -> Void = { _ in }
    ) throws {
        var run = StageRun()
        run.duration = duration
        try run.add(IGMPQuerier.self) {
            $0.source = IPv4Address(10, 0, 0, 9)
            configure(&$0)
        }
        result = run.run([TestFrame([0])] + frames)
        #expect(result.imbalances == [])
        #expect(result.summary.failures.isEmpty)
        #expect(Array(result.frames().dropFirst()) == frames, "every packet passes, as it was")
    }

    var queries: [TestFrame] { result.frames("igmp-querier.queries") }

    var asked: [Asked] {
        queries.compactMap { frame in
            guard case .message(let message) = unsafe IGMPReception(frame.octets.span.bytes),
                case .query(let query) = message.contents
            else {
                Issue.record("not a valid query: \(frame)")
                return nil
            }
            return Asked(
                time: frame.time, group: query.groupAddress, sources: query.sources,
                suppresses: query.suppressRouterSideProcessing)
        }
    }

    var general: [Duration] { asked.filter { $0.group.isUnspecified }.map(\.time) }
    var specific: [Asked] { asked.filter { !$0.group.isUnspecified } }

    /// When something was logged.
    func times(of message: String) -> [Duration] {
        result.log.filter { $0.message == message }.map { $0.time - Instant(nanoseconds: 0) }
    }

    var joined: [Duration] { times(of: "group joined") }
    var expired: [Duration] { times(of: "group expired") }

    func count(_ counter: IGMPQuerier.Counter) -> UInt64? { result.counter(counter.name, of: "igmp-querier") }
}

/// A frame with a message of a host or another router.
func sent(
    at seconds: Double, _ contents: IGMPContents, by source: IPv4Address = IPv4Address(10, 0, 0, 50),
    tag: VLANTag? = nil
) -> TestFrame {
    let frame = IGMPFrame(
        sourceHardwareAddress: MACAddress(2, 0, 0, 0, 0, 9), source: source, tag: tag, contents: contents)
    return encoded(frame, length: frame.encodedLength, at: seconds)
}

/// A frame with any octets as its IGMP message, the checksum put right.
func sent(
    at seconds: Double, octets: [UInt8], to destination: IPv4Address, by source: IPv4Address = IPv4Address(10, 0, 0, 50)
) -> TestFrame {
    var ip = IPv4Header(
        source: source, destination: destination, protocolNumber: .igmp, payloadLength: octets.count)
    ip.timeToLive = 1
    let ethernet = EthernetHeader(
        destination: MACAddress(multicastGroup: destination), source: MACAddress(2, 0, 0, 0, 0, 9), etherType: .ipv4)
    let start = ethernet.encodedLength + ip.encodedLength
    var frame = encoded(ethernet, length: start + octets.count, at: seconds)
    var span = frame.octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    ip.encode(into: &bytes, at: ethernet.encodedLength)
    for (index, octet) in octets.enumerated() { bytes.store(octet, at: start + index) }
    bytes.store(UInt16(0), at: start + 2)
    bytes.store(internetChecksum(of: bytes.bytes.extracting(start..<start + octets.count)), at: start + 2)
    return frame
}

private func encoded(_ value: some WireEncodable, length: Int, at seconds: Double) -> TestFrame {
    var octets = [UInt8](repeating: 0, count: length)
    var span = octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    #expect(value.encode(into: &bytes, at: 0) > 0)
    return TestFrame(at: .milliseconds(Int((seconds * 1000).rounded())), octets)
}

/// A query of another router.
func foreignQuery(
    at seconds: Double, by source: IPv4Address, _ version: IGMPVersion = .version2, group: IPv4Address = .unspecified,
    tenths: Int = 100, _ change: (inout IGMPQuery) -> Void = { _ in }
) -> TestFrame {
    var query = IGMPQuery(version: version, groupAddress: group, maxResponseTime: tenths)
    change(&query)
    return sent(at: seconds, .query(query), by: source)
}

/// A version 3 report of one record.
func record(
    at seconds: Double, _ type: IGMPGroupRecordType, _ group: IPv4Address, _ sources: [IPv4Address] = []
) -> TestFrame {
    let record = IGMPGroupRecord(type: type, multicastAddress: group, sources: sources)
    return sent(at: seconds, .version3Report([record]))
}

/// Times in seconds.
func seconds(_ times: Double...) -> [Duration] { times.map { .milliseconds(Int(($0 * 1000).rounded())) } }
