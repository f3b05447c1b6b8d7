import Weir
import WeirWire

/// Which older versions the members of a group speak (RFC 3376 §7.3.2; RFC 2236 §5 for version 1).
struct OlderHosts {
    private var version1Until = Instant(nanoseconds: 0)
    private var version2Until = Instant(nanoseconds: 0)

    /// A member has reported in `version`; its host counts as present until then.
    mutating func hear(_ version: IGMPVersion, until end: Instant) {
        switch version {
        case .version1: version1Until = max(version1Until, end)
        case .version2: version2Until = max(version2Until, end)
        case .version3: break
        }
    }

    /// Group Compatibility Mode.
    func compatibilityMode(at now: Instant) -> IGMPVersion {
        now < version1Until ? .version1 : now < version2Until ? .version2 : .version3
    }
}

extension IGMPGroupRecord {
    /// The record as a router takes it while hosts of `version` are present; nil when it is ignored (RFC 3376 §7.3.2).
    /// An older host answers no query for sources, and one of version 1 is silent when another host leaves.
    func heard(inCompatibilityWith version: IGMPVersion) -> Self? {
        switch type {
        case .changeToIncludeMode where version == .version1: nil
        case .blockOldSources where version < .version3: nil
        case .changeToExcludeMode where version < .version3: Self(type: type, multicastAddress: multicastAddress)
        default: self
        }
    }

    /// The record as one about the whole group, for a querier that can't ask for sources; nil when it says nothing of it.
    var withoutSources: Self? {
        switch type {
        case .changeToIncludeMode where sources.isEmpty: self
        case .modeIsExclude, .changeToExcludeMode: Self(type: .modeIsExclude, multicastAddress: multicastAddress)
        case .blockOldSources: nil
        default: sources.isEmpty ? nil : Self(type: .modeIsExclude, multicastAddress: multicastAddress)
        }
    }

    /// Whether a member leaves the group: TO_IN({}) (RFC 3376 §7.3.2).
    var isLeave: Bool { type == .changeToIncludeMode && sources.isEmpty }
}
