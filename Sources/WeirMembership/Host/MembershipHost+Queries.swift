import Weir
import WeirWire

// Delayed answers: RFC 2236 §3 in the first two versions, RFC 3376 §5.2 in the third. One thing holds in all of them: a
// pending answer only ever moves earlier.

/// How long before the end of the response time an answer is sent at the latest: a report that is sent at the last moment
/// arrives too late. A quarter of the response time, at most 200 ms. In nanoseconds.
@inlinable
func answerMargin(within responseTime: UInt64) -> UInt64 { min(responseTime / 4, 200_000_000) }

/// The shortest time in which an answer is spread: a response time of 0 is legal in the third version, and asks for an
/// answer at once. In nanoseconds.
@inlinable var shortestResponseTime: UInt64 { 1_000_000 }

/// How many sources of group-and-source-specific queries are remembered: when they are more, the answer is about the whole
/// group, which tells the querier no less.
@inlinable var recordedSourceLimit: Int { 366 }

extension MembershipHost {
    /// A valid query was heard, about these sources only if there are any.
    @inlinable
    @inline(__always)
    public mutating func hear(
        _ query: MembershipQuery<Address>, about sources: [Address] = [], _ link: some MembershipLink<Address>
    ) {
        follow(query, link)
        guard settings.answersQueries else { return }
        let longest = max(
            query.maxResponseTime - answerMargin(within: query.maxResponseTime), shortestResponseTime)
        if version == .third { return answerInThirdVersion(query, about: sources, longest, link) }
        if let group = query.group {
            if let number = numbers[group] { answerInOlderVersion(number, longest, link) }
        } else {
            for number in memberships.indices { answerInOlderVersion(number, longest, link) }
        }
    }

    /// RFC 2236 §3: an idle member starts a timer; a delaying one starts it anew when the query gives it less time. With
    /// RFC 1112's fixed ten seconds a timer that runs always has less time left.
    @inlinable
    mutating func answerInOlderVersion(_ number: Int, _ longest: UInt64, _ link: some MembershipLink<Address>) {
        guard memberships[number].isMember else { return }
        if let timer = memberships[number].timer {
            if let due = link.deadline(of: timer), due <= link.now.after(nanoseconds: longest) {
                // The repetition of a report on joining that is due in time is the answer, too.
                memberships[number].repeatsJoin = false
                return
            }
            link.cancel(timer)
        }
        memberships[number].repeatsJoin = false
        startTimer(of: number, at: link.now.after(nanoseconds: link.delay(upTo: longest)), link)
    }

    /// The rules of RFC 3376 §5.2, in their order.
    @usableFromInline
    mutating func answerInThirdVersion(
        _ query: MembershipQuery<Address>, about sources: [Address], _ longest: UInt64,
        _ link: some MembershipLink<Address>
    ) {
        let time = link.now.after(nanoseconds: link.delay(upTo: longest))
        // 1. An answer to a general query that is due earlier says it all.
        if let pending = generalAnswer, let due = link.deadline(of: pending), due <= time { return }
        guard let group = query.group else {
            // 2. Nothing is owed by a host without groups.
            guard memberships.contains(where: \.isMember) else { return }
            if let pending = generalAnswer { link.cancel(pending) }
            generalAnswer = link.schedule(HostTimer.generalAnswer.token, at: time, background: false)
            return
        }
        guard let number = numbers[group], memberships[number].isMember else { return }
        guard let pending = memberships[number].timer, let due = link.deadline(of: pending) else {
            // 3. Nothing is pending for the group.
            memberships[number].queried = sources.count > recordedSourceLimit ? [] : sources
            startTimer(of: number, at: time, link)
            return
        }
        if sources.isEmpty || memberships[number].queried.isEmpty {
            // 4. Either is about the whole group, so the answer will be.
            memberships[number].queried = []
        } else {
            // 5. The answer will be about both sets.
            let queried = memberships[number].queried
            let union = queried + sources.filter { !queried.contains($0) }
            memberships[number].queried = union.count > recordedSourceLimit ? [] : union
        }
        if due > time {
            link.cancel(pending)
            startTimer(of: number, at: time, link)
        }
    }

    /// Another host reported a group in the first or second version. Reports of the third are no reason to keep silent
    /// (RFC 3376 §7.2.2).
    public mutating func hearReport(of group: Address, _ link: some MembershipLink<Address>) {
        guard settings.suppressesReports, version != .third, let number = numbers[group],
            memberships[number].timer != nil
        else { return }
        stopTimer(of: number, link)
        memberships[number].isLastReporter = false
        memberships[number].joinRepeats = 0
    }

    // MARK: Answers that are due

    /// The timer of a group has come due.
    @inlinable
    mutating func reportGroup(_ number: Int, _ link: some MembershipLink<Address>) {
        memberships[number].timer = nil
        guard version != .third else { return answerForGroup(number, link) }
        let isRepetition = memberships[number].repeatsJoin
        memberships[number].isLastReporter = true
        link.send(.report(version, memberships[number].group), isRepetition ? .change : .answer)
        if memberships[number].joinRepeats > 0 { repeatJoin(number, link) }
    }

    /// RFC 3376 §5.2: what of the queried sources the host wants to hear, or its whole state.
    @usableFromInline
    mutating func answerForGroup(_ number: Int, _ link: some MembershipLink<Address>) {
        let (filter, queried) = (memberships[number].filter, memberships[number].queried)
        memberships[number].queried = []
        guard filter.isMember else { return }
        if queried.isEmpty { return send([currentState(of: number)], .answer, link) }
        let admitted = filter.admitted(of: queried)
        guard !admitted.isEmpty else { return }
        let record = MembershipRecord(
            type: .modeIsInclude, multicastAddress: memberships[number].group, sources: admitted)
        send([record], .answer, link)
    }

    /// The answer to a general query in the third version: the state of every group.
    mutating func answerForAllGroups(_ link: some MembershipLink<Address>) {
        generalAnswer = nil
        send(currentStates(), .answer, link)
    }

    func currentState(of number: Int) -> MembershipRecord<Address> {
        let filter = memberships[number].filter
        return MembershipRecord(
            type: filter.mode == .include ? .modeIsInclude : .modeIsExclude,
            multicastAddress: memberships[number].group, sources: filter.sources)
    }

    func currentStates() -> [MembershipRecord<Address>] {
        memberships.indices.filter { memberships[$0].isMember }.map(currentState(of:))
    }
}
