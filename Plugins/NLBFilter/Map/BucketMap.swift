/// Which host owns which bucket, by weight.
///
/// A map is a function of the weights that it has gone through, so that all hosts that saw the same changes have the same
/// map, and no two own one bucket.
struct BucketMap: Equatable {
    /// As in NLB: divides evenly among 2, 3, 4, 5, 6, 10, 12, 15, 20 and 30 hosts.
    static let bucketCount = 60
    /// As in NLB. Weights are lists with a place for each id; that of the id 0, which no host has, is not used.
    static let largestHostID = 32

    /// The id of each bucket's owner, 0 when nobody has weight.
    private(set) var owners: [UInt8]

    /// Shares in the order of the ids: 0-14 belong to host 1 of four equal hosts, 15-29 to host 2.
    init(bucketCount: Int = bucketCount, weights: [Int]) {
        let targets = Self.targets(bucketCount, weights)
        owners = targets.enumerated().flatMap { [UInt8](repeating: UInt8($0.offset), count: $0.element) }
        owners += [UInt8](repeating: 0, count: bucketCount - owners.count)
    }

    /// One host owns everything.
    init(bucketCount: Int, owner: Int) { owners = [UInt8](repeating: UInt8(owner), count: bucketCount) }

    /// Divides anew with the least movement: every host keeps what it has up to its share, the lowest buckets first; what
    /// is left over goes, in order, to the hosts that have less than their share, the lowest id first.
    mutating func redivide(weights: [Int]) {
        var missing = Self.targets(owners.count, weights)
        var released: [Int] = []
        for (bucket, owner) in owners.enumerated() {
            if owner != 0, missing[Int(owner)] > 0 { missing[Int(owner)] -= 1 } else { released.append(bucket) }
        }
        var takers = missing.enumerated().flatMap { [UInt8](repeating: UInt8($0.offset), count: $0.element) }[...]
        for bucket in released { owners[bucket] = takers.popFirst() ?? 0 }
    }

    /// How many buckets each host is due: its part of the whole rounded down, and one more each for the largest
    /// remainders, of equal ones the lowest id. All 0 when nobody has weight.
    static func targets(_ bucketCount: Int, _ weights: [Int]) -> [Int] {
        let total = weights.reduce(0, +)
        guard total > 0 else { return weights.map { _ in 0 } }
        var targets = weights.map { bucketCount * $0 / total }
        let byRemainder = weights.indices.sorted { left, right in
            let (first, second) = (bucketCount * weights[left] % total, bucketCount * weights[right] % total)
            return first == second ? left < right : first > second
        }
        for host in byRemainder.prefix(bucketCount - targets.reduce(0, +)) { targets[host] += 1 }
        return targets
    }
}
