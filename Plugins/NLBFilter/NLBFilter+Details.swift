import Weir
import WeirWire

extension NLBFilter {
    public static let details = """
        Exactly one of the hosts that are up keeps each packet to an address of the cluster. All hosts must have the same
        parameters, `host-id` apart. What is for another address passes, ARP too, unless `others` is `drop`.

        **Rules** say who has what ports: all hosts by weight, one host, or nobody. A rule for one of the cluster's addresses
        goes before one for all. Ports that no rule is for, and packets without ports such as ICMP echo, belong to the default
        host, the one with the lowest id that is up and takes new connections. GRE goes where TCP port 1723 goes, ESP and AH
        where UDP port 500 goes, by the client's address; give these rules a `timeout`, so that a tunnel that is begun late
        goes to the host of its control connection after buckets have moved too. An ICMP error goes where the packet goes
        that it is about. Fragments follow the first one of their packet; one that comes before it is held, with 63 others
        at most and for a second at most.

        **Buckets.** The hash of what `affinity` says makes one of 60 buckets. They are divided by weight: whole shares
        first, then one each for the largest remainders. When hosts come and go, as few buckets move as can be. The map
        follows from the steps of `membership` or `changes` and from nothing else, so append steps, and a host that starts
        later has the same map as the others:

            - up: 1-4
            - up: 1-3                                  # host 4 has left
            - up: 1-4
              drainstop: 2                             # takes no new connections, and has stopped after its last one
              drain: [{ host: 3, ports: 443 }]         # the same for the rules that are for this port
              weights: { 1: 80 }                       # where a rule does not name the host; 50 otherwise

        The log says at `info` who has which buckets, at the start and when they move. A step's `at` counts from the host's
        own start: it is for captures and for hosts that start together. Leave it out of a file that is rewritten as hosts
        come and go.

        **Connections** stay where they are when buckets move, as long as their host is up. Every host sees all packets
        to the cluster, so each keeps the same table of all flows and their hosts, if membership may change or a rule
        has a `timeout`. A connection in its midst that a host doesn't know, since the host started later, is left for
        `cleanup-delay` to the host that had the bucket before. Datagrams, tunnels and clients with a `timeout` don't
        show that they are older than the host: let weir run on it for the longest of `udp-idle` and the `timeout`s
        before it is among those that are up, and it knows them. The table takes 16 octets a place and doubles when it
        is three quarters full: 2 MiB for 98,000 flows, 32 MiB for a million, and half as much again for the moment of
        doubling. A full table forgets, of the flows near a new one's place, one whose time is over, else one that
        closes, else one that opens or is of UDP, else the one that was silent longest. With `timeout`, a client keeps its host until
        so long after its last packet.

        **Hash.** `fast` is weir's own; give it a `seed`, or whoever knows that there is none can aim at a host. `toeplitz`
        is that of Receive Side Scaling over addresses and ports (`affinity: none`) or the client's address. `cluster-match`
        decides as Linux's xt_cluster does on little-endian machines, so that weir and iptables can share a cluster: as many
        nodes as `hosts`, node 1 is host 1, by source address. It hashes only the first 32 bits of IPv6 addresses.
        """

    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: [10] }
          - nlb-filter:
              cluster: 10.0.0.100
              host-id: 1
              hosts: 1-4
              rules:
                - { ports: "80,443", protocol: tcp, affinity: single, timeout: 20m }
                - { ports: 53, protocol: udp, affinity: none }
                - { ports: 3389, filtering: single, handling: [2, 1] }
                - { ports: 135-139, filtering: disabled }
              changes:
                - up: 1-4
                - { at: 60s, up: 1-3 }
          - discard
        """

    public static func warnings(about configuration: Configuration) -> [ConfigurationWarning] {
        guard configuration.hash == .clusterMatch else { return [] }
        return configuration.cluster.indices.compactMap { index in
            guard case .ipv6 = configuration.cluster[index] else { return nil }
            return ConfigurationWarning(
                parameter: "cluster[\(index)]", "xt_cluster hashes only the first 32 bits of an IPv6 address",
                help: "all clients of one /32 go to one host; `hash: fast` or `toeplitz` tells them apart",
                related: [.init(parameter: "hash", message: "the hash")])
        }
    }

    /// Of the cluster's address only the last two octets are in the MAC address of IGMP multicast mode.
    public static func claims(of configuration: Configuration) -> [Claim] {
        guard configuration.mode == .igmpMulticast, configuration.mac == nil,
            let primary = configuration.cluster.lazy.compactMap(\.ipv4).first
        else { return [] }
        let addresses = NLBAddresses(cluster: primary)
        return [
            Claim(
                "the MAC address `\(addresses.groupMAC)`", for: "cluster `\(primary)`", parameter: "cluster",
                help: "in one VLAN, each host of the two clusters gets the packets of both: the last two octets of the "
                    + "addresses must differ")
        ]
    }
}
