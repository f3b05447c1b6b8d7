import Weir

/// Gives every item its id, and reports ids that are written twice.
///
/// A written id is kept. Otherwise the id is the kind, with `-2`, `-3` and so on behind it when that is taken.
struct Identifiers {
    private(set) var items: [String: StageItem] = [:]
    /// The ids in the order of the file.
    private(set) var names: [String] = []

    init(_ items: [StageItem], _ findings: Findings) {
        for item in items {
            guard let (id, span) = item.writtenID else { continue }
            if let first = self.items[id] {
                findings.error(
                    "the id `\(id)` is taken", at: span, help: "give each stage an id of its own",
                    notes: [Diagnostic.Note("it was first given here", at: first.writtenID?.span ?? first.span)])
            } else {
                self.items[id] = item
                item.id = id
            }
        }
        var counts: [String: Int] = [:]
        for item in items where item.id.isEmpty {
            let base = (item.writtenID?.text ?? item.kind ?? "stage") + (item.writtenID == nil ? item.suffix : "")
            var id = base
            while self.items[id] != nil {
                counts[base, default: 1] += 1
                id = "\(base)-\(counts[base, default: 1])"
            }
            self.items[id] = item
            item.id = id
        }
        names = items.map(\.id)
    }
}
