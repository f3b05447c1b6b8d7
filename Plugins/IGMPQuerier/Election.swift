import WeirWire

/// Which router asks the hosts of a network: the one with the lowest address (RFC 2236 §3, RFC 3376 §6.6.2).
///
/// 0.0.0.0 is no router's address, but what a switch sends as that isn't the querier (RFC 4541 §2.1.1): a query from it
/// silences nobody, and a router that has no other address takes no part.
struct Election {
    /// The address of this router.
    let address: IPv4Address
    /// The other router that asks in our place; nil while we are the querier, as every router is when it starts.
    private(set) var otherQuerier: IPv4Address?

    init(address: IPv4Address) { self.address = address }

    var isQuerier: Bool { otherQuerier == nil }

    /// Takes notice of a general query. Returns whether its sender goes before us: then we are silent for the Other
    /// Querier Present Interval from now.
    mutating func hear(from source: IPv4Address) -> Bool {
        guard !source.isUnspecified, source < address else { return false }
        otherQuerier = source
        return true
    }

    /// The Other Querier Present Interval has passed: we are the querier.
    mutating func win() { otherQuerier = nil }
}
