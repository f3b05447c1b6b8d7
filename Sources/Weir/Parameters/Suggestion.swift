/// The word among `known` that `word` was most likely meant to be, nil when none is close.
///
/// A known word with a colon behind it, `file:in.pcap`, is one whose blank was forgotten.
package func nearest(_ word: String, _ known: [String]) -> String? {
    if let key = keyWithoutBlank(word)?.key, known.contains(key) { return key }
    let scalars = Array(word.lowercased().unicodeScalars.prefix(64))
    let allowed = scalars.count <= 2 ? 1 : max(1, scalars.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known.prefix(1_000) where abs(candidate.unicodeScalars.count - scalars.count) <= allowed {
        let distance = editDistance(scalars, Array(candidate.lowercased().unicodeScalars))
        if distance <= allowed, distance < best?.distance ?? .max, distance < max(scalars.count, 1) {
            best = (candidate, distance)
        }
    }
    return best?.word
}

/// What to write instead of `word`, when `near` was meant.
package func correction(of word: String, to near: String) -> String {
    if let (key, value) = keyWithoutBlank(word), key == near {
        return "a blank belongs behind the colon: `\(key): \(value)`"
    }
    return "did you mean `\(near)`?"
}

/// The parts of `key:value`, nil for any other word.
private func keyWithoutBlank(_ word: String) -> (key: String, value: String)? {
    guard let colon = word.firstIndex(of: ":") else { return nil }
    return (String(word[..<colon]), String(word[word.index(after: colon)...]))
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
