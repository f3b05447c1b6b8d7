import Weir

/// What a run did, for people: a row for each stage, and below it what else there is to say about it.
struct SummaryTable {
    private let summary: RunSummary

    init(_ summary: RunSummary) { self.summary = summary }

    var text: String {
        let idWidth = max(summary.stages.map(\.id.count).max() ?? 0, "stage".count)
        let columns = ["in", "out", "dropped"]
        let rows = summary.stages.map { stage in
            [stage.takenIn + stage.created, stage.totalOut + stage.consumed, stage.totalDropped].map(\.grouped)
        }
        let widths = columns.indices.map { column in
            (rows.map { $0[column].count } + [columns[column].count]).max() ?? 0
        }
        func row(_ id: String, _ cells: [String], _ remark: String = "") -> String {
            let padded = cells.indices.map { cells[$0].padded(to: widths[$0], rightAligned: true) }
            let line = id.padded(to: idWidth) + "  " + padded.joined(separator: "  ")
            return remark.isEmpty ? line : line + "  " + remark
        }
        var lines = [row("stage", columns)]
        for (stage, cells) in zip(summary.stages, rows) {
            let remarks = remarks(about: stage)
            lines.append(row(stage.id, cells, remarks.first ?? ""))
            lines += remarks.dropFirst().map { row("", columns.map { _ in "" }, $0) }
        }
        return (lines + [""] + footer).joined(separator: "\n")
    }

    /// Reasons, named outputs and counters, a line each.
    private func remarks(about stage: RunSummary.Stage) -> [String] {
        var remarks = stage.dropped.map { "\($0.name) \($0.count.grouped)" }
        if stage.out.count > 1 { remarks += stage.out.map { "-> \($0.name) \($0.count.grouped)" } }
        if stage.held > 0 { remarks.append("held \(stage.held.grouped)") }
        return remarks + stage.counters.filter { $0.count > 0 }.map { "\($0.name): \($0.count.grouped)" }
    }

    private var footer: [String] {
        let seconds = summary.elapsed.inSeconds
        let rate = seconds > 0 ? UInt64(Double(summary.read) / seconds) : 0
        let counts = [
            ("read", summary.read), ("created", summary.created), ("written", summary.written),
            ("dropped", summary.dropped),
        ].filter { $0.1 > 0 || $0.0 == "read" }.map { "\($0.1.grouped) \($0.0)" }
        var lines = [
            "\(summary.pipeline): \(counts.joined(separator: ", "))",
            "\(seconds.rounded(to: 3)) s for \(summary.virtual.inSeconds.rounded(to: 3)) s of packets, "
                + "\(rate.grouped) packets a second",
        ]
        if summary.copies > 0 { lines.append("\(UInt64(summary.copies).grouped) copied to be written to") }
        if !summary.balanced { lines.append("THE LEDGER DOES NOT BALANCE: packets are unaccounted for") }
        return lines
    }
}

extension UInt64 {
    /// With a comma between groups of three digits.
    var grouped: String {
        let digits = String(self)
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }.joined()
    }
}

extension String {
    func padded(to width: Int, rightAligned: Bool = false) -> String {
        let padding = String(repeating: " ", count: Swift.max(0, width - count))
        return rightAligned ? padding + self : self + padding
    }
}

extension Double {
    /// With so many decimals.
    func rounded(to decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = UInt64((Swift.max(self, 0) * scale).rounded())
        let fraction = String(scaled % UInt64(scale))
        return "\(scaled / UInt64(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
