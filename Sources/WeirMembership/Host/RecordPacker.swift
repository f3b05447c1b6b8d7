import WeirWire

/// Distributes records over reports that fit into a packet.
struct RecordPacker {
    /// Octets of records in a report.
    let capacity: Int

    /// The reports, each a list of records. A list of sources that is too long for a packet is cut in a record about a whole
    /// filter that excludes, where what is missing comes in unasked; other records are split (RFC 3376 §4.2.16).
    func reports<Address>(of records: [MembershipRecord<Address>]) -> [[MembershipRecord<Address>]] {
        var reports: [[MembershipRecord<Address>]] = []
        var used = capacity
        for part in records.flatMap(parts) {
            if used + part.encodedLength > capacity {
                reports.append([])
                used = 0
            }
            reports[reports.count - 1].append(part)
            used += part.encodedLength
        }
        return reports
    }

    private func parts<Address>(_ record: MembershipRecord<Address>) -> [MembershipRecord<Address>] {
        guard record.encodedLength > capacity else { return [record] }
        let empty = MembershipRecord<Address>(type: record.type, multicastAddress: record.multicastAddress)
        let most = max((capacity - empty.encodedLength) / Address.octetCount, 1)
        let isCut = record.type == .modeIsExclude || record.type == .changeToExcludeMode
        let starts = isCut ? [0] : Array(stride(from: 0, to: record.sources.count, by: most))
        return starts.map { start in
            var part = empty
            part.sources = Array(record.sources[start..<min(start + most, record.sources.count)])
            return part
        }
    }
}
