/// The hash of Linux's `cluster` match (xt_cluster): Bob Jenkins' lookup3 over one word, the source address.
///
/// The kernel reads the word as it lies in the packet, so that its value depends on the machine's byte order; this is what
/// little-endian machines compute. Of an IPv6 address the match hashes only the first word, so that all of a /32 goes to
/// one node.
struct ClusterMatchHash {
    let seed: UInt32

    /// `jhash_1word` of Linux 4.2 and newer.
    /// - Parameter word: the first four octets of the source address, read little-endian.
    func hash(_ word: UInt32) -> UInt32 {
        let initial = seed &+ 0xdead_beef &+ 4
        var (a, b, c) = (word &+ initial, initial, initial)
        // __jhash_final
        c = (c ^ b) &- rotated(b, by: 14)
        a = (a ^ c) &- rotated(c, by: 11)
        b = (b ^ a) &- rotated(a, by: 25)
        c = (c ^ b) &- rotated(b, by: 16)
        a = (a ^ c) &- rotated(c, by: 4)
        b = (b ^ a) &- rotated(a, by: 14)
        return (c ^ b) &- rotated(b, by: 24)
    }

    private func rotated(_ word: UInt32, by count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
