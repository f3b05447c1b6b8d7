/// The word among `known` that `word` was most likely meant to be, nil when none is close.
package func nearest(_ word: String, _ known: [String]) -> String? {
    let scalars = Array(word.lowercased().unicodeScalars.prefix(64))
    let allowed = scalars.count <= 2 ? 1 : max(1, scalars.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(scalars, Array(candidate.lowercased().unicodeScalars))
        if distance <= allowed, distance < best?.distance ?? .max, distance < max(scalars.count, 1) {
            best = (candidate, distance)
        }
    }
    return best?.word
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from `left` to `right`.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
