/// What a timer of a host is for, as the token that it is scheduled with. Tokens with the highest bit set are left to the
/// stage.
@usableFromInline
enum HostTimer {
    case group(Int)
    case generalAnswer
    case changesNow
    case changeRepeat
    case periodicReport
    case olderQuerier(MembershipVersion)

    @inlinable
    var token: UInt64 {
        switch self {
        case .group(let number): UInt64(number)
        case .generalAnswer: 1 << 32
        case .changesNow: 2 << 32
        case .changeRepeat: 3 << 32
        case .periodicReport: 4 << 32
        case .olderQuerier(let version): 5 << 32 | UInt64(version.rawValue)
        }
    }

    @inlinable
    init?(token: UInt64) {
        switch token >> 32 {
        case 0: self = .group(Int(token))
        case 1: self = .generalAnswer
        case 2: self = .changesNow
        case 3: self = .changeRepeat
        case 4: self = .periodicReport
        case 5:
            guard let version = MembershipVersion(rawValue: UInt8(truncatingIfNeeded: token)) else { return nil }
            self = .olderQuerier(version)
        default: return nil
        }
    }
}
