import Weir

/// What a run did, for people: a row for each stage, then totals.
///
///     stage              in  created    out  dropped  written  counted
///     wire                            2,019
///     vlan-isolation  2,019           1,674      270                    foreign-vlan
///                                                 75                    untagged
///
/// A row has at most one label, at its end: why its packets were dropped, which output they took, or what was counted.
/// Columns in which nothing stands are left out.
struct SummaryTable {
    private let summary: RunSummary
    private let usesColor: Bool

    init(_ summary: RunSummary, usesColor: Bool) {
        self.summary = summary
        self.usesColor = usesColor
    }

    private enum Column: String, CaseIterable { case taken = "in", created, out, dropped, written, held, counted }

    private struct Row {
        var stage = ""
        var numbers: [Column: UInt64] = [:]
        var label = ""
    }

    var text: String {
        let rows = summary.stages.flatMap { Self.rows(of: $0) }
        let columns = Column.allCases.filter { column in rows.contains { $0.numbers[column] != nil } }
        let stageWidth = (rows.map(\.stage.count) + ["stage".count]).max() ?? 0
        let widths = columns.map { column in
            (rows.map { $0.numbers[column]?.grouped.count ?? 0 } + [column.rawValue.count]).max() ?? 0
        }
        func line(_ stage: String, _ cells: [String]) -> String {
            let aligned = zip(cells, widths).map { "  " + $0.padded(to: $1, rightAligned: true) }
            return stage.padded(to: stageWidth) + aligned.joined()
        }
        let heading = Paint.bold(line("stage", columns.map(\.rawValue)), if: usesColor)
        let body = rows.map { row in
            let cells = line(row.stage, columns.map { row.numbers[$0]?.grouped ?? "" })
            guard row.label.isEmpty else { return cells + "  " + Paint.dim(row.label, if: usesColor) }
            return String(cells.reversed().drop { $0 == " " }.reversed())
        }
        return ([heading] + body + [""] + totals).joined(separator: "\n")
    }

    private static func rows(of stage: RunSummary.Stage) -> [Row] {
        var first = Row(stage: stage.id)
        // All that a source puts out, it has created.
        if stage.role != .source {
            first.numbers[.taken] = stage.takenIn
            first.numbers[.created] = stage.created > 0 ? stage.created : nil
        }
        first.numbers[.out] = stage.out.first { $0.name == StageDescriptor.next }?.count
        first.numbers[.written] = stage.consumed > 0 ? stage.consumed : nil
        first.numbers[.held] = stage.held > 0 ? stage.held : nil
        if let reason = stage.dropped.first {
            first.numbers[.dropped] = reason.count
            first.label = reason.name
        }
        let reasons = stage.dropped.dropFirst().map { Row(numbers: [.dropped: $0.count], label: $0.name) }
        let outputs = stage.out.filter { $0.name != StageDescriptor.next }
        let counters = stage.counters.filter { $0.count > 0 }
        return [first] + reasons + outputs.map { Row(numbers: [.out: $0.count], label: "to \($0.name)") }
            + counters.map { Row(numbers: [.counted: $0.count], label: $0.name) }
    }

    private var totals: [String] {
        let seconds = summary.elapsed.inSeconds
        let rate = seconds > 0 ? UInt64(Double(summary.read) / seconds) : 0
        let counts = [
            ("read", summary.read), ("written", summary.written), ("dropped", summary.dropped),
            ("created", summary.created), ("held", summary.stages.reduce(0) { $0 + $1.held }),
            ("copied to be written to", UInt64(summary.copies)),
        ].filter { $0.1 > 0 || $0.0 == "read" }.map { "\($0.1.grouped) \($0.0)" }
        var lines = [
            "\(summary.pipeline): \(counts.joined(separator: ", "))",
            "\(summary.elapsed.phrase) for \(summary.virtual.phrase) of packets, \(rate.roughly.grouped) packets/s",
        ]
        if !summary.balanced {
            lines.append(Paint.alarm("THE LEDGER DOES NOT BALANCE: packets are unaccounted for", if: usesColor))
        }
        return lines
    }
}
