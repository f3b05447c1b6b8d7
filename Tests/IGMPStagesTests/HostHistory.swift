import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What may happen to a host, at random: queries of all kinds, other hosts' reports, joining, leaving and changing sources.
///
/// The first groups are joined at zero. What comes in does so at odd milliseconds and what the host wants changes at even
/// ones, so that nothing happens at once.
struct HostHistory {
    static let sources = (1...4).map { IPv4Address(192, 0, 2, $0) }

    /// A query as it was sent.
    struct Query {
        let time: Duration
        let version: IGMPVersion
        let group: IPv4Address
        let sources: [IPv4Address]
        let tenths: Int

        var isGeneral: Bool { group.isUnspecified }
        /// The time in which an answer is sent: the response time less the margin.
        var limit: Duration {
            let response = Duration.milliseconds(100 * tenths)
            return max(response - min(response / 4, .milliseconds(200)), .milliseconds(1))
        }
    }

    /// Somebody else's report.
    struct Heard {
        let time: Duration
        let group: IPv4Address
    }

    let groups: [IPv4Address]
    var queries: [Query] = []
    var heard: [Heard] = []
    var settings: [GroupSetting<IPv4Address>] = []
    var frames: [TestFrame] = []

    /// - Parameters:
    ///   - versions: those that the queriers speak.
    ///   - steps: how many messages come in.
    ///   - changes: how often the host changes what it wants.
    init(
        _ random: inout SeededRandom, groups: Int, versions: [IGMPVersion], steps: Int, changes: Int,
        reports: Bool = true
    ) {
        let groups = (0..<UInt32(groups)).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
        self.groups = groups
        settings = groups.map { GroupSetting($0, Self.filter(&random)) }
        var time = 0
        for _ in 0..<steps {
            time += Int.random(in: 1...4000, using: &random)
            let now = Duration.milliseconds(2 * time + 1)
            if reports, Int.random(in: 0..<4, using: &random) == 0 {
                hear(groups.randomElement(using: &random) ?? .unspecified, at: now, &random)
            } else {
                ask(versions.randomElement(using: &random) ?? .version2, at: now, &random)
            }
        }
        let changeTimes = Set(
            (0..<changes).map { _ in Duration.milliseconds(2 * Int.random(in: 1...time, using: &random)) })
        for change in changeTimes.sorted() {
            let group = groups.randomElement(using: &random) ?? .unspecified
            settings.append(GroupSetting(group, Self.filter(&random), at: change))
        }
        // The run goes on until every answer and repetition is out.
        frames.append(TestFrame(at: .milliseconds(2 * time) + .seconds(60), [0]))
    }

    private mutating func ask(_ version: IGMPVersion, at now: Duration, _ random: inout SeededRandom) {
        let isGeneral = version == .version1 || Bool.random(using: &random)
        let foreign = IPv4Address(239, 9, 9, 9)
        let isForeign = Int.random(in: 0..<6, using: &random) == 0
        let asked = isGeneral ? .unspecified : isForeign ? foreign : groups.randomElement(using: &random) ?? foreign
        let some = Self.sources.filter { _ in Bool.random(using: &random) }
        let sources = version == .version3 && !isGeneral && Bool.random(using: &random) ? some : []
        let tenths =
            version == .version1 ? 100 : Int.random(in: version == .version3 ? 0...127 : 1...127, using: &random)
        queries.append(Query(time: now, version: version, group: asked, sources: sources, tenths: tenths))
        frames.append(query(at: now, version, group: asked, sources: sources, tenths: tenths))
    }

    private mutating func hear(_ group: IPv4Address, at now: Duration, _ random: inout SeededRandom) {
        let isFirst = Bool.random(using: &random)
        heard.append(Heard(time: now, group: group))
        frames.append(frame(at: now, isFirst ? .version1Report(group) : .version2Report(group)))
    }

    /// Half of the time a member for any source.
    private static func filter(_ random: inout SeededRandom) -> SourceFilter<IPv4Address> {
        let some = sources.filter { _ in Bool.random(using: &random) }
        return switch Int.random(in: 0..<8, using: &random) {
        case 0...3: .everything
        case 4: .nothing
        case 5: SourceFilter(.exclude, some)
        default: SourceFilter(.include, some)
        }
    }
}
