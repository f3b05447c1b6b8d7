import Weir
import WeirWire

/// A responder's named way out.
public enum ResponderOutput: String, StageWord { case reports = "membership reports that the host sends" }

/// What `igmp-responder` and `mld-responder` are beside reading frames: a host's state machine, what the host wants when,
/// and who sends its reports on which network.
public struct Responder<Frame: MembershipFrame> {
    public typealias Address = Frame.Address

    @usableFromInline var host: MembershipHost<Address>
    @usableFromInline let schedule: MembershipSchedule<Address>
    @usableFromInline let sender: Sender
    @usableFromInline let answersQueries: Bool

    /// Who sends, and with which tag.
    @usableFromInline
    struct Sender {
        @usableFromInline let mac: MACAddress
        @usableFromInline let source: Address
        @usableFromInline let tag: VLANTag?
        @usableFromInline let prepared: PreparedReport<Frame>.Use
    }

    /// Owns what `sender` uses.
    private let prepared: PreparedReport<Frame>

    public init(_ configuration: ResponderConfiguration<Address>) throws {
        try configuration.check()
        host = MembershipHost(configuration.hostSettings)
        schedule = MembershipSchedule(configuration)
        answersQueries = configuration.answer == .queries
        prepared = PreparedReport()
        sender = Sender(
            mac: configuration.mac, source: configuration.source,
            tag: configuration.vlan.map { VLANTag(identifier: UInt16($0)) }, prepared: prepared.use)
    }

    public mutating func start<S: ResponderStage>(_ context: StageContext<S>) where S.Frame == Frame {
        schedule.start(&host, Link(context, sender))
    }

    @inlinable
    public mutating func timerFired<S: ResponderStage>(_ token: UInt64, _ context: StageContext<S>)
    where S.Frame == Frame {
        if MembershipSchedule<Address>.owns(token) {
            schedule.timerFired(token, &host, Link(context, sender))
        } else {
            host.timerFired(token, Link(context, sender))
        }
    }

    /// Whether a message is one of the host's network: with its tag, or without one, as `vlan-isolation` leaves it. Others
    /// are counted.
    @inlinable
    public func isOnItsNetwork<S: ResponderStage>(_ tag: VLANTag?, _ context: StageContext<S>) -> Bool {
        guard let tag, tag.identifier != 0, tag.identifier != sender.tag?.identifier else { return true }
        context.count(.otherNetworks)
        return false
    }

    @inlinable
    @inline(__always)
    public mutating func hear<S: ResponderStage>(
        _ query: MembershipQuery<Address>, about sources: [Address] = [], _ context: StageContext<S>
    ) where S.Frame == Frame {
        context.count(.queries)
        if !answersQueries { context.count(.ignoredQueries) }
        host.hear(query, about: sources, Link(context, sender))
    }

    /// A report of the first or second version. What a switch or bridge loops back to the host says nothing of others.
    public mutating func hearReport<S: ResponderStage>(
        of group: Address, from mac: MACAddress, _ context: StageContext<S>
    ) where S.Frame == Frame {
        guard mac != sender.mac else { return }
        context.count(.heardReports)
        host.hearReport(of: group, Link(context, sender))
    }
}

/// A stage that is a responder, for one family.
public protocol ResponderStage<Frame>: ProtocolStage where Output == ResponderOutput, Counter == ResponderCounter {
    associatedtype Frame: MembershipFrame
}

extension Responder {
    /// A stage's context as the state machine sees it.
    @frozen
    @usableFromInline
    struct Link<S: ResponderStage>: MembershipLink where S.Frame == Frame {
        @usableFromInline let context: StageContext<S>
        @usableFromInline let sender: Sender

        @inlinable
        init(_ context: StageContext<S>, _ sender: Sender) {
            self.context = context
            self.sender = sender
        }

        @inlinable var now: Instant { context.now }
        @inlinable
        func delay(upTo longest: UInt64) -> UInt64 { context.random.delay(upToNanoseconds: longest) }

        @inlinable
        func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID {
            context.schedule(token, at: deadline, background: background)
        }

        @inlinable func cancel(_ timer: TimerID) { context.cancel(timer) }
        @inlinable func deadline(of timer: TimerID) -> Instant? { context.deadline(of: timer) }

        @inlinable
        func send(_ message: HostMessage<Address>, _ occasion: HostOccasion) {
            context.count(occasion == .answer ? .answers : .unsolicitedReports)
            if case .report(let version, let group) = message { return sendReport(version, group) }
            let frame = Frame(from: sender.mac, sender.source, tag: sender.tag, message)
            context.send(length: frame.encodedLength, to: .reports) { _ = frame.encode(into: &$0, at: 0) }
        }

        @inlinable
        func sendReport(_ version: MembershipVersion, _ group: Address) {
            sender.prepared.withOctets(version, group) {
                Frame(from: sender.mac, sender.source, tag: sender.tag, .report(version, group))
            } _: {
                context.send($0, to: .reports)
            }
        }

        @usableFromInline
        func changed(to version: MembershipVersion) {
            context.count(.versionChanges)
            context.log(.info, "version", ["speaks": Address.name(of: version)])
        }
    }
}
