import Weir

/// How a rule's buckets are shared out: over all hosts by weight, or to one host.
struct RuleMap {
    private let rule: PortRule?
    private(set) var map: BucketMap

    /// - Parameter rule: nil for the rule of all ports that no other names.
    init(_ rule: PortRule?, hosts: IntegerRanges, bucketCount: Int) {
        self.rule = rule
        map = BucketMap(bucketCount: bucketCount, owner: 0)
        let everybody = MembershipStep(everybodyOf: hosts)
        if let rule, rule.filtering == .multiple {
            map = BucketMap(bucketCount: bucketCount, weights: Self.weights(everybody, rule))
        } else {
            take(everybody)
        }
    }

    mutating func take(_ step: MembershipStep) {
        // The default host.
        guard let rule else { return give(to: step.up.numbers.first { step.takesNew($0, for: nil) }) }
        switch rule.filtering {
        case .multiple: map.redivide(weights: Self.weights(step, rule))
        case .single:
            let handling = rule.handling ?? []
            let order = handling + step.up.numbers.filter { !handling.contains($0) }
            give(to: order.first { step.takesNew($0, for: rule) })
        case .disabled: give(to: nil)
        }
    }

    private mutating func give(to host: Int?) {
        map = BucketMap(bucketCount: map.owners.count, owner: host ?? 0)
    }

    private static func weights(_ step: MembershipStep, _ rule: PortRule) -> [Int] {
        (0...BucketMap.largestHostID).map { $0 == 0 ? 0 : step.weight(of: $0, for: rule) }
    }
}
