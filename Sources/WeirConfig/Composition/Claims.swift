import Weir

/// Finds what stages claim for different owners.
struct Claims {
    private struct Holder {
        let owner: String
        let place: Node
    }

    /// The owners of each resource, each where it was first met.
    private var holders: [String: [Holder]] = [:]

    /// Takes the claims of a stage, and warns of those in which another owner came first: once for each owner.
    mutating func add(_ claims: [Claim], of item: StageItem, _ findings: Findings) {
        for claim in claims {
            let known = holders[claim.resource] ?? []
            guard !known.contains(where: { $0.owner == claim.owner }) else { continue }
            let place = item.place(of: claim.parameter)
            holders[claim.resource, default: []].append(Holder(owner: claim.owner, place: place))
            guard let first = known.first else { continue }
            var warning = Diagnostic.error(
                "\(claim.resource) belongs to \(claim.owner) here, and to \(first.owner) as well", at: place,
                help: claim.help.map { [$0] } ?? [])
            warning.severity = .warning
            warning.parameter = claim.parameter
            warning.notes.append(Diagnostic.Note("it belongs to \(first.owner) here", at: first.place.span))
            findings.report(warning)
        }
    }
}

extension StageItem {
    /// The value of the parameter, as far along its path as there are values; the stage itself for nil.
    func place(of parameter: String?) -> Node {
        parameter.flatMap { configuration.descendant($0) } ?? Node(.null, at: span)
    }
}
