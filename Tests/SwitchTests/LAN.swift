import Switch
import Testing
import Weir
import WeirTesting
import WeirWire

/// A run of one switch: frames into its ports, and what came of them.
struct LAN {
    let result: StageRun.Result

    /// Runs a switch; the clock's first frame, which is too short for anything, comes at zero by port 1, and with an end
    /// another one then, since a run ends with the last that happens.
    ///
    /// - Parameter frames: by the number of the port, from 1.
    init(
        ports: Int = 3, until end: Duration? = nil, seed: UInt64 = 1, _ frames: [Int: [TestFrame]],
        _ configure: (inout Switch.Configuration) -> Void = { _ in }
    ) throws {
        var run = StageRun()
        run.seed = seed
        run.duration = end
        try run.add(Switch.self) {
            $0.ports = ports
            configure(&$0)
        }
        run.feed([TestFrame([0])] + (end.map { [TestFrame(at: $0, [0])] } ?? []), to: "switch.port1")
        for (port, frames) in frames.sorted(by: { $0.key < $1.key }) {
            run.feed(frames.sorted { $0.time < $1.time }, to: "switch.port\(port)")
        }
        result = run.run([])
        #expect(result.imbalances == [])
        #expect(result.summary.failures.isEmpty)
    }

    /// What left by a port.
    func out(_ port: Int) -> [TestFrame] { result.frames("switch.port\(port)") }

    /// The ports by which a frame with these octets left.
    func ports(of frame: TestFrame) -> [Int] { (1...64).filter { out($0).contains(frame) } }

    func dropped(_ reason: Switch.Drop) -> UInt64 { result.dropped(reason.name, by: "switch") }
    func count(_ counter: Switch.Counter) -> UInt64? { result.counter(counter.name, of: "switch") }
    func count(_ counter: Switch.PortCounter, _ port: Int) -> UInt64? {
        result.counter("port\(port)-\(counter.name)", of: "switch")
    }

    /// What was logged, as `seconds message port group`.
    var log: [String] {
        result.log.map { event in
            let fields = event.fields.filter { $0.0 != "vlan" && $0.0 != "after" }.map(\.1)
            let seconds = (event.time - Instant(nanoseconds: 0)).canonicalText
            return ([seconds, event.message] + fields).joined(separator: " ")
        }
    }
}

let group = IPv4Address(239, 255, 0, 100)
let cluster = IPv4Address(10, 0, 0, 100)
let groupMAC = MACAddress(multicastGroup: group)
/// NLB's own address of multicast mode.
let multicastMAC = NLBAddresses(cluster: cluster).multicastMAC

/// A station's address.
func mac(_ number: UInt8) -> MACAddress { MACAddress(2, 0, 0, 0, 0, number) }

func octets(_ address: MACAddress) -> [UInt8] {
    stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: address.rawValue >> UInt64($0)) }
}

/// An Ethernet frame, told from others by its last octet.
func ethernet(
    at seconds: Double, to destination: MACAddress, from source: MACAddress = mac(200), tag: [UInt8] = [],
    type: [UInt8] = [0x88, 0xb5], _ payload: [UInt8] = [], mark: UInt8 = 0
) -> TestFrame {
    let padding = [UInt8](repeating: 0, count: max(0, 45 - payload.count))
    return TestFrame(
        at: .nanoseconds(Int64(seconds * 1e9)),
        octets(destination) + octets(source) + tag + type + payload + padding + [mark])
}

/// A tag's four octets.
func tag(_ vlan: UInt16, priority: UInt8 = 0, tpid: [UInt8] = [0x81, 0x00]) -> [UInt8] {
    tpid + [priority << 5 | UInt8(vlan >> 8), UInt8(vlan & 0xff)]
}

/// An IPv4 packet to an address, in a frame to the MAC address of that group or to another one.
func ipv4(
    at seconds: Double, to address: IPv4Address, in destination: MACAddress? = nil, from source: MACAddress = mac(200),
    tag: [UInt8] = [], mark: UInt8 = 0
) -> TestFrame {
    let raw = address.rawValue
    let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: raw >> UInt32($0)) }
    return ethernet(
        at: seconds, to: destination ?? MACAddress(multicastGroup: address), from: source, tag: tag,
        type: [0x08, 0x00], [0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1] + bytes, mark: mark)
}

/// An IGMP message of a host or a router.
func igmp(
    at seconds: Double, _ contents: IGMPContents, from source: MACAddress = mac(201),
    ip: IPv4Address = IPv4Address(10, 0, 0, 1), tag: VLANTag? = nil
) -> TestFrame {
    let message = IGMPFrame(sourceHardwareAddress: source, source: ip, tag: tag, contents: contents)
    var octets = [UInt8](repeating: 0, count: message.encodedLength)
    var span = octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    message.encode(into: &bytes, at: 0)
    return TestFrame(at: .nanoseconds(Int64(seconds * 1e9)), octets)
}

func report(at seconds: Double, _ group: IPv4Address = group, tag: VLANTag? = nil) -> TestFrame {
    igmp(at: seconds, .version2Report(group), tag: tag)
}

func query(
    at seconds: Double, _ group: IPv4Address = .unspecified, tenths: Int = 100,
    ip: IPv4Address = IPv4Address(10, 0, 0, 1), tag: VLANTag? = nil
) -> TestFrame {
    igmp(
        at: seconds, .query(IGMPQuery(version: .version2, groupAddress: group, maxResponseTime: tenths)), ip: ip,
        tag: tag)
}
