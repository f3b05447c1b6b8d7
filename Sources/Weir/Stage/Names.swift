// One line of unsafe code: the ordinal of an enumeration case. Swift lays an enumeration without payloads out as its
// ordinal; `StageDescriptor` checks that for every case of every stage when the stage is registered.

/// The words of a stage: its outputs, drop reasons and counters, each an enumeration whose raw values explain it.
///
///     enum Drop: String, StageWord { case notOurs = "another host of the cluster owns the packet" }
///
/// The name that users see is the case in kebab case: `not-ours`.
public protocol StageWord: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

extension StageWord {
    /// The position of the case among its siblings.
    @inlinable
    public var ordinal: Int { unsafe withUnsafeBytes(of: self) { unsafe $0.count == 0 ? 0 : Int($0[0]) } }

    /// The name that YAML, summaries and metrics use.
    public var name: String { kebabCase("\(self)") }
}

/// The words of a stage that has none.
public enum NoWords: String, StageWord { case none = ""; public static var allCases: [NoWords] { [] } }

/// `hostID` and `hostId` become `host-id`.
package func kebabCase(_ camelCase: String) -> String {
    var words = ""
    var previousWasLower = false
    let letters = Array(camelCase)
    for (index, letter) in letters.enumerated() {
        let nextIsLower = index + 1 < letters.count && letters[index + 1].isLowercase
        if letter.isUppercase, index > 0, previousWasLower || nextIsLower { words += "-" }
        words += letter.lowercased()
        previousWasLower = letter.isLowercase || letter.isNumber
    }
    return words
}
