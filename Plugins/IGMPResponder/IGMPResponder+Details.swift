extension IGMPResponder {
    public static let details = """
        `answer: queries` answers general, group-specific and group-and-source-specific queries of IGMPv1, v2 and v3, after a
        delay uniform over the query's maximum response time, less a margin of a quarter of it, at most 200 ms, since a
        report that is sent at the last moment arrives too late. A pending answer only ever moves earlier. Joining, leaving
        and changing sources is reported at once and repeated as the version in use wants it.

        A reporter's own timer is `report-interval`. The fault of KB 838408 is `answer: never, report-interval: 60s`: such a
        host says everything once, and never when asked. Both together, answers and a slow report, do no harm, and the report
        covers a network whose querier is gone.

        `suppress-reports: true` is what versions 1 and 2 ask for: a host that hears another one report the group keeps
        silent. It is off, since behind a snooping switch it cuts hosts off: the switch learns members from the reports of
        their own ports, so that a host that was kept silent is pruned. RFC 4541 has switches forward reports to router ports
        only, for that reason; hubs, and switches that don't snoop, forward them to hosts. A host that never suppresses is
        louder, never wrong. Version 3 knows no suppression.

        The version is the newest one, or that of the oldest querier heard: a version 1 or 2 general query makes the host
        speak that version until none has come for `older-querier-timeout`; without it for robustness x query interval + 10
        x the query's response time (RFC 9776 §8.12), 400 s where `version` is 2 (RFC 2236 §8.11). Robustness and query
        interval are those of the last version 3 querier.

        The network is that of `vlan`: messages with its tag or without one count, as `vlan-isolation` may have stripped it,
        and what is sent has the tag. A switch's other VLANs are networks of their own, for stages of their own.

        Messages that a host must ignore are dropped, each under its reason. Queries need not have the Router Alert option
        unless `router-alert: required`: RFC 3376 §9.1 wants them ignored without, but there are queriers that leave it out,
        and a host that ignores them is pruned. Answers still due after the last packet are sent; the fixed timer is not
        waited for.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - igmp-responder:
              groups: [239.255.0.100, { group: 232.1.1.1, include: [192.0.2.7] }]
              vlan: 10
            to: { reports: [{ discard: }] }
          - discard
        """
}
