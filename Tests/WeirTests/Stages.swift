import Weir
import WeirWire

/// Sends even octets on and odd ones by an output.
struct Sorter: PacketStage {
    static let kind = "sorter"
    static let summary = "Sends packets whose first octet is odd by another output."
    static let example = ""
    enum Output: String, StageWord { case odd = "first octet is odd" }
    enum Drop: String, StageWord { case empty = "there is no first octet" }

    init(_ configuration: NoParameters) {}

    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard packet.length > 0 else { return .drop(.empty) }
        return packet.bytes.uint8(at: 0) & 1 == 1 ? .forward(to: .odd) : .forward
    }
}

/// Passes packets on.
struct Passer: PacketStage {
    static let kind = "passer"
    static let summary = "Passes packets on."
    static let example = ""
    init(_ configuration: NoParameters) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

/// Writes into the first octet.
struct Marker: PacketStage {
    static let kind = "marker"
    static let summary = "Sets the first octet to 0xff."
    static let example = ""
    init(_ configuration: NoParameters) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        packet.store(0xff as UInt8, at: 0)
        return .forward
    }
}

/// Holds every packet for so long.
struct Delay: ProtocolStage {
    static let kind = "delay"
    static let summary = "Holds every packet for a time."
    static let example = ""

    struct Configuration: StageConfiguration {
        @Parameter("How long.", default: .seconds(1)) var time: Duration
    }

    private let time: Duration
    init(_ configuration: Configuration) { time = configuration.time }

    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        context.schedule(0, at: context.now + time)
        return .keep
    }

    mutating func timerFired(_ token: UInt64, _ context: Context) { context.forwardHeld() }
}

/// Sends a frame with the time in seconds at every so many of them.
struct Ticker: ProtocolStage {
    static let kind = "ticker"
    static let summary = "Sends a frame at every interval."
    static let example = ""

    struct Configuration: StageConfiguration {
        @Parameter("Time between two.", default: .seconds(10)) var interval: Duration
    }

    enum Output: String, StageWord { case ticks = "a frame at every interval" }

    private let interval: Duration
    init(_ configuration: Configuration) { interval = configuration.interval }

    mutating func start(_ context: Context) { schedule(context) }

    private func schedule(_ context: Context) { context.schedule(7, at: context.now + interval, background: true) }

    mutating func timerFired(_ token: UInt64, _ context: Context) {
        let second = UInt8(truncatingIfNeeded: context.now.nanoseconds / 1_000_000_000)
        context.send(length: 2, to: .ticks) { $0.store(UInt16(second), at: 0) }
        schedule(context)
    }

    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}
