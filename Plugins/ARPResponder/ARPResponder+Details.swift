extension ARPResponder {
    public static let details = """
        The answer tells the virtual MAC address of the cluster's `mode`: 02-bf-a-b-c-d, 03-bf-a-b-c-d, or 01-00-5e-7f-c-d,
        where a.b.c.d is `cluster`. It is sent from another one, which is all that a switch learns: 02-h-a-b-c-d in unicast
        mode, where h is `host-id`, and the adapter's own in the others, which is `mac`. VLAN tags of the question are kept.
        Hosts on a hub may send with the virtual address itself, `mask: none`: then the switch above learns the hub's port.

        What was answered is dropped, so that the host's own stack doesn't answer too, with its adapter's address. To see it,
        wire the reason: `to: { answers: uplink, answered: log }`. What asks for other addresses passes. As in NLB, every
        host of the cluster answers, all with the same address. Where that is too much, `answer: never` on all hosts but one
        leaves it to that one; when it fails, nobody answers.

        Probes for duplicates are answered, unless they come with the virtual or a masked address, from a host of the cluster
        (RFC 5227 §2.1.1, RFC 4862 §5.4): behind `unicast-rewrite` with `real-mac`, a host's own stack probes so. At the start the addresses are announced, by ARP requests for themselves and by unsolicited advertisements (RFC 5227 §3,
        RFC 4861 §7.2.6). When a station outside the cluster claims one of its addresses, that is counted, logged at most
        once in 10 s, and passed on.

        In the multicast modes the answer maps a unicast IP address to a multicast MAC address. RFC 1812 §3.3.2 has routers
        disbelieve it, and Cisco's do: the cluster is reachable in its own subnet only. Such a router needs a static entry.
        On Cisco IOS, and on Linux, for 10.0.0.100 in multicast mode:

            arp 10.0.0.100 03bf.0a00.0064 ARPA
            ip neigh replace 10.0.0.100 lladdr 03:bf:0a:00:00:64 nud permanent dev eth0
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: [10] }
          - arp-responder: { cluster: 10.0.0.100, addresses: [2001:db8::64], host-id: 1 }
            to: { answers: [{ discard: }] }
          - discard
        """
}
