#!/usr/bin/env python3
"""The client of script/peers-cluster: sends packets from many addresses to the cluster.

    cluster_client.py SEED IPV4 IPV6        how to draw the addresses, and the addresses of the cluster

They are whole frames to the cluster's multicast MAC address, UDP datagrams and TCP SYNs in turn, each different from
all others: from 2,000 IPv4 and 1,000 IPv6 addresses anywhere, and from 1,000 IPv6 addresses of one /32.
"""

import ipaddress
import os
import random
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
from octets import internet_checksum

UDP, TCP, SYN = 17, 6, 0x02
IPV4, IPV6 = 0x0800, 0x86DD
CLIENT_MAC = bytes.fromhex("020000000002")
ONE_PREFIX = int(ipaddress.IPv6Address("2001:db8::")) >> 96

# Frames in a burst, and the pause behind it: the recorders must keep up with every one.
BURST, PAUSE = 10, 0.005


def sources(draw):
    """The packed addresses, shuffled, so that the kinds of them mix."""
    def ipv4():
        while True:
            address = draw.getrandbits(32)
            if address >> 24 not in (0, 127) and address >> 24 < 224:
                return address.to_bytes(4, "big")

    addresses = [ipv4() for _ in range(2000)]
    addresses += [(1 << 125 | draw.getrandbits(125)).to_bytes(16, "big") for _ in range(1000)]      # 2000::/3
    addresses += [(ONE_PREFIX << 96 | draw.getrandbits(96)).to_bytes(16, "big") for _ in range(1000)]
    draw.shuffle(addresses)
    return addresses


def segment(pseudo_header, protocol, port, number):
    """A datagram to port 53 with its number in it, or a SYN to port 80 with it as sequence number."""
    if protocol == UDP:
        head, tail = struct.pack("!HHH", port, 53, 12), struct.pack("!I", number)
    else:
        head = struct.pack("!HHIIBBH", port, 80, number, 0, 5 << 4, SYN, 8192)
        tail = struct.pack("!H", 0)
    checksum = internet_checksum(pseudo_header + head + bytes(2) + tail)
    return head + struct.pack("!H", checksum or 0xFFFF if protocol == UDP else checksum) + tail


def frame(source, cluster, mac, port, number):
    protocol = UDP if number % 2 else TCP
    length = 12 if protocol == UDP else 20
    if len(source) == 4:
        pseudo_header = source + cluster[4] + struct.pack("!BBH", 0, protocol, length)
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, number & 0xFFFF, 0, 64, protocol, 0)
        checksum = internet_checksum(header + source + cluster[4])
        kind, packet = IPV4, header[:10] + struct.pack("!H", checksum) + source + cluster[4]
    else:
        pseudo_header = source + cluster[6] + struct.pack("!II", length, protocol)
        kind, packet = IPV6, struct.pack("!IHBB", 6 << 28, length, protocol, 64) + source + cluster[6]
    return mac + CLIENT_MAC + struct.pack("!H", kind) + packet + segment(pseudo_header, protocol, port, number)


def main(seed, ipv4, ipv6):
    draw = random.Random(int(seed))
    cluster = {4: ipaddress.IPv4Address(ipv4).packed, 6: ipaddress.IPv6Address(ipv6).packed}
    mac = bytes.fromhex("01005e7f") + cluster[4][2:]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("eth0", 0))
        for number, source in enumerate(sources(draw)):
            wire.send(frame(source, cluster, mac, draw.randrange(1024, 65536), number))
            if number % BURST == BURST - 1:
                time.sleep(PAUSE)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
