// One of the files with unsafe code: the packet loop for stages with ports.

import WeirWire

/// A stage whose packets come in and leave by numbered ports, as a switch's do.
///
/// Port 0 is the input and the output that YAML calls `port1`. Each packet is handed over with the port that it came in
/// by, and goes out by any number of others; they share its octets until one of them writes.
public protocol PortStage: TimedStage {
    /// What is counted for each port.
    associatedtype PortCounter: StageWord = NoWords

    /// How many ports a stage with this configuration has, 1 to 64.
    static func portCount(_ configuration: Configuration) -> Int

    /// Judges a packet.
    mutating func process(_ packet: inout Packet, from port: Int, _ context: Context) -> PortVerdict<Self>

    /// The loop over a batch, all of it from one port. Don't write your own: the default does it.
    mutating func processBatch(_ batch: inout Batch, _ context: Context)
}

/// Some of the ports of a stage.
public struct PortSet: Hashable, Sendable {
    /// The most ports that a stage has.
    public static let capacity = 64
    private var bits: UInt64

    public init() { bits = 0 }
    /// One port.
    public init(_ port: Int) { bits = 1 << UInt64(port) }
    /// The ports 0 to `count` - 1.
    public init(first count: Int) { bits = count >= Self.capacity ? .max : 1 << UInt64(count) - 1 }

    public var isEmpty: Bool { bits == 0 }
    public func contains(_ port: Int) -> Bool { bits >> UInt64(port) & 1 != 0 }
    public mutating func insert(_ port: Int) { bits |= 1 << UInt64(port) }
    public mutating func remove(_ port: Int) { bits &= ~(1 << UInt64(port)) }
    public func intersection(_ other: Self) -> Self { Self(bits: bits & other.bits) }
    public func union(_ other: Self) -> Self { Self(bits: bits | other.bits) }
    public func subtracting(_ other: Self) -> Self { Self(bits: bits & ~other.bits) }

    private init(bits: UInt64) { self.bits = bits }

    /// Takes the lowest port out; nil when there is none.
    public mutating func popFirst() -> Int? {
        guard bits != 0 else { return nil }
        defer { bits &= bits &- 1 }
        return bits.trailingZeroBitCount
    }
}

/// What a stage with ports says of a packet.
public struct PortVerdict<S: PortStage> {
    var ports: PortSet
    var tagged = PortSet()
    var tag = VLANTag(identifier: 0)
    let reason: Int

    /// Out by each of `ports`; dropped, and counted under the reason, when there are none.
    public static func send(to ports: PortSet, orDrop reason: S.Drop) -> Self {
        Self(ports: ports, reason: reason.ordinal)
    }

    /// Out by each of `untagged` as it is, and by each of `tagged` with a VLAN tag more; dropped when both are empty.
    public static func send(
        to untagged: PortSet, with tag: VLANTag, to tagged: PortSet, orDrop reason: S.Drop
    ) -> Self {
        Self(ports: untagged, tagged: tagged, tag: tag, reason: reason.ordinal)
    }

    /// Dropped, and counted under the reason.
    public static func drop(_ reason: S.Drop) -> Self { send(to: PortSet(), orDrop: reason) }
}

extension PortStage {
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        let runtime = context.runtime
        let arena = unsafe runtime.arenaReference
        let port = runtime.port
        for index in 0..<batch.count {
            let frame = unsafe batch.frames[index]
            advance(to: frame.timestamp, context)
            runtime.sequence = frame.sequence
            var packet = unsafe Packet(frame, arena)
            let verdict = process(&packet, from: port, context)
            if verdict.ports.isEmpty, verdict.tagged.isEmpty {
                runtime.drop(packet.frame, reason: verdict.reason)
            } else {
                runtime.distribute(packet.frame, verdict.ports, verdict.tagged, verdict.tag)
            }
        }
        batch.size = 0
    }
}

extension StageRuntime {
    /// Sends a frame out by some ports as it is, and by others with a tag: one of the two sets may be empty.
    func distribute(_ frame: Frame, _ untagged: PortSet, _ tagged: PortSet, _ tag: VLANTag) {
        guard !tagged.isEmpty else { return distribute(frame, untagged) }
        var frame = frame
        var copy = frame
        if !untagged.isEmpty {
            copy = arena.share(&frame)
            created += 1
            distribute(frame, untagged)
        }
        var packet = unsafe Packet(copy, arenaReference)
        packet.pushVLANTag(tag)
        distribute(packet.frame, tagged)
    }

    /// Sends a frame out by each of `ports`, of which there is at least one.
    private func distribute(_ frame: Frame, _ ports: PortSet) {
        var (frame, ports) = (frame, ports)
        guard let first = ports.popFirst() else { return }
        while let port = ports.popFirst() {
            outputs[1 + port].append(arena.share(&frame))
            created += 1
        }
        outputs[1 + first].append(frame)
    }
}

extension StageContext where S: PortStage {
    /// Adds to a counter of a port.
    public func count(_ counter: S.PortCounter, of port: Int, by amount: Int = 1) {
        let index = S.Counter.allCases.count + port * S.PortCounter.allCases.count + counter.ordinal
        unsafe runtime.counters[index] &+= UInt64(truncatingIfNeeded: amount)
    }
}

extension StageDescriptor {
    /// What YAML calls a port.
    public static func portName(_ port: Int) -> String { "port\(port + 1)" }

    /// The descriptor of a stage that has a configuration: with the names of its ports, if it has any.
    public func resolved(for configuration: any StageConfiguration) -> StageDescriptor {
        guard let ports = portCount?(configuration) else { return self }
        var resolved = self
        let names = (0..<min(max(ports, 1), PortSet.capacity)).map(Self.portName)
        resolved.inputs = names.map { StageName(name: $0, help: "what comes in by the port") }
        resolved.outputs = names.map { StageName(name: $0, help: "what leaves by the port") }
        resolved.counters += names.flatMap { port in
            portCounters.map { StageName(name: "\(port)-\($0.name)", help: $0.help) }
        }
        return resolved
    }
}
