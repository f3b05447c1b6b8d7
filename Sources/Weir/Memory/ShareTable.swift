/// How many holders each shared frame has. Row 0 stands for "not shared" and is never used.
@usableFromInline
struct ShareTable {
    @usableFromInline var holders: [UInt32] = [0]
    @usableFromInline var free: [UInt16] = []

    /// A row for a frame that gets its second holder.
    mutating func add() -> Int {
        if let row = free.popLast() {
            holders[Int(row)] = 2
            return Int(row)
        }
        precondition(holders.count <= 65_535, "more than 65,535 frames are shared at once")
        holders.append(2)
        return holders.count - 1
    }

    mutating func retain(_ row: Int) { holders[row] += 1 }

    func isLast(_ row: Int) -> Bool { holders[row] == 1 }

    mutating func remove(_ row: Int) {
        holders[row] = 0
        free.append(UInt16(row))
    }

    /// One holder less; true when it was the last one.
    @usableFromInline
    mutating func release(_ row: Int) -> Bool {
        if isLast(row) {
            remove(row)
            return true
        }
        holders[row] -= 1
        return false
    }
}
