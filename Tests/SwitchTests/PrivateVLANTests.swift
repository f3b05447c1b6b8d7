import Switch
import Testing
import Weir
import WeirTesting
import WeirWire

/// Ports 1 and 2 promiscuous, 3 and 4 a community, 5 and 7 another, 6 and 8 isolated.
private func configure(_ configuration: inout Switch.Configuration) {
    var ports = Switch.PrivateVLANPorts()
    ports.promiscuous = [1, 2]
    ports.communities = [[3, 4], [5, 7]]
    configuration.private = ports
}

/// The ports that each port reaches (RFC 5517 §2).
private let reached: [Int: [Int]] = [
    1: [2, 3, 4, 5, 6, 7, 8], 2: [1, 3, 4, 5, 6, 7, 8], 3: [1, 2, 4], 4: [1, 2, 3], 5: [1, 2, 7], 6: [1, 2],
    7: [1, 2, 5], 8: [1, 2],
]

@Suite struct PrivateVLANTests {
    @Test(arguments: 1...8) func floodsReachThoseThatTheRFCLetsThem(port: Int) throws {
        let frames = [MACAddress.broadcast, mac(99), multicastMAC].map { ethernet(at: 1, to: $0) }
        let lan = try LAN(ports: 8, [port: frames], configure)
        for frame in frames { #expect(lan.ports(of: frame) == reached[port]) }
        #expect(lan.dropped(.isolated) == 0)
    }

    @Test(arguments: 1...8) func aKnownAddressIsReachedFromThosePorts(port: Int) throws {
        // Everybody is heard, and then everybody writes to the station at `port`.
        var frames: [Int: [TestFrame]] = [:]
        for other in 1...8 {
            let hello = ethernet(at: 1, to: .broadcast, from: mac(UInt8(other)))
            let letter = ethernet(at: 2, to: mac(UInt8(port)), from: mac(UInt8(other)), mark: UInt8(other))
            frames[other] = [hello, letter]
        }
        let lan = try LAN(ports: 8, frames, configure)
        let senders = lan.out(port).filter { $0.time == .seconds(2) }.compactMap { $0.octets.last }.map(Int.init)
        #expect(senders.sorted() == (1...8).filter { reached[$0]?.contains(port) == true })
        // The station's own letter is for behind the port that it came in by; the rest may not be reached.
        #expect(lan.dropped(.samePort) == 1)
        #expect(lan.dropped(.isolated) == UInt64(7 - senders.count))
    }

    /// Reports go to router ports; a router on an isolated port hears no isolated host.
    @Test func reportsReachRoutersOnPromiscuousPortsOnly() throws {
        let frames = [1: [query(at: 1)], 8: [query(at: 1.5)], 6: [report(at: 2)]]
        let lan = try LAN(ports: 8, frames, configure)
        #expect(lan.ports(of: report(at: 2)) == [1])
        let alone = try LAN(ports: 8, [8: [query(at: 1)], 6: [report(at: 2)]], configure)
        #expect(alone.ports(of: report(at: 2)) == [])
        #expect(alone.dropped(.isolated) == 1)
    }

    @Test func itHoldsForTaggedPortsAndStaticEntries() throws {
        let lan = try LAN(ports: 8, [6: [ethernet(at: 1, to: multicastMAC)]]) {
            configure(&$0)
            $0.vlans = [vlans(ports: [1, 8], tagged: [10]), vlans(ports: [6], untagged: 10)]
            var entry = Switch.StaticEntry()
            entry.mac = multicastMAC
            entry.ports = [1, 2, 8]
            $0.staticEntries = [entry]
        }
        #expect(lan.out(1) == [ethernet(at: 1, to: multicastMAC, tag: tag(10))])
        #expect(lan.out(2) == [])
        #expect(lan.out(8) == [])
    }

    /// Ports that the frame couldn't leave by anyway don't make isolation the reason.
    @Test func theReasonIsIsolationOnlyWhereItIs() throws {
        let lan = try LAN(ports: 8, [6: [ethernet(at: 1, to: .broadcast)]]) {
            configure(&$0)
            $0.vlans = [vlans(ports: [6], untagged: 10)]
        }
        #expect(lan.dropped(.noOtherPort) == 1)
        #expect(lan.dropped(.isolated) == 0)
    }
}
