import Weir
import WeirWire

extension VLANIsolation {
    /// Who may reach whom inside a VLAN (RFC 5517 §2), by MAC address.
    public struct PrivateVLANMembers: ParameterGroup {
        @Parameter("Members that all may reach and that reach all, such as a router.", default: [])
        public var promiscuous: [MACAddress]
        @Parameter("Lists of members that reach each other. Whoever is in none is isolated.", default: [])
        public var communities: [[MACAddress]]
        @Parameter("The member that these frames go to; it is judged by for frames to group addresses.")
        public var behind: MACAddress?
        public init() {}
    }
}

/// The members of a private VLAN.
struct PrivateVLAN {
    private enum Role: Equatable { case promiscuous, community(Int) }

    /// Whoever isn't in it is isolated.
    private var roles: [MACAddress: Role] = [:]
    private let behind: MACAddress?

    init(_ members: VLANIsolation.PrivateVLANMembers) throws {
        behind = members.behind
        guard !members.promiscuous.isEmpty || !members.communities.isEmpty else {
            throw ConfigurationError(
                parameter: "private", "everybody is isolated, and nobody is left to be reached",
                help: "name the router: `private: { promiscuous: 02-00-00-00-00-01 }`")
        }
        var places: [MACAddress: String] = [:]
        func enter(_ address: MACAddress, _ role: Role, at place: String) throws {
            if address.isMulticast {
                throw ConfigurationError(parameter: place, "\(address) is a group's address, and no member's")
            }
            if let other = places.updateValue(place, forKey: address) {
                throw ConfigurationError(
                    parameter: place, "\(address) has a place already",
                    related: [.init(parameter: other, message: "it is here too")])
            }
            roles[address] = role
        }
        for (index, address) in members.promiscuous.enumerated() {
            try enter(address, .promiscuous, at: "private.promiscuous[\(index)]")
        }
        for (number, community) in members.communities.enumerated() {
            guard community.count > 1 else {
                throw ConfigurationError(
                    parameter: "private.communities[\(number)]", "a community has at least two members",
                    help: "one community of two is `[[MAC, MAC]]`; who is isolated isn't named")
            }
            for (index, address) in community.enumerated() {
                try enter(address, .community(number), at: "private.communities[\(number)][\(index)]")
            }
        }
        if let behind, behind.isMulticast {
            throw ConfigurationError(parameter: "private.behind", "\(behind) is a group's address, and no member's")
        }
    }

    /// Whether a frame from `source` may go to `destination` (RFC 5517 §2).
    ///
    /// A group's receivers aren't known from the frame: the member behind the stage stands for them, and without one it may.
    func mayReach(_ destination: MACAddress, from source: MACAddress) -> Bool {
        guard let receiver = destination.isMulticast ? behind : destination, receiver != source else { return true }
        let (from, to) = (roles[source], roles[receiver])
        // Equal roles: the same community, unless both are isolated.
        return from == .promiscuous || to == .promiscuous || from != nil && from == to
    }
}
