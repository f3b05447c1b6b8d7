import WeirWire

/// Which sources of a group a host wants to hear (RFC 3376 §3.2): a member of "any source" excludes none, and who has
/// left includes none.
public struct SourceFilter<Address: IPAddress>: Hashable, Sendable {
    public enum Mode: Sendable { case include, exclude }

    public let mode: Mode
    /// In ascending order, each once.
    public let sources: [Address]

    public init(_ mode: Mode, _ sources: [Address] = []) {
        self.mode = mode
        self.sources = sources.count < 2 ? sources : Set(sources).sorted()
    }

    /// Of somebody who is no member: INCLUDE {}.
    public static var nothing: Self { Self(.include) }
    /// Of a member for any source: EXCLUDE {}.
    public static var everything: Self { Self(.exclude) }

    /// Whether the host is a member.
    @inlinable public var isMember: Bool { mode == .exclude || !sources.isEmpty }

    /// Whether the host wants to hear `source`.
    public func admits(_ source: Address) -> Bool { sources.contains(source) == (mode == .include) }

    /// The sources of `queried` that the host wants to hear (RFC 3376 §5.2).
    public func admitted(of queried: [Address]) -> [Address] { queried.filter(admits) }
}
