import Testing
import UnicastRewrite
import Weir
import WeirTesting
import WeirWire

/// Properties of random frames: UDP, ARP, Neighbor Discovery and noise, with and without tags.
@Suite struct UnicastPropertyTests {
    /// Frames whose MAC addresses, outside and inside, are among these.
    private func frames(
        _ count: Int, sources: [MACAddress], destinations: [MACAddress], told: [MACAddress],
        using random: inout SeededRandom
    ) -> [[UInt8]] {
        let (ips, ip6s) = ([clusterIPv4, dedicated, client, .unspecified], [clusterIPv6, dedicatedIPv6, clientIPv6])
        func any<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        return (0..<count).map { _ in
            let tags = [VLANTag(identifier: 10), VLANTag(tpid: .serviceVLAN, identifier: 20)]
            var ethernet = header(from: any(sources), to: any(destinations))
            ethernet.outerTag = any([nil, nil, tags[0], tags[1]])
            ethernet.innerTag = any([nil, tags[0]])
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return udpFrame(ethernet, from: any(ips), to: any(ips))
            case 1: return arpFrame(ethernet, any([.request, .reply]), (any(told), any(ips)), (any(told), any(ips)))
            case 2:
                let target = any(ip6s)
                return neighborFrame(
                    ethernet, from: any(ip6s), to: target.solicitedNodeGroup,
                    .solicitation(target: target, source: any(told + [nil])))
            case 3:
                let destination = any(ip6s + [.allNodes])
                return neighborFrame(
                    ethernet, from: any(ip6s), to: destination,
                    .advertisement(target: any(ip6s), address: any(told + [nil]), flags: any([.override, []])))
            default:
                return octets(ethernet)
                    + (0..<Int.random(in: 0...80, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
            }
        }
    }

    @Test(arguments: [ClusterMode.multicast, .igmpMulticast])
    func turnedToAnotherModeAndBackAFrameIsAsItWas(mode: ClusterMode) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let frames = frames(
            3000, sources: [masked(1), clientMAC], destinations: [sharedMAC, clientMAC, .broadcast, masked(2)],
            told: [sharedMAC, clientMAC, nobody], using: &random)
        let there = try UnicastModeTests.rewritten(frames) { ($0.mode, $0.realMAC) = (mode, realMAC) }
        let back = try UnicastModeTests.rewritten(there) { $0.realMAC = realMAC }
        #expect(back == frames, "seed \(seed)")
        #expect(there != frames, "seed \(seed)")
        // Nothing of unicast mode is left, wherever it may stand.
        for frame in there {
            let (destination, source) = reading(frame) { ($0.macAddress(at: 0), $0.macAddress(at: 6)) }
            #expect(destination != sharedMAC && source != masked(1), "seed \(seed)")
        }
    }

    @Test(arguments: [UnicastRewrite.Mask.cluster, .all])
    func theSharedAddressIsNeverASourceAndChecksumsStayRight(mask: UnicastRewrite.Mask) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let everything = virtualMACs + [masked(1), realMAC, clientMAC, .broadcast]
        let frames = frames(
            3000, sources: [sharedMAC, masked(1), realMAC, clientMAC], destinations: everything,
            told: everything + [nobody], using: &random)
        let changed = try UnicastModeTests.rewritten(frames) { ($0.mask, $0.realMAC) = (mask, realMAC) }
        #expect(changed.count == frames.count)
        var messages = 0
        for (before, after) in zip(frames, changed) {
            let source = reading(after) { $0.macAddress(at: 6) }
            #expect(source != sharedMAC && source != realMAC, "seed \(seed)")
            #expect(before.count == after.count)
            // A reception is only a message when its checksum is right.
            switch (reading(before) { NeighborReception($0) }, reading(after) { NeighborReception($0) }) {
            case (.message(let old), .message(let new)):
                messages += 1
                #expect(old.source == new.source && old.destination == new.destination, "seed \(seed)")
            case (let old, let new): #expect(old == new, "seed \(seed)")
            }
        }
        #expect(messages > 500, "seed \(seed)")
    }

    /// Only the places that the documentation names may differ.
    @Test func everythingElseStays() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let everything = virtualMACs + [masked(1), clientMAC, nobody]
        let frames = frames(2000, sources: everything, destinations: everything, told: everything, using: &random)
        for (before, after) in zip(frames, try UnicastModeTests.rewritten(frames)) {
            let body = reading(before) { EthernetFrame($0)?.payloadOffset } ?? before.count
            let type = reading(before) { EthernetFrame($0)?.etherType }
            for (offset, octets) in zip(before, after).enumerated() where octets.0 != octets.1 {
                let inner = offset - body
                let isARP = type == .arp && (8..<14 ~= inner || 18..<24 ~= inner)
                let isNeighborDiscovery = type == .ipv6 && (42..<44 ~= inner || 66..<72 ~= inner)
                #expect(offset < 12 || isARP || isNeighborDiscovery, "octet \(offset), seed \(seed)")
            }
        }
    }
}
