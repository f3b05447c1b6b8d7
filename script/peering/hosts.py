#!/usr/bin/env python3
"""The two Linux hosts of script/peers: sockets join and leave groups, the kernel does the rest.

    hosts.py member VERSION                 the host that weir is compared with
    hosts.py neighbour VERSION RESPONSE     shares its groups for a while; RESPONSE: the querier's response time, s

VERSION is the querier's. The neighbour leads: it tells the member what to do by datagrams. They are in the recording,
so that weir can be told to do the same at the same time. Both end by themselves.
"""

import os
import signal
import socket
import struct
import sys
import time

PORT = 9009                     # of the neighbour's datagrams; they say b"join", b"leave", b"end"
BROADCAST = "10.1.0.255"
LONGEST = 60                    # seconds, in case something does not come

SHARED, OWN = "239.1.1.1", "239.1.1.2"                  # any source
CHOSEN, SOURCES = "232.1.1.1", ("192.0.2.7", "192.0.2.8")   # INCLUDE
REFUSING, REFUSED = "239.1.1.3", "192.0.2.9"                # EXCLUDE

QUERY = 0x11                    # IGMP message type

# <linux/in.h>; Python's socket module does not have them all.
BLOCK_SOURCE, ADD_SOURCE_MEMBERSHIP, DROP_SOURCE_MEMBERSHIP = 38, 39, 40


class Memberships:
    """What one socket is a member of, on eth0."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.interface = socket.inet_aton(address)

    def join(self, group):
        self.change(socket.IP_ADD_MEMBERSHIP, group)

    def leave(self, group):
        self.change(socket.IP_DROP_MEMBERSHIP, group)

    def change(self, option, group):
        """struct ip_mreq"""
        self.socket.setsockopt(socket.IPPROTO_IP, option, socket.inet_aton(group) + self.interface)

    def change_source(self, option, group, source):
        """struct ip_mreq_source"""
        self.socket.setsockopt(socket.IPPROTO_IP, option,
                               socket.inet_aton(group) + self.interface + socket.inet_aton(source))


def be_quick():
    """The kernel tells of changes one clock tick later, in one message if they are all made by then."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except OSError:
        pass


def member(version):
    host = Memberships("10.1.0.2")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as orders:
        orders.bind(("", PORT))
        print("ready", flush=True)
        be_quick()
        while (order := orders.recv(100)) != b"end":
            if order == b"join":
                host.join(SHARED)
                host.join(OWN)
                if version == 3:
                    for source in SOURCES:
                        host.change_source(ADD_SOURCE_MEMBERSHIP, CHOSEN, source)
                    host.join(REFUSING)
                    host.change_source(BLOCK_SOURCE, REFUSING, REFUSED)
            elif order == b"leave":
                host.leave(OWN)


def wait_for_quiet(queries, response):
    """Return once the response time of a general query is over, and no other has come in the meantime."""
    deadline = None
    while deadline is None or deadline > time.monotonic():
        queries.settimeout(deadline and max(0.001, deadline - time.monotonic()))
        try:
            packet = queries.recv(2000)
        except TimeoutError:
            continue
        message = packet[(packet[0] & 15) * 4:]
        if message[0] == QUERY and message[4:8] == bytes(4):
            deadline = time.monotonic() + response + 0.2


def neighbour(version, response):
    host = Memberships("10.1.0.3")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as orders, \
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP) as queries:
        orders.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        orders.sendto(b"join", (BROADCAST, PORT))
        print("begun", flush=True)

        wait_for_quiet(queries, response)
        host.join(SHARED)
        if version == 3:
            host.change_source(ADD_SOURCE_MEMBERSHIP, CHOSEN, SOURCES[0])
            host.join(REFUSING)

        # The querier has to ask whether anybody else is left, for the group or for the source.
        wait_for_quiet(queries, response)
        host.leave(SHARED)
        if version == 3:
            host.change_source(DROP_SOURCE_MEMBERSHIP, CHOSEN, SOURCES[0])
            host.leave(REFUSING)
        orders.sendto(b"leave", (BROADCAST, PORT))

        wait_for_quiet(queries, response)
        orders.sendto(b"end", (BROADCAST, PORT))


def main(role, version, *response):
    signal.alarm(LONGEST)
    if role == "member":
        member(int(version))
    elif role == "neighbour":
        neighbour(int(version), float(response[0]))
    else:
        sys.exit(f"hosts.py: no role '{role}'")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
