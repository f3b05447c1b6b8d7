// One of the files with unsafe code: what changes is behind a pointer, since every access to a variable property of a class
// asks the runtime for permission, and the octets of an array become a span.

import WeirWire

/// The octets of the last report of one group. A host with one group, as a cluster's is, says the same every time it is
/// asked, and putting a frame together costs more than the question.
@usableFromInline
@safe
final class PreparedReport<Frame: MembershipFrame> {
    @usableFromInline
    struct State {
        @usableFromInline var version = MembershipVersion.third
        @usableFromInline var group = Frame.Address.unspecified
        @usableFromInline var octets: [UInt8] = []
        @usableFromInline init() {}
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    @usableFromInline
    init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Calls `body` with the report of `group`; `frame` makes it when it is another one than the last.
    @inlinable
    @inline(__always)
    func withOctets(_ version: MembershipVersion, _ group: Frame.Address, frame: () -> Frame, _ body: (RawSpan) -> Void)
    {
        if unsafe state.pointee.group != group || state.pointee.version != version {
            prepare(frame(), version, group)
        }
        unsafe body(state.pointee.octets.span.bytes)
    }

    /// Prepares another report than the last one.
    @usableFromInline
    func prepare(_ frame: Frame, _ version: MembershipVersion, _ group: Frame.Address) {
        var next = State()
        next.octets = [UInt8](repeating: 0, count: frame.encodedLength)
        var span = next.octets.mutableSpan
        var bytes = unsafe span.mutableBytes
        frame.encode(into: &bytes, at: 0)
        (next.version, next.group) = (version, group)
        unsafe state.pointee = next
    }
}
