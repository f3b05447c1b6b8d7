import Weir
import WeirWire

/// What a host remembers of a flow, in one word: who has it, where it stands, and when it was last heard of.
struct FlowEntry {
    /// Where a flow stands; each has its own time after which the flow is forgotten.
    enum Phase: Int, CaseIterable {
        /// A TCP connection of which only SYNs were seen.
        case opening
        case established
        /// A TCP connection that sent FIN or RST.
        case closing
        /// UDP, which has neither.
        case datagrams
        /// A client that keeps its host: extended affinity.
        case client
        /// A packet in fragments.
        case fragments

        /// Whether it is a connection, which a host that stops must see to its end.
        var isOpen: Bool { self == .opening || self == .established || self == .datagrams }
    }

    /// In place of an owner's id: nobody may have it.
    static let nobody = 63

    /// Bits 0-31: when it was last heard of, in ticks; 32-37: the owner's id; 38-40: the phase; 41-48: the rule.
    let word: UInt64

    @inline(__always)
    init(word: UInt64) { self.word = word }

    @inline(__always)
    init(owner: Int, phase: Phase, rule: Int, at tick: UInt32) {
        word = UInt64(tick) | UInt64(owner & 63) << 32 | UInt64(phase.rawValue) << 38 | UInt64(rule & 255) << 41
    }

    @inline(__always) var seen: UInt32 { UInt32(truncatingIfNeeded: word) }
    @inline(__always) var owner: Int { Int(truncatingIfNeeded: word &>> 32 & 63) }
    @inline(__always) var phase: Phase { Phase(rawValue: Int(truncatingIfNeeded: word &>> 38 & 7)) ?? .fragments }
    @inline(__always) var rule: Int { Int(truncatingIfNeeded: word &>> 41 & 255) }

    /// The same, heard of at `tick`.
    @inline(__always)
    func touched(at tick: UInt32) -> FlowEntry { FlowEntry(word: (word & 0xffff_ffff_0000_0000) | UInt64(tick)) }

    /// Whether it is an established connection or a flow of datagrams.
    @inline(__always) var isSteady: Bool { word &>> 38 & 5 == 1 }
}

extension FlowEntry.Phase {
    /// Where a flow stands after one more packet of the client; the cluster's own are not seen.
    init(after phase: Self?, _ flags: TCPFlags, isTCP: Bool) {
        self =
            switch (phase, isTCP) {
            case (_, false): .datagrams
            case (.closing, _) where !flags.contains(.syn): .closing
            case (_, _) where !flags.isDisjoint(with: [.fin, .rst]): .closing
            case (.established, _): .established
            default: flags.contains(.syn) ? .opening : .established
            }
    }
}

/// Time as flow entries have it: ticks of 2^24 ns, about 17 ms, at the same instants on all hosts. They wrap around after
/// two years, but no entry is that old.
struct FlowClock {
    private static var shift: UInt64 { 24 }
    var start = Instant(nanoseconds: 0)
    private var latest = Instant(nanoseconds: 0)

    /// The time of a packet, or that of one before which was later.
    mutating func advance(to now: Instant) -> Instant {
        latest = max(latest, now)
        return latest
    }

    @inline(__always)
    func tick(_ now: Instant) -> UInt32 {
        UInt32(truncatingIfNeeded: now.nanoseconds &>> Self.shift)
    }

    /// A duration in ticks, at least one.
    static func ticks(_ duration: Duration) -> UInt32 {
        UInt32(clamping: max(duration.wholeNanoseconds &>> shift, 1))
    }
}
