import Weir

extension Membership {
    /// The map for the log: for each rule who has which buckets, `1:0-14 2:15-29`; a host that has all stands alone.
    var mapText: [(rule: String, map: String)] {
        zip(rules, divisions).map { rule, division in
            (rule?.name ?? "other", division.text)
        }
    }
}

extension Membership.Division {
    fileprivate var text: String {
        let hosts = Set(owners).sorted()
        if hosts.count == 1 { return hosts[0] == 0 ? "nobody" : "\(hosts[0])" }
        return hosts.map { host in
            let buckets = owners.indices.filter { owners[$0] == host }
            return (host == 0 ? "nobody" : "\(host)") + ":" + IntegerRanges(buckets.map { $0...$0 }).canonicalText
        }.joined(separator: " ")
    }
}
