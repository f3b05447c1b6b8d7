import Weir
import WeirWire

/// What a host tells the routers.
public enum HostMessage<Address: IPAddress>: Hashable, Sendable {
    /// A report of one group, of the first or second version, to the group itself.
    case report(MembershipVersion, Address)
    /// The host has left a group, in the second version.
    case done(Address)
    /// A report of the third version.
    case records([MembershipRecord<Address>])
}

/// Why a message is sent.
public enum HostOccasion: Sendable {
    /// A query asked for it.
    case answer
    /// The host has joined or left a group or changed its sources, or repeats that.
    case change
    /// The host's own fixed timer.
    case periodic
}

/// A host's attachment to one network: its clock, its timers and its way to send.
public protocol MembershipLink<Address> {
    associatedtype Address: IPAddress

    var now: Instant { get }
    /// A random delay in nanoseconds, uniform over (0, `longest`].
    func delay(upTo longest: UInt64) -> UInt64
    /// Has `MembershipHost.timerFired` called with `token` at `deadline`.
    func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID
    func cancel(_ timer: TimerID)
    func deadline(of timer: TimerID) -> Instant?
    func send(_ message: HostMessage<Address>, _ occasion: HostOccasion)
    /// The host speaks another version from now on.
    func changed(to version: MembershipVersion)
}
