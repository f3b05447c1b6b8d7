"""What script/peers-cluster recorded: the frames that came, and the node of each cluster that the kernel gave them."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
from octets import packets

PREFIX, PAYLOAD = 10, 9         # <linux/netfilter/nfnetlink_log.h>: NFULA_PREFIX, NFULA_PAYLOAD
WORD = 0xFFFFFFFF


class Recording:
    """`FOLDER/input.pcap`, taken at the node's network card, and `FOLDER/nodes.pcap`, taken at its nflog device: there
    the rule for node i of N with the seed S logged what it matched under the name N:S:i."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "input.pcap")
        self.frames = [frame for _, frame in packets(self.path)]
        self.nodes = {}         # (N, S, i): the IP packets, in order
        for _, record in packets(os.path.join(folder, "nodes.pcap")):
            attributes = dict(nflog_attributes(record))
            cluster = tuple(map(int, attributes[PREFIX].rstrip(b"\0").decode().split(":")))
            self.nodes.setdefault(cluster, []).append(attributes[PAYLOAD])

    @property
    def pairs(self):
        """Number of nodes and seed."""
        return sorted({(count, seed) for count, seed, _ in self.nodes})

    def given(self, count, seed, node):
        return self.nodes.get((count, seed, node), [])

    def owners(self, count, seed):
        """By packet, the nodes that it was given to."""
        owners = {}
        for node in range(1, count + 1):
            for packet in self.given(count, seed, node):
                owners.setdefault(packet, []).append(node)
        return owners


def nflog_attributes(record):
    """Type and value of each attribute of a record of link type 239 (LINKTYPE_NFLOG), little-endian as on this host."""
    offset = 4                  # family, version, group
    while offset + 4 <= len(record):
        length, kind = struct.unpack_from("<HH", record, offset)
        if length < 4:
            return
        yield kind & 0x7FFF, record[offset + 4:offset + length]
        offset += length + 3 & ~3


def ip_packet(frame):
    """Without the Ethernet header, and without what may pad a short frame."""
    packet = frame[14:]
    if packet[0] >> 4 == 4:
        return packet[:struct.unpack_from("!H", packet, 2)[0]]
    return packet[:40 + struct.unpack_from("!H", packet, 4)[0]]


def node_by_formula(packet, count, seed):
    """net/netfilter/xt_cluster.c: jhash_1word of the source address as it lies in memory, of IPv6 its first 32 bits,
    scaled to the number of nodes. Nodes count from 1."""
    source = struct.unpack_from("<I", packet, 12 if packet[0] >> 4 == 4 else 8)[0]
    return (jhash_1word(source, seed) * count >> 32) + 1


def jhash_1word(word, seed):
    """include/linux/jhash.h: __jhash_nwords(word, 0, 0, seed + 0xdeadbeef + 4), and the final mix of lookup3."""
    def rotated(value, count):
        return (value << count | value >> (32 - count)) & WORD

    start = seed + 0xDEADBEEF + 4 & WORD
    a, b, c = word + start & WORD, start, start
    c = (c ^ b) - rotated(b, 14) & WORD
    a = (a ^ c) - rotated(c, 11) & WORD
    b = (b ^ a) - rotated(a, 25) & WORD
    c = (c ^ b) - rotated(b, 16) & WORD
    a = (a ^ c) - rotated(c, 4) & WORD
    b = (b ^ a) - rotated(a, 14) & WORD
    c = (c ^ b) - rotated(b, 24) & WORD
    return c
