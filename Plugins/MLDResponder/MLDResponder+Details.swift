extension MLDResponder {
    public static let details = """
        What `igmp-responder` is for IPv4, with the same parameters: MLDv1 stands for IGMPv2 and MLDv2 for IGMPv3. `source` must
        be the link-local address of the interface, or `::` while it has none (RFC 3810 §5.2.13); routers ignore reports from
        `::`, and so does a host queries that don't come from a link-local address. Response times are in milliseconds.
        Without `older-querier-timeout` an MLDv1 querier is remembered for robustness x query interval + 10 x the query's
        response time; where `version` is 1 there is no older one.

        ff02::1 and groups of scope 0 and 1 are never reported; solicited-node groups are (RFC 3810 §6).
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - mld-responder: { groups: [ff15::100], source: fe80::1, vlan: 10 }
            to: { reports: [{ discard: }] }
          - discard
        """
}
