import ARPResponder
import NLBFilter
import UnicastRewrite
import VLANIsolation
import Weir
import WeirWire

/// Octets one after the other; zeros behind the last one.
struct OctetReader {
    private var octets: ArraySlice<UInt8>

    init(_ octets: [UInt8]) { self.octets = octets[...] }

    var isAtEnd: Bool { octets.isEmpty }

    mutating func next() -> UInt8 { octets.popFirst() ?? 0 }

    mutating func next(below bound: Int) -> Int { Int(next()) % bound }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { octets = octets.dropFirst(count) }
        return Array(octets.prefix(count))
    }

    mutating func word() -> Int { Int(next()) << 8 | Int(next()) }

    mutating func any<Value>(_ values: [Value]) -> Value { values[next(below: values.count)] }

    /// A list of up to `limit` elements.
    mutating func list<Element>(upTo limit: Int, _ element: (inout Self) -> Element) -> [Element] {
        (0..<next(below: limit + 1)).map { _ in element(&self) }
    }
}

// Parameters within the limits that YAML sets, though they may contradict each other.
extension OctetReader {
    private static let addresses: [AnyIPAddress] = [
        .ipv4(IPv4Address(10, 0, 0, 100)), .ipv6(IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x64)),
        .ipv4(IPv4Address(10, 0, 0, 101)),
    ]

    mutating func filter() -> (NLBFilter.Configuration, hosts: [Int]) {
        let first = 1 + next(below: 29)
        let hosts = Array(first...first + next(below: 4))
        func some(_ reader: inout Self) -> [Int] {
            let bits = reader.next()
            return hosts.enumerated().filter { bits >> UInt8($0.offset) & 1 == 0 }.map(\.element)
        }
        func ranges(_ hosts: [Int]) -> IntegerRanges { IntegerRanges(hosts.map { $0...$0 }) }
        func weights(_ reader: inout Self) -> HostWeights {
            HostWeights(Dictionary(uniqueKeysWithValues: some(&reader).map { ($0, reader.any([0, 1, 50, 100])) }))
        }

        var configuration = NLBFilter.Configuration()
        configuration.cluster = Array(Self.addresses.prefix(1 + next(below: 3)))
        configuration.hosts = ranges(hosts)
        configuration.hash = any(HashMethod.allCases)
        configuration.connections = any([1_000_000, 0, 1, 2, 5, 20])
        configuration.cleanupDelay = any([.zero, .seconds(1), .seconds(300), .seconds(Int64.max)])
        configuration.tcpIdle = any([.seconds(1), .seconds(7440), .seconds(Int64.max)])
        configuration.udpIdle = any([.seconds(1), .seconds(300)])
        configuration.rules = list(upTo: 5) { reader in
            var rule = PortRule()
            let first = reader.any([0, 53, 80, 500, 1723, reader.word()])
            rule.ports = IntegerRanges([first...min(65_535, first + reader.any([0, 1, 99, 65_535]))])
            rule.protocol = reader.any(PortRule.Transport.allCases)
            rule.address = reader.any([nil, nil] + Self.addresses.map { $0 as AnyIPAddress? })
            rule.filtering = reader.any([.multiple, .multiple] + PortRule.Filtering.allCases)
            if rule.filtering == .single { rule.handling = some(&reader) }
            if rule.filtering == .multiple {
                rule.affinity = reader.any(Affinity.allCases)
                if reader.next(below: 2) == 1 { rule.weights = weights(&reader) }
                if reader.next(below: 2) == 1 { rule.timeout = reader.any([.seconds(1), .seconds(60)]) }
            }
            return rule
        }
        var at = Duration.zero
        configuration.changes = list(upTo: 5) { reader in
            var step = MembershipStep()
            step.up = ranges(some(&reader))
            at += reader.any([.zero, .milliseconds(1), .seconds(10), .seconds(10_000)])
            step.at = at
            if reader.next(below: 2) == 1 { step.drainstop = ranges(some(&reader)) }
            if reader.next(below: 3) == 1 { step.weights = weights(&reader) }
            step.drain = reader.list(upTo: 2) { reader in
                var drain = PortDrain()
                drain.host = reader.any(hosts)
                drain.ports = [reader.word()]
                return drain
            }
            return step
        }
        if configuration.changes?.isEmpty == true { configuration.changes = nil }
        return (configuration, hosts)
    }

    mutating func isolation() -> VLANIsolation.Configuration {
        var configuration = VLANIsolation.Configuration()
        configuration.allow = [10, 1 + word() % 4094]
        configuration.native = any([nil, 1, 10])
        configuration.inner = any([nil, [10], [20]])
        configuration.service = any([nil, nil, 20])
        configuration.priority = any([nil, nil, 7])
        return configuration
    }

    mutating func responder() -> ARPResponder.Configuration {
        var configuration = ARPResponder.Configuration()
        configuration.cluster = IPv4Address(10, 0, 0, 100)
        configuration.addresses = Array(Self.addresses.dropFirst().prefix(next(below: 3)))
        configuration.mode = any(ClusterMode.allCases)
        configuration.hostID = 1
        configuration.announcements = next(below: 3)
        return configuration
    }

    mutating func rewrite() -> UnicastRewrite.Configuration {
        var configuration = UnicastRewrite.Configuration()
        configuration.cluster = IPv4Address(10, 0, 0, 100)
        configuration.addresses = Array(Self.addresses.dropFirst().prefix(next(below: 3)))
        configuration.hostID = 1
        configuration.mode = any(ClusterMode.allCases)
        configuration.mask = any(UnicastRewrite.Mask.allCases)
        configuration.bodies = next(below: 2) == 0
        return configuration
    }
}
