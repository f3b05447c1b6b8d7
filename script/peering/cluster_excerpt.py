"""Writes an excerpt of what script/peers-cluster recorded, for tests that run without root.

    cluster_excerpt.py FOLDER NAME      from FOLDER's recording to NAME.pcap and NAME.txt

NAME.pcap has the first 100 IPv4 packets, 50 IPv6 packets from anywhere and 50 from 2001:db8::/32. NAME.txt has in its
first line the clusters, as number of nodes:seed, and then for each packet the node that the kernel gave it to in each.
"""
import os
import sys

from cluster_recording import Recording, ip_packet
from octets import records

WANTED = {"IPv4": 100, "IPv6": 50, "one prefix": 50}


def kind(frame):
    if frame[14] >> 4 == 4:
        return "IPv4"
    return "one prefix" if frame[22:26] == bytes.fromhex("20010db8") else "IPv6"


def main(folder, name):
    recording = Recording(folder)
    left = dict(WANTED)
    listed = records(os.path.join(folder, "input.pcap"))
    excerpt, rows = [next(listed)], [" ".join(f"{count}:{seed}" for count, seed in recording.pairs)]
    owners = [recording.owners(*pair) for pair in recording.pairs]
    for _, frame, record in listed:
        if left[kind(frame)]:
            left[kind(frame)] -= 1
            excerpt.append(record)
            rows.append(" ".join(str(nodes) for by_packet in owners for nodes in by_packet[ip_packet(frame)]))
    with open(name + ".pcap", "wb") as file:
        file.write(b"".join(excerpt))
    with open(name + ".txt", "w", encoding="ascii") as file:
        file.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
