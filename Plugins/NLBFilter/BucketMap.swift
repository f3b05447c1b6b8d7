/// Which of the 60 buckets a host owns. Every host computes the map from the same membership, so no two own one bucket
/// and none is left unowned.
struct BucketMap {
    /// As in NLB: divides evenly among 2, 3, 4, 5, 6, 10, 12, 15, 20 and 30 hosts.
    static let bucketCount = 60

    /// A bit for each bucket of this host.
    let owned: UInt64

    /// Equal shares in the order of the hosts' ids, the remainder one each to the lowest ones.
    init(host: Int, hosts: [Int]) {
        let sorted = hosts.sorted()
        guard let rank = sorted.firstIndex(of: host) else {
            owned = 0
            return
        }
        let (share, remainder) = BucketMap.bucketCount.quotientAndRemainder(dividingBy: sorted.count)
        let first = rank * share + min(rank, remainder)
        let count = share + (rank < remainder ? 1 : 0)
        owned = (first..<first + count).reduce(0) { $0 | 1 << UInt64($1) }
    }

    @inline(__always)
    func owns(_ bucket: UInt64) -> Bool { owned >> bucket & 1 != 0 }
}
