import Weir

/// The summary for people: a row for every stage, then totals.
///
///     stage              in  created    out  dropped  written  counted
///     wire                            2,019
///     vlan-isolation  2,019           1,900      119                    foreign-vlan
///
/// A row has at most one label, at its end, which says what its dropped or counted packets are, or which output they
/// took. Columns in which nothing stands are left out.
struct SummaryTable {
    private let summary: RunSummary
    private let usesColor: Bool

    init(_ summary: RunSummary, usesColor: Bool) {
        self.summary = summary
        self.usesColor = usesColor
    }

    /// One line of a stage; what stands in no column is nil.
    private struct Row {
        var stage = ""
        var numbers = [UInt64?](repeating: nil, count: Column.allCases.count)
        var label = ""

        init(_ stage: String = "", _ values: [Column: UInt64?] = [:], label: String = "") {
            self.stage = stage
            self.label = label
            for (column, value) in values { numbers[column.rawValue] = value }
        }
    }

    private enum Column: Int, CaseIterable {
        case taken, created, out, dropped, written, held, counted

        var title: String { self == .taken ? "in" : "\(self)" }
    }

    private static func rows(of stage: RunSummary.Stage) -> [Row] {
        func unlessZero(_ count: UInt64) -> UInt64? { count > 0 ? count : nil }
        let next = stage.out.first { $0.name == StageDescriptor.next }?.count
        var first = Row(
            stage.id,
            [
                .taken: stage.role == .source ? nil : stage.takenIn,
                .created: stage.role == .source ? nil : unlessZero(stage.created),
                .out: next, .written: stage.role == .sink ? unlessZero(stage.consumed) : nil,
                .held: unlessZero(stage.held),
            ])
        var rest = stage.dropped.map { Row("", [.dropped: $0.count], label: $0.name) }
        if let reason = rest.first {
            first.numbers[Column.dropped.rawValue] = reason.numbers[Column.dropped.rawValue]
            first.label = reason.label
            rest.removeFirst()
        }
        rest += stage.out.filter { $0.name != StageDescriptor.next }.map { Row("", [.out: $0.count], label: "to \($0.name)") }
        rest += stage.counters.filter { $0.count > 0 }.map { Row("", [.counted: $0.count], label: $0.name) }
        return [first] + rest
    }

    var text: String {
        let rows = summary.stages.flatMap { Self.rows(of: $0) }
        let columns = Column.allCases.filter { column in rows.contains { $0.numbers[column.rawValue] != nil } }
        let stageWidth = max(5, rows.map(\.stage.count).max() ?? 0)
        let widths = columns.map { column in
            max(column.title.count, rows.map { $0.numbers[column.rawValue].map(grouped)?.count ?? 0 }.max() ?? 0)
        }
        var heading = "stage".padded(to: stageWidth)
        for (column, width) in zip(columns, widths) { heading += "  " + column.title.rightAligned(to: width) }
        var lines = [Paint.bold(heading, if: usesColor)]
        for row in rows {
            var line = row.stage.padded(to: stageWidth)
            for (column, width) in zip(columns, widths) {
                line += "  " + (row.numbers[column.rawValue].map(grouped) ?? "").rightAligned(to: width)
            }
            if row.label.isEmpty { while line.last == " " { line.removeLast() } }
            lines.append(row.label.isEmpty ? line : line + "  " + Paint.dim(row.label, if: usesColor))
        }
        return (lines + [""] + totals).joined(separator: "\n") + "\n"
    }

    private var totals: [String] {
        let seconds = summary.elapsed.inSeconds
        let rate = seconds > 0 ? grouped(rounded(Double(summary.read) / seconds)) + " packets/s" : ""
        let counts: [(String, UInt64)] = [
            ("read", summary.read), ("written", summary.written), ("dropped", summary.dropped),
            ("created", summary.created), ("held", summary.stages.reduce(0) { $0 + $1.held }),
        ]
        var lines = [
            counts.filter { $0.1 > 0 || $0.0 == "read" || $0.0 == "written" }
                .map { "\($0.0) \(grouped($0.1))" }.joined(separator: ", "),
            "\(summary.elapsed.phrase) for \(summary.virtual.phrase) of the capture, \(rate)",
        ]
        if !summary.balanced {
            lines.append(
                Paint.alarm("UNBALANCED: packets are not accounted for. This is a fault in weir or a stage.", if: usesColor))
        }
        return lines
    }
}
