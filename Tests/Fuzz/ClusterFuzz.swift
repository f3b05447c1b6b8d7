import ARPResponder
import NLBFilter
import UnicastRewrite
import VLANIsolation
import Weir
import WeirTesting
import WeirWire

/// Any octets as a cluster and the frames in front of it: its rules and their history, then the frames. Nothing may trap,
/// every frame is accounted for, and no two of the hosts keep what is not for all of them.
func fuzzCluster(_ octets: [UInt8]) {
    var reader = OctetReader(octets)
    guard reader.next(below: 4) > 0 else { return fuzzHost(&reader) }
    let (configuration, hosts) = reader.filter()
    let frames = reader.frames()
    var keepers: [Duration: Int] = [:]
    for host in hosts {
        var run = StageRun()
        var own = configuration
        own.hostID = host
        // Contradictions are errors, and none of these parameters is anything else.
        guard (try? run.add(NLBFilter.self, { $0 = own })) != nil else { return }
        for frame in run.balanced(frames).frames() { keepers[frame.time, default: 0] += 1 }
    }
    precondition(keepers.values.allSatisfy { $0 == 1 || $0 == hosts.count }, "several hosts keep a packet")
}

/// The stages around the filter, one behind the other.
private func fuzzHost(_ reader: inout OctetReader) {
    var run = StageRun()
    let (isolation, responder, rewrite) = (reader.isolation(), reader.responder(), reader.rewrite())
    guard (try? run.add(VLANIsolation.self, { $0 = isolation })) != nil,
        (try? run.add(ARPResponder.self, { $0 = responder })) != nil,
        (try? run.add(UnicastRewrite.self, { $0 = rewrite })) != nil
    else { return }
    _ = run.balanced(reader.frames())
}

extension StageRun {
    fileprivate func balanced(_ frames: [TestFrame]) -> Result {
        let result = run(frames)
        precondition(result.imbalances == [], "the account does not add up: \(result.imbalances)")
        return result
    }
}

extension OctetReader {
    /// The rest of the octets as frames, each at a time of its own: half of them to the cluster, with what makes an IP packet
    /// of them in its place.
    mutating func frames() -> [TestFrame] {
        var frames: [TestFrame] = []
        var time = Duration.zero
        while !isAtEnd, frames.count < 64 {
            // Up to ten days apart, which no timeout outlives.
            time += .nanoseconds(1 + 1 << Int64(next(below: 50)))
            let kind = next()
            var packet = take(next(below: 120))
            switch kind & 7 {
            case 0...2: packet = ip4(packet)
            case 3...5: packet = ip6(packet)
            default:
                frames.append(TestFrame(at: time, packet, wireLength: packet.count + Int(kind >> 4)))
                continue
            }
            let tags: [UInt8] =
                switch kind >> 3 & 3 {
                case 0: [0x81, 0, 0, 10]
                case 1: [0x88, 0xa8, 0, 20, 0x81, 0, 0, 10]
                default: []
                }
            let addresses: [UInt8] = [2, 0xbf, 10, 0, 0, 100, 2, 0, 0, 0, 0, 9]
            frames.append(TestFrame(at: time, addresses + tags + (kind & 7 < 3 ? [8, 0] : [0x86, 0xdd]) + packet))
        }
        return frames
    }

    private func ip4(_ octets: [UInt8]) -> [UInt8] {
        var packet = octets + [UInt8](repeating: 0, count: max(0, 28 - octets.count))
        if packet[0] & 15 < 5 || packet[0] & 15 > 7 { packet[0] = 5 }
        packet[0] = 0x40 | packet[0] & 15
        // Few fragments have one offset, and few clients one address.
        packet[6] &= 0x20
        packet[7] &= 3
        packet.replaceSubrange(2..<4, with: [0, UInt8(packet.count)])
        packet.replaceSubrange(12..<20, with: [192, 168, 0, packet[15] & 3, 10, 0, 0, 100 | packet[19] & 1])
        return packet
    }

    private func ip6(_ octets: [UInt8]) -> [UInt8] {
        var packet = octets + [UInt8](repeating: 0, count: max(0, 48 - octets.count))
        packet[0] = 0x60
        packet.replaceSubrange(4..<6, with: [0, UInt8(packet.count - 40)])
        for place in 8..<23 { packet[place] = 0 }
        packet.replaceSubrange(24..<40, with: [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [0x64])
        return packet
    }
}
