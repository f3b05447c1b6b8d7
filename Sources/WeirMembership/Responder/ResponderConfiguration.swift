import Weir
import WeirWire

/// What is answered.
public enum Answer: String, CaseIterable, ParameterWord { case queries, never }

/// Whether queries without Router Alert are answered.
public enum RouterAlert: String, CaseIterable, ParameterWord { case optional, required }

/// The parameters of `igmp-responder` and `mld-responder`.
public struct ResponderConfiguration<Address: GroupAddress>: StageConfiguration {
    @Parameter("What the host wants: groups, or maps with `group`, `include` or `exclude`, and `at`.")
    public var groups: [GroupSetting<Address>]
    @Parameter("What is answered: `queries`, or `never`.", default: .queries) public var answer: Answer
    @Parameter("Time between reports that nobody asked for; none without it.", in: .milliseconds(1)...)
    public var reportInterval: Duration?
    @Parameter("Whether another host's report takes the place of this one's; see above.", default: false)
    public var suppressReports: Bool
    @Parameter(
        "The newest version that is spoken; older queriers are followed.", default: Address.protocolVersions.upperBound,
        in: Address.protocolVersions)
    public var version: Int
    @Parameter("The host's IP address.", default: .unspecified) public var source: Address
    @Parameter("The host's MAC address.", default: MACAddress(0x02, 0, 0, 0, 0, 0x01)) public var mac: MACAddress
    @Parameter("The VLAN of the network; untagged without it.", in: 1...4094) public var vlan: Int?
    @Parameter("Whether queries must have the Router Alert option.", default: .optional)
    public var routerAlert: RouterAlert
    @Parameter(
        "The host joins at a random time within this one of the start.", default: .zero, in: .zero ... .seconds(86_400))
    public var joinWithin: Duration
    @Parameter("Robustness Variable until a querier tells: how often a change is reported.", default: 2, in: 1...7)
    public var robustness: Int
    @Parameter("Query Interval until a querier tells.", default: .seconds(125), in: .milliseconds(100)...)
    public var queryInterval: Duration
    @Parameter(
        "The longest delay until a change is reported again; as the version has it without.", in: .milliseconds(1)...)
    public var unsolicitedReportInterval: Duration?
    @Parameter("How long an older querier is remembered; as the RFCs say without it.", in: .milliseconds(1)...)
    public var olderQuerierTimeout: Duration?
    @Parameter("The longest IP packet that is sent, in octets.", default: 1500, in: 576...9000) public var mtu: Int
    public init() {}
}

extension ResponderConfiguration {
    /// The settings of the state machine.
    package var hostSettings: HostSettings {
        let newest = Address.generation(version)
        let oldest = Address.generation(Address.protocolVersions.lowerBound)
        var settings = HostSettings(
            versions: oldest...newest, recordCapacity: Address.recordCapacity(mtu: mtu))
        settings.answersQueries = answer == .queries
        settings.suppressesReports = suppressReports
        settings.reportInterval = reportInterval
        settings.robustness = robustness
        settings.queryInterval = queryInterval
        settings.unsolicitedReportInterval = unsolicitedReportInterval
        settings.olderQuerierTimeout = olderQuerierTimeout
        return settings
    }

    /// What its own limits don't tell about a parameter.
    package func check() throws {
        if let (message, help) = source.faultAsHost {
            throw ConfigurationError(parameter: "source", message, help: help)
        }
        var named: [Duration: Set<Address>] = [:]
        for (index, setting) in groups.enumerated() {
            let parameter = "groups[\(index)]"
            if let (message, help) = setting.group.fault(reporting: setting.filter) {
                throw ConfigurationError(parameter: parameter, message, help: help)
            }
            guard named[setting.time, default: []].insert(setting.group).inserted else {
                throw ConfigurationError(
                    parameter: parameter, "\(setting.group) is listed twice",
                    help: "name all its sources in one entry, or say when it changes: `at: 60s`")
            }
        }
    }
}
