extension VLANIsolation {
    public static let details = """
        A frame's VLAN is that of its outermost tag, 802.1Q or 802.1ad (also 0x9100). A frame without a tag, or with a
        priority tag (VLAN 0), belongs to the `native` VLAN; without one it is dropped. A tag that a network card or kernel
        put aside is back in the frame when stages see it. `allow` then decides, `inner` and `private` after it; what
        happens to tags comes last.

        | as the port of a switch | |
        |---|---|
        | access port, towards the host | `allow: 10, native: 10, tag: strip` |
        | access port, towards the network | `allow: 10, native: 10, tag: push` |
        | trunk port with a native VLAN | `allow: "1,10-19", native: 1, tag: strip-native` |
        | trunk port that takes tagged frames only | `allow: 10-19, tag: keep` |
        | VLANs that have other numbers elsewhere | `allow: 20, translate: { 20: 10 }, tag: keep` |
        | provider's port (QinQ), in and out | `allow: 10-19, tag: keep, service: 100`; `allow: 100, inner: 10-19` |

        `tag: strip` takes the outermost tag off, and only that. `keep` changes no tag. `strip-native` takes off those of the
        native VLAN, as a trunk sends them. With `push` whatever leaves has a tag: frames without one get that of the native
        VLAN, a priority tag gets its number and keeps its priority, and a frame that has a tag stays as it is.

        `service` puts one more tag in front of every frame that passes, on top of those that it has after `tag`. It is of
        kind 802.1ad and takes priority and DEI over from the tag that the frame came with, unless `tpid`, `priority` and
        `drop-eligible` say otherwise. `allow` and `native` name VLANs as they come in, `translate` what they become; two
        that become one are one from there on.

        A frame that has lost its tag may be shorter than Ethernet's 60 octets: `transmit` pads it with `pad: true`.

        **Private VLAN** (RFC 5517), `private`: members of one VLAN that must not reach each other. `promiscuous` members
        reach everybody and are reached, members of a community each other; everybody else is isolated, named or not. The
        RFC speaks of ports, of which a stage on one wire knows none: here the MAC addresses of sender and receiver stand
        for them, so it holds as far as they are not forged; `switch` has the same by port. Who receives a frame to a
        group address isn't in the frame. With `behind`, the member that these frames go to, it is judged as if it were
        for that member; without it, it passes, or no isolated host's ARP request would find the router.

        **KB 838408's workaround** puts a cluster into a VLAN of its own and gives up IGMP: its frames are flooded, but
        to the ports of that VLAN only. This stage is the host's end of it. `allow` with just the cluster's VLAN keeps out
        what else a trunk carries; `tag: push` on the way out keeps what the host sends inside: no frame of the cluster
        leaves its set of ports, whatever the switch has learnt or forgotten.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: "10,20-29", native: 10, tag: strip }
          - discard
        """
}
