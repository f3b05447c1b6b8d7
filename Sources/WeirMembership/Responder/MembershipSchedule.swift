import Weir
import WeirWire

/// When a host starts on a network, and what it wants when: the timers of a stage that its state machine doesn't have.
public struct MembershipSchedule<Address: GroupAddress>: Sendable {
    private let settings: [GroupSetting<Address>]
    private let joinWithin: Duration

    /// Tokens that `MembershipHost` leaves to the stage.
    @usableFromInline static var mark: UInt64 { 1 << 63 }
    private static var startToken: UInt64 { mark }

    public init(_ configuration: ResponderConfiguration<Address>) {
        settings = configuration.groups
        joinWithin = configuration.joinWithin
    }

    /// Whether a timer is one of the schedule's.
    @inlinable
    public static func owns(_ token: UInt64) -> Bool { token & mark != 0 }

    /// Begins, at once or within `join-within`.
    public func start<Link: MembershipLink>(_ host: inout MembershipHost<Address>, _ link: Link)
    where Link.Address == Address {
        if joinWithin > .zero {
            let delay = link.delay(upTo: joinWithin.wholeNanoseconds)
            _ = link.schedule(Self.startToken, at: link.now.after(nanoseconds: delay), background: true)
        } else {
            join(&host, link)
        }
    }

    public func timerFired<Link: MembershipLink>(
        _ token: UInt64, _ host: inout MembershipHost<Address>, _ link: Link
    ) where Link.Address == Address {
        guard token != Self.startToken else { return join(&host, link) }
        let setting = settings[Int(token & ~Self.mark) - 1]
        host.listen(to: setting.group, setting.filter, link)
    }

    private func join<Link: MembershipLink>(_ host: inout MembershipHost<Address>, _ link: Link)
    where Link.Address == Address {
        for (index, setting) in settings.enumerated() {
            if setting.time == .zero {
                host.listen(to: setting.group, setting.filter, link)
            } else {
                _ = link.schedule(Self.mark | UInt64(index + 1), at: link.now + setting.time, background: true)
            }
        }
        host.start(link)
    }
}
