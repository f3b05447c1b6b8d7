import Weir

// The compiler takes the overload of the stage's own shape, as it does for `StageDescriptor`.
extension StageRun {
    /// Adds a stage that judges packets behind the last one.
    public mutating func add<S: PacketStage>(
        _ type: S.Type, id: String? = nil, _ configure: (inout S.Configuration) -> Void = { _ in }
    ) throws {
        try add(StageDescriptor(type), id: id, configure)
    }

    /// Adds a stage that speaks a protocol behind the last one.
    public mutating func add<S: ProtocolStage>(
        _ type: S.Type, id: String? = nil, _ configure: (inout S.Configuration) -> Void = { _ in }
    ) throws {
        try add(StageDescriptor(type), id: id, configure)
    }

    /// Adds a stage with ports, which stands in no chain.
    public mutating func add<S: PortStage>(
        _ type: S.Type, id: String? = nil, _ configure: (inout S.Configuration) -> Void = { _ in }
    ) throws {
        try add(StageDescriptor(type), id: id, configure)
    }

    /// Adds a stage that is handed batches behind the last one.
    public mutating func add<S: BatchStage>(
        _ type: S.Type, id: String? = nil, _ configure: (inout S.Configuration) -> Void = { _ in }
    ) throws {
        try add(StageDescriptor(type), id: id, configure)
    }
}

extension StageRun.Result {
    /// What doesn't add up, in words; every test expects none: `#expect(result.imbalances == [])`.
    public var imbalances: [String] {
        guard !summary.balanced else { return [] }
        let accounts = summary.stages.filter { !$0.balances }.map { stage in
            "\(stage.id): in \(stage.takenIn) + created \(stage.created) is not out \(stage.totalOut)"
                + " + dropped \(stage.totalDropped) + consumed \(stage.consumed) + held \(stage.held)"
        }
        return accounts.isEmpty ? ["frames on a wire or in the arena that no stage accounts for"] : accounts
    }
}
