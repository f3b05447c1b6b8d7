/// A block of memory that isn't the arena's own; see `StageContext.adopt`.
public struct AdoptedBlock {
    private let arena: Arena
    private let block: UInt16
    private let size: Int

    init(_ arena: Arena, _ block: UInt16, size: Int) {
        self.arena = arena
        self.block = block
        self.size = size
    }

    /// The block, with frames to be listed. Not to be called again before it was released.
    public func open() -> SourceBlock { SourceBlock(arena, adopted: block, size: size) }
}
