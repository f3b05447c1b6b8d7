import Weir
import WeirWire

extension ARPResponder {
    /// What is answered.
    public enum Answer: String, CaseIterable, ParameterWord { case requests, never }

    /// Whether the source of what is sent hides the address that the cluster's hosts share in unicast mode.
    public enum Mask: String, CaseIterable, ParameterWord { case cluster, none }

    public struct Configuration: StageConfiguration {
        @Parameter("The cluster's primary virtual address.") public var cluster: IPv4Address
        @Parameter("Further addresses of the cluster.", default: []) public var addresses: [AnyIPAddress]
        @Parameter("The cluster's mode, which decides on the MAC address that is told.", default: .unicast)
        public var mode: ClusterMode
        @Parameter("The MAC address that is told; that of `mode` without it.") public var clusterMAC: MACAddress?
        @Parameter("This host's id, for the source 02-h-a-b-c-d in unicast mode.", in: 1...32) public var hostID: Int?
        @Parameter("The MAC address that the host sends with, in place of 02-h-a-b-c-d.") public var mac: MACAddress?
        @Parameter(
            "Whether the shared address of unicast mode is masked where it would be the source: `cluster`, or `none`,"
                + " for hosts on a hub.",
            default: .cluster)
        public var mask: Mask
        @Parameter("What is answered: `requests`, or `never`, since another host does.", default: .requests)
        public var answer: Answer
        @Parameter("How often the addresses are announced at the start.", default: 2, in: 0...100)
        public var announcements: Int
        @Parameter("Time between announcements.", default: .seconds(2), in: .milliseconds(1) ... .seconds(3600))
        public var announcementInterval: Duration
        @Parameter(
            "The VLAN of the network; without it every VLAN is answered, and announcements have no tag.", in: 1...4094)
        public var vlan: Int?
        public init() {}
    }

    public enum Output: String, StageWord { case answers = "replies, advertisements and announcements" }

    public enum Drop: String, StageWord {
        case answered = "asked for an address of the cluster, and was answered"
        case leftToOthers = "asked for an address of the cluster, and `answer` is `never`"
        case fromCluster = "another host of the cluster announces its address, or probes for it"
        case badSender = "the asker has an address that nothing can be sent to"
        case malformed = "the ARP packet is cut off"
        case fragment = "the neighbour's message is a fragment"
        case badLength = "the neighbour's message, or an option of it, is too short or cut off"
        case badChecksum = "the checksum of the neighbour's message is wrong"
        case badCode = "the code of the neighbour's message is not 0"
        case badHopLimit = "the hop limit of the neighbour's message is not 255: it may come from another link"
        case badTarget = "the neighbour's message is about a group"
        case badAddressing = "the addresses of the neighbour's message don't go with what it says"

        init(_ fault: NeighborFault) {
            switch fault {
            case .fragment: self = .fragment
            case .length: self = .badLength
            case .checksum: self = .badChecksum
            case .code: self = .badCode
            case .hopLimit: self = .badHopLimit
            case .target: self = .badTarget
            case .addressing: self = .badAddressing
            }
        }
    }

    public enum Counter: String, StageWord {
        case replies = "ARP requests answered"
        case advertisements = "Neighbor Solicitations answered"
        case announcements = "announcements sent"
        case conflicts = "times that a station outside the cluster claimed one of its addresses"
        case otherNetworks = "ARP packets and neighbours' messages with the tag of another VLAN, which pass"
    }
}
