import Weir
import WeirConfig

extension RunSummary {
    /// The summary as one object, for scripts.
    var json: JSONText {
        .object([
            ("pipeline", .string(pipeline)), ("balanced", .boolean(balanced)),
            ("elapsed_seconds", .number(elapsed.inSeconds)), ("virtual_seconds", .number(virtual.inSeconds)),
            (
                "packets",
                .object([
                    ("read", .integer(read)), ("written", .integer(written)), ("dropped", .integer(dropped)),
                    ("created", .integer(created)),
                ])
            ),
            ("stages", .list(stages.map(\.json))),
            (
                "failures",
                .list(
                    failures.map {
                        .object([
                            ("stage", .string($0.stage)), ("message", .string($0.failure.message)),
                            ("status", .integer(Int64($0.failure.status.rawValue))),
                        ])
                    })
            ),
        ])
    }
}

extension RunSummary.Stage {
    fileprivate var json: JSONText {
        func object(_ counts: [(name: String, count: UInt64)]) -> JSONText {
            .object(counts.map { ($0.name, .integer($0.count)) })
        }
        return .object([
            ("id", .string(id)), ("kind", .string(kind)), ("in", .integer(takenIn)), ("created", .integer(created)),
            ("out", object(out)), ("dropped", object(dropped)), ("consumed", .integer(consumed)),
            ("held", .integer(held)), ("counters", object(counters)),
        ])
    }
}
