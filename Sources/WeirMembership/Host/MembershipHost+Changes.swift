import Weir
import WeirWire

// Joining, leaving and changing sources: RFC 2236 §3 in the first two versions, RFC 3376 §5.1 in the third.

extension MembershipHost {
    /// The host wants `filter` of a group from now on (IPMulticastListen, RFC 3376 §2).
    public mutating func listen(
        to group: Address, _ filter: SourceFilter<Address>, _ link: some MembershipLink<Address>
    ) {
        let number = enter(group)
        let old = memberships[number].filter
        memberships[number].filter = filter
        defer { forgetIfDone(number, link) }
        guard old != filter else { return }
        if version == .third {
            memberships[number].change.add(from: old, to: filter, robustness: repetitions)
            guard !memberships[number].changesNow else { return }
            memberships[number].changesNow = true
            changedNow.append(number)
            // At once, but together with what else changes at this instant.
            if changedNow.count == 1 {
                _ = link.schedule(HostTimer.changesNow.token, at: link.now, background: false)
            }
        } else if filter.isMember, !old.isMember {
            join(number, link)
        } else if old.isMember, !filter.isMember {
            leave(number, link)
        }
    }

    /// How often a change is reported: a host that ignores queries says everything once.
    private var repetitions: Int { settings.answersQueries ? robustness : 1 }

    // MARK: First and second version

    /// Reports at once, and again after random delays (RFC 2236 §3: once or twice).
    private mutating func join(_ number: Int, _ link: some MembershipLink<Address>) {
        memberships[number].isLastReporter = true
        link.send(.report(version, memberships[number].group), .change)
        memberships[number].joinRepeats = repetitions - 1
        if memberships[number].joinRepeats > 0 { repeatJoin(number, link) }
    }

    @usableFromInline
    mutating func repeatJoin(_ number: Int, _ link: some MembershipLink<Address>) {
        memberships[number].joinRepeats -= 1
        memberships[number].repeatsJoin = true
        let delay = link.delay(upTo: settings.unsolicitedReportInterval(in: version))
        startTimer(of: number, at: link.now.after(nanoseconds: delay), link)
    }

    /// The first version has no message for it. In the second only the last reporter need tell; without suppression that
    /// is every host.
    private mutating func leave(_ number: Int, _ link: some MembershipLink<Address>) {
        stopTimer(of: number, link)
        if version == .second, memberships[number].isLastReporter || !settings.suppressesReports {
            link.send(.done(memberships[number].group), .change)
        }
    }

    // MARK: Third version

    /// Reports what has changed at this instant.
    mutating func reportChangesNow(_ link: some MembershipLink<Address>) {
        let changed = changedNow
        changedNow = []
        report(changesOf: changed, link)
    }

    /// Repeats what has changed and was not reported often enough yet.
    mutating func repeatChanges(_ link: some MembershipLink<Address>) {
        changeTimer = nil
        report(changesOf: changing.sorted(), link)
    }

    private mutating func report(changesOf numbers: [Int], _ link: some MembershipLink<Address>) {
        var records: [MembershipRecord<Address>] = []
        for number in numbers {
            let (group, filter) = (memberships[number].group, memberships[number].filter)
            memberships[number].changesNow = false
            records += memberships[number].change.takeRecords(of: group, filter)
            if memberships[number].change.isEmpty { changing.remove(number) } else { changing.insert(number) }
            forgetIfDone(number, link)
        }
        send(records, .change, link)
        guard !changing.isEmpty, changeTimer == nil else { return }
        let delay = link.delay(upTo: settings.unsolicitedReportInterval(in: version))
        changeTimer = link.schedule(
            HostTimer.changeRepeat.token, at: link.now.after(nanoseconds: delay), background: false)
    }

    /// Sends records in as many reports as they need.
    func send(
        _ records: [MembershipRecord<Address>], _ occasion: HostOccasion, _ link: some MembershipLink<Address>
    ) {
        for report in RecordPacker(capacity: settings.recordCapacity).reports(of: records) {
            link.send(.records(report), occasion)
        }
    }
}
