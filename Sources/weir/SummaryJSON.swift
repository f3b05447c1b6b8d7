import ArgumentParser
import Weir

enum SummaryFormat: String, CaseIterable, ExpressibleByArgument {
    case table, json, none

    func text(of summary: RunSummary, usesColor: Bool) -> String {
        switch self {
        case .table: SummaryTable(summary, usesColor: usesColor).text
        case .json: summary.json.text + "\n"
        case .none: ""
        }
    }
}

extension RunSummary {
    /// The summary for programs; docs/ explains the keys.
    var json: JSONText {
        .object([
            ("pipeline", .string(pipeline)), ("balanced", .bool(balanced)),
            ("elapsed_seconds", .number(fixed(elapsed.inSeconds, places: 6))),
            ("virtual_seconds", .number(fixed(virtual.inSeconds, places: 6))),
            (
                "packets",
                .object([
                    ("read", .count(read)), ("written", .count(written)), ("dropped", .count(dropped)),
                    ("created", .count(created)),
                ])
            ),
            ("stages", .list(stages.map(\.json))),
            ("failures", .list(failures.map { $0.failure.json(stage: $0.stage) })),
        ])
    }
}

extension RunSummary.Stage {
    fileprivate var json: JSONText {
        .object([
            ("id", .string(id)), ("kind", .string(kind)), ("in", .count(takenIn)), ("created", .count(created)),
            ("out", counts(out)), ("dropped", counts(dropped)), ("consumed", .count(consumed)), ("held", .count(held)),
            ("counters", counts(counters)),
        ])
    }

    private func counts(_ entries: [(name: String, count: UInt64)]) -> JSONText {
        .object(entries.map { ($0.name, .count($0.count)) })
    }
}

extension StageFailure {
    fileprivate func json(stage: String) -> JSONText {
        .object([
            ("stage", .string(stage)), ("message", .string(message)), ("status", .number(String(status.rawValue))),
        ])
    }
}
