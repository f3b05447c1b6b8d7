import Weir
import WeirMembership

/// The ports with routers behind them: those that were configured, and on each VLAN those that queries came in by
/// (RFC 4541 §2.1.1).
struct RouterPorts {
    private let fixed: PortSet
    private let timeout: Duration
    /// By VLAN.
    private var heard = [PortSet](repeating: PortSet(), count: 4096)
    private var timers: [UInt64: TimerID] = [:]

    init(fixed: PortSet, timeout: Duration) {
        self.fixed = fixed
        self.timeout = timeout
    }

    func ports(of vlan: UInt16) -> PortSet { fixed.union(heard[Int(vlan & 0xfff)]) }

    /// A router asked by a port; true when it wasn't known there.
    mutating func hear(on port: Int, vlan: UInt16, _ context: Switch.Context) -> Bool {
        let token = Self.firstToken | UInt64(vlan & 0xfff) << 6 | UInt64(port & 63)
        if let timer = timers[token] { context.cancel(timer) }
        timers[token] = context.schedule(token, at: context.now + timeout, background: true)
        guard !heard[Int(vlan & 0xfff)].contains(port) else { return false }
        heard[Int(vlan & 0xfff)].insert(port)
        return true
    }

    /// Above the tokens of memberships.
    static let firstToken: UInt64 = 1 << 32

    /// A timer of a port has come due: nothing was heard for the timeout.
    mutating func timerFired(_ token: UInt64) -> (port: Int, vlan: UInt16) {
        let (port, vlan) = (Int(token & 63), UInt16(token >> 6 & 0xfff))
        timers[token] = nil
        heard[Int(vlan)].remove(port)
        return (port, vlan)
    }
}
