import Weir

extension Switch {
    public enum Drop: String, StageWord {
        case noMember = "nobody on the VLAN is believed to be a member of the group, and no router port takes it"
        case unknownUnicast = "the unicast address is not known"
        case forRouterPorts = "a report or leave, which goes to router ports only, and there is no other one"
        case samePort = "what the frame is for is behind the port that it came in by"
        case noOtherPort = "the VLAN has no other port"
        case foreignVLAN = "the port is not in the frame's VLAN"
        case isolated = "the private VLAN lets the port reach none of those that the frame is for"
        case reserved = "01-80-c2-00-00-00 to -0f, which no bridge forwards (IEEE 802.1Q §8.6.3)"
        case malformed = "the frame is too short for an Ethernet header or its tag"
    }

    public enum Counter: String, StageWord {
        case flooded =
            "frames for a unicast address or group that went to every port, since it isn't known who wants them"
        case moved = "times that an address turned up at another port"
        case refused = "times that an address or group found its table full"
    }

    public enum PortCounter: String, StageWord {
        case received = "frames that came in"
        case learned = "times that a MAC address was learnt there"
        case reports = "memberships reported"
        case queries = "queries heard"
        case joined = "times that a group got a member"
        case expired = "times that a member was given up since it wasn't heard of"
        case left = "times that a member was given up after a leave or specific query"
        case millisecondsWithoutMember = "time without a member after a group's first report there, over all groups"
        case longestMillisecondsWithoutMember = "the longest single time among them"
    }
}
