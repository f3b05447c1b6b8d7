/// Who owns which of 60 buckets, computed plainly from what docs say about maps; tests compare the filter with it.
struct MapModel: Equatable {
    /// The host of each bucket.
    private(set) var owners: [Int]

    /// The first map: shares by weight, buckets in index order by host id.
    init(weights: [Int: Int]) {
        let shares = Self.shares(weights)
        owners = weights.keys.sorted().flatMap { [Int](repeating: $0, count: shares[$0] ?? 0) }
    }

    /// The next map, when these hosts take part with these weights. Every host keeps its buckets up to its share,
    /// lowest first; what is left over goes in index order to hosts that have less, lowest id first.
    mutating func move(to weights: [Int: Int]) {
        var missing = Self.shares(weights)
        var free: [Int] = []
        for (bucket, owner) in owners.enumerated() {
            if let count = missing[owner], count > 0 { missing[owner] = count - 1 } else { free.append(bucket) }
        }
        let takers = missing.keys.sorted().flatMap { [Int](repeating: $0, count: missing[$0] ?? 0) }
        for (bucket, host) in zip(free, takers) { owners[bucket] = host }
    }

    /// Of the hosts 1, 2, ... as many as there are weights.
    func counts(of weights: [Int]) -> [Int] { (1...weights.count).map { host in owners.count { $0 == host } } }

    /// floor(60 * w / sum), then one more each to the largest remainders, of equal ones to the lowest id.
    static func shares(_ weights: [Int: Int]) -> [Int: Int] {
        let sum = weights.values.reduce(0, +)
        var shares = weights.mapValues { 60 * $0 / sum }
        let byRemainder = weights.sorted { (60 * $1.value % sum, $0.key) < (60 * $0.value % sum, $1.key) }
        for (host, _) in byRemainder.prefix(60 - shares.values.reduce(0, +)) { shares[host, default: 0] += 1 }
        return shares
    }
}
