import Weir

extension IGMPQuerier {
    public enum Output: String, StageWord { case queries = "queries that the querier sends" }

    public enum Counter: String, StageWord {
        case generalQueries = "general queries sent"
        case groupQueries = "queries sent for a group"
        case sourceQueries = "queries sent for sources of a group"
        case reports = "reports heard: messages of versions 1 and 2, records of version 3 that are no leave"
        case leaves = "leaves heard: messages of version 2, and records of version 3 that include nothing from now on"
        case foreignQueries = "queries heard from other routers and switches"
        case invalidMessages =
            "IGMP messages with a wrong checksum, length, group or destination, or records of no group"
        case otherVlans = "IGMP messages of other VLANs, which are not listened to"
        case groupsJoined = "times that a group got a member"
        case groupsExpired = "times that a group lost its last member"
        case refusedEntries = "groups and sources that were refused since there are too many"
        case electionsLost = "times that a router with a lower address became the querier"
        case electionsWon = "times that this router became the querier since the other one was silent"
    }
}
