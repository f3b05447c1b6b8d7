// One of the files with unsafe code: octets and what they say are behind a plain pointer, which is handed on with every query.
// References that are counted, and variable properties of classes, cost more than the answer.

import WeirWire

/// The octets of the last report of one group. A host with one group, as a cluster's is, says the same every time it is
/// asked, and putting a frame together costs more than the question.
@safe
@usableFromInline
final class PreparedReport<Frame: MembershipFrame> {
    private let state: UnsafeMutablePointer<State>

    /// The longest report of one group: MLD version 1 in an Ethernet frame with a tag has 90 octets.
    static var capacity: Int { 128 }

    @usableFromInline
    @safe
    struct State {
        @usableFromInline var version = MembershipVersion.third
        @usableFromInline var group = Frame.Address.unspecified
        @usableFromInline var length = 0
        @usableFromInline let octets: UnsafeMutableRawPointer
    }

    init() {
        unsafe state = .allocate(capacity: 1)
        let octets = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 16)
        unsafe state.initialize(to: State(octets: octets))
    }

    deinit {
        unsafe state.pointee.octets.deallocate()
        unsafe state.deallocate()
    }

    /// A use of the report that doesn't keep it alive: whoever has it must not outlive the report's owner.
    var use: Use { unsafe Use(state: state) }

    @usableFromInline
    @safe
    struct Use {
        @usableFromInline let state: UnsafeMutablePointer<State>

        @usableFromInline init(state: UnsafeMutablePointer<State>) { unsafe self.state = unsafe state }

        /// Calls `body` with the report of `group`; `frame` makes it when it is another one than the last.
        @inlinable
        @inline(__always)
        func withOctets(
            _ version: MembershipVersion, _ group: Frame.Address, frame: () -> Frame, _ body: (RawSpan) -> Void
        ) {
            if unsafe state.pointee.group != group || state.pointee.version != version {
                prepare(frame(), version, group)
            }
            unsafe body(RawSpan(_unsafeStart: state.pointee.octets, byteCount: state.pointee.length))
        }

        /// Prepares another report than the last one.
        @usableFromInline
        func prepare(_ frame: Frame, _ version: MembershipVersion, _ group: Frame.Address) {
            var bytes = unsafe MutableRawSpan(_unsafeStart: state.pointee.octets, byteCount: PreparedReport.capacity)
            unsafe state.pointee.length = frame.encode(into: &bytes, at: 0)
            unsafe state.pointee.group = group
            unsafe state.pointee.version = version
        }
    }
}
