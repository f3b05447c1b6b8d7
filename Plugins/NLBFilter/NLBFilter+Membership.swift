import Weir

/// How the filter follows the membership: the file, the steps with their times, and a host's way out.
extension NLBFilter {
    public mutating func start(_ context: Context) {
        clock.start = context.now
        if membershipFile != nil {
            context.schedule(Timer.poll.rawValue, at: context.now + poll, background: true)
        }
        let moved = membership.advance(start: clock.start, at: context.now)
        changed(membership.taken, moved: moved, context)
    }

    public mutating func timerFired(_ token: UInt64, _ context: Context) {
        switch Timer(rawValue: token) {
        case .poll: readMembership(context)
        case .step: takeSteps(context)
        case .fragments:
            while fragments.expireOldest(at: context.now) { context.dropHeld(.lostFragment) }
            clockIsNeeded = tracks || hasSteps || fragments.isHolding
        case .drained: watchDrain(context)
        case nil: break
        }
    }

    public mutating func finish(_ context: Context) { tell(context) }

    private mutating func readMembership(_ context: Context) {
        context.schedule(Timer.poll.rawValue, at: context.now + poll, background: true)
        tell(context)
        switch membershipFile?.refresh() {
        case nil: break
        case .fault(let faults):
            context.count(.membershipFaults)
            for fault in faults { context.log(.warning, fault.logText) }
        case .value(let steps):
            if let fault = MembershipStep.fault(in: steps, hosts: membership.hosts) {
                context.count(.membershipFaults)
                context.log(
                    .warning, "the membership file is not in force: \(fault.message)", ["step": "\(fault.step + 1)"])
            } else {
                let moved = membership.replace(steps, start: clock.start, at: context.now)
                changed(1, moved: moved, context)
            }
        }
    }

    private mutating func takeSteps(_ context: Context) {
        let before = membership.taken
        let moved = membership.advance(start: clock.start, at: context.now)
        // Otherwise the step belonged to a file that was replaced since.
        if membership.taken > before { changed(membership.taken - before, moved: moved, context) }
    }

    /// Puts another membership into force, and has itself called for the next step.
    private mutating func changed(_ changes: Int, moved: Int, _ context: Context) {
        takeShares()
        hasMoved = hasMoved || (moved > 0 && context.now > clock.start)
        if let next = membership.nextTime(since: clock.start) {
            context.schedule(Timer.step.rawValue, at: next, background: true)
        }
        context.count(.memberships, by: changes)
        context.count(.movedBuckets, by: moved)
        context.log(
            .info, "membership",
            [
                "up": membership.current.up.canonicalText,
                "drainstop": membership.current.drainstop?.canonicalText ?? "none", "moved-buckets": "\(moved)",
            ])
        for (rule, map) in membership.mapText { context.log(.info, "buckets", ["rule": rule, "hosts": map]) }
        // While it is watched, the timer sees what has become of it.
        if drain != .watched { watchDrain(context) }
        tell(context)
    }

    mutating func takeShares() {
        up = membership.current.upBits
        for rule in shares.indices {
            shares[rule].owned = membership.owned(rule, by: hostID)
        }
        onlyShare = shares[0]
    }

    /// A host that is to stop has stopped when its last connection has ended.
    private mutating func watchDrain(_ context: Context) {
        guard membership.current.drainstop?.contains(hostID) == true else {
            drain = .no
            return
        }
        if flows.liveOwnCount(at: clock.tick(context.now)) > 0 {
            drain = .watched
            context.schedule(Timer.drained.rawValue, at: context.now + .seconds(1), background: true)
        } else if drain != .done {
            drain = .done
            context.log(.info, "drained: the last connection has ended")
        }
    }

    /// Brings counters that go up and down to where they are.
    private mutating func tell(_ context: Context) {
        let now = Told(
            connections: flows.count, own: flows.ownCount, evicted: flows.evicted,
            buckets: shares[0].owned.nonzeroBitCount)
        context.count(.connections, by: now.connections - told.connections)
        context.count(.ownConnections, by: now.own - told.own)
        context.count(.evicted, by: now.evicted - told.evicted)
        context.count(.buckets, by: now.buckets - told.buckets)
        told = now
    }
}
