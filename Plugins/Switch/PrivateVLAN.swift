import Weir

extension Switch {
    /// Which ports may reach which inside a VLAN (RFC 5517 §2).
    public struct PrivateVLANPorts: ParameterGroup {
        @Parameter("Ports that all may reach and that reach all, such as a router's.", in: 1...PortSet.capacity)
        public var promiscuous: IntegerRanges?
        @Parameter(
            "Communities of ports that reach each other, as in `[2-3, \"4,6\"]`. A port that is in none is isolated.",
            default: [], in: 1...PortSet.capacity)
        public var communities: [IntegerRanges]
        public init() {}
    }
}

/// By port: the ports that frames which came in there may leave by (RFC 5517 §2), on every VLAN.
struct PrivateVLAN {
    private var reach: [PortSet]

    /// Everybody reaches everybody without a configuration.
    init(_ configuration: Switch.Configuration) throws {
        let all = PortSet(first: configuration.ports)
        guard let settings = configuration.private else {
            reach = Array(repeating: all, count: configuration.ports)
            return
        }
        guard settings.promiscuous?.isEmpty == false || !settings.communities.isEmpty else {
            throw ConfigurationError(
                parameter: "private", "all ports are isolated, and none is left to be reached",
                help: "name the router's: `private: { promiscuous: 1 }`")
        }
        let promiscuous = try configuration.portSet(settings.promiscuous, parameter: "private.promiscuous")
        reach = (0..<configuration.ports).map { promiscuous.contains($0) ? all : promiscuous }
        var places = [String?](repeating: nil, count: configuration.ports)
        func enter(_ ports: PortSet, at place: String) throws {
            var ports = ports
            while let port = ports.popFirst() {
                if let other = places[port] {
                    throw ConfigurationError(
                        parameter: place, "port \(port + 1) has a place already",
                        related: [.init(parameter: other, message: "it is here too")])
                }
                places[port] = place
            }
        }
        try enter(promiscuous, at: "private.promiscuous")
        for (index, numbers) in settings.communities.enumerated() {
            let place = "private.communities[\(index)]"
            guard numbers.count > 1 else {
                throw ConfigurationError(
                    parameter: place, "a community has at least two ports",
                    help: "one community of two is `[2-3]` or `[\"2,4\"]`; who is isolated isn't named")
            }
            var community = try configuration.portSet(numbers, parameter: place)
            try enter(community, at: place)
            let reached = promiscuous.union(community)
            while let port = community.popFirst() { reach[port] = reached }
        }
    }

    /// The ports that what came in by `port` may leave by.
    func ports(reachedFrom port: Int) -> PortSet { reach[port] }
}
