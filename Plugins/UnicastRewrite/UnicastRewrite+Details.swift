extension UnicastRewrite {
    public static let details = """
        The virtual MAC address, where the cluster's frames go, is 02-bf-a-b-c-d in unicast mode, 03-bf-a-b-c-d in multicast
        mode and 01-00-5e-7f-c-d in IGMP multicast mode, where a.b.c.d is `cluster`. Whichever of them a frame goes to, it
        goes to that of `mode` afterwards. What a host sends with is 02-h-a-b-c-d in unicast mode, where h is its id, and
        its adapter's own address, `real-mac`, in the others.

        | `mask` | replaces by that the source |
        |---|---|
        | `cluster` | 02-bf-a-b-c-d, and what the host sends with in the other modes |
        | `all` | whatever it is, as when the adapter's own address was replaced by the shared one |
        | `none` | never (hosts on a hub) |

        Inside ARP packets and Neighbor Discovery messages the virtual addresses and the host's own ones become what the IP
        address beside them has: the virtual address for the cluster's addresses, and in unicast mode for the host's own
        addresses too, since all hosts share it; `real-mac` for them in the others. So an ARP reply says 02-bf-a-b-c-d and is
        sent from 02-h-a-b-c-d: neighbours learn the one, switches the other. ICMPv6 checksums are updated (RFC 1624).

        Hosts that share an address can't reach one another: what one sends to another's IP address, it takes for its own.
        With `peers` it goes to the peer's `mac`, or masked address, which ARP and Neighbor Discovery then tell too; and
        what comes for this host's masked or real address goes to its stack with the address that the stack knows.

        Other addresses stay, and so does everything else. Turned to another mode and back, a frame with proper addresses of
        unicast mode is as it was.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - unicast-rewrite: { cluster: 10.0.0.100, host-id: 1 }
          - discard
        """
}
