"""IGMP messages in Ethernet frames, taken apart for script/peers (RFC 2236 §2, RFC 3376 §4)."""

import os
import socket
import struct
import sys
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
from octets import internet_checksum

QUERY, REPORT1, REPORT2, LEAVE2, REPORT3 = 0x11, 0x12, 0x16, 0x17, 0x22
SHORTEST_FRAME = 60             # octets, without the frame check sequence
RECORD_TYPES = {1: "IS_IN", 2: "IS_EX", 3: "TO_IN", 4: "TO_EX", 5: "ALLOW", 6: "BLOCK"}
CHANGES = {"TO_IN", "TO_EX", "ALLOW", "BLOCK", "v2 leave"}      # all others are answers


class Query(NamedTuple):
    version: int
    group: str                  # "0.0.0.0" in a general query
    sources: tuple
    longest: float              # the maximum response time, seconds

    @property
    def kind(self):
        return "source" if self.sources else "group" if self.group != "0.0.0.0" else "general"

    def concerns(self, group):
        return self.kind == "general" or self.group == group


class Record(NamedTuple):
    """What one message says about one group, and the headers that it says it with."""
    kind: str                   # one of RECORD_TYPES, or "v2 report" and the like
    group: str
    sources: tuple
    headers: str

    def __str__(self):
        sources = f" {{{', '.join(self.sources)}}}" if self.kind in RECORD_TYPES.values() else ""
        return f"{self.kind} {self.group}{sources}\n{self.headers}"


class Message(NamedTuple):
    time: float
    query: Query                # or None
    records: tuple              # of a report or leave
    faults: list                # wrong checksums and the like


def address(octets):
    return socket.inet_ntoa(octets)


def addresses(octets):
    return tuple(sorted((address(octets[at:at + 4]) for at in range(0, len(octets), 4)), key=socket.inet_aton))


def response_time(code, version):
    """Tenths of a second; from 128 on a floating-point number in version 3 (RFC 3376 §4.1.1), 10 s in version 1."""
    if version == 3 and code >= 128:
        code = (code & 15 | 16) << ((code >> 4 & 7) + 3)
    return 10.0 if version == 1 else code / 10


def parse_query(message):
    version = 3 if len(message) >= 12 else 1 if message[1] == 0 else 2
    sources = ()
    if version == 3:
        count, = struct.unpack_from("!H", message, 10)
        sources = addresses(message[12:12 + 4 * count])
    return Query(version, address(message[4:8]), sources, response_time(message[1], version))


def parse_records(message, headers):
    """(kind, group, sources) of what a report or a leave says."""
    kind = message[0]
    if kind != REPORT3:
        name = {REPORT1: "v1 report", REPORT2: "v2 report", LEAVE2: "v2 leave"}.get(kind, f"type {kind:#x}")
        yield Record(name, address(message[4:8]), (), headers)
        return
    count, = struct.unpack_from("!H", message, 6)
    at = 8
    for _ in range(count):
        record, auxiliary, sources = struct.unpack_from("!BBH", message, at)
        end = at + 8 + 4 * sources
        yield Record(RECORD_TYPES.get(record, f"record {record}"), address(message[at + 4:at + 8]),
                     addresses(message[at + 8:end]), headers)
        at = end + 4 * auxiliary


def headers_of(frame, ip, message):
    """Everything that is neither a checksum nor said by the records. The IP identification means nothing with DF."""
    fragment, = struct.unpack_from("!H", ip, 6)
    options = ip[20:(ip[0] & 15) * 4].hex(" ") or "none"
    reserved = message[1:2] + (message[4:6] if message[0] == REPORT3 else b"")
    padding = frame[14 + len(ip):]
    # A network card pads frames to the shortest that Ethernet has, a virtual cable need not.
    padded = f", {len(padding)} octets of padding" if any(padding) or (padding and len(frame) > SHORTEST_FRAME) else ""
    return (f"{address(ip[12:16])} ({frame[6:12].hex('-')}) to {address(ip[16:20])} ({frame[0:6].hex('-')})\n"
            f"TTL {ip[8]}, TOS {ip[1]:#x}, flags and fragment {fragment:#06x}, IP options {options}, "
            f"reserved {reserved.hex(' ')}{padded}")


def parse(time, frame):
    """The IGMP message in a frame without a tag, or None."""
    if frame[12:14] != b"\x08\x00" or frame[14 + 9] != 2:
        return None
    length, = struct.unpack_from("!H", frame, 16)
    ip = frame[14:14 + length]
    header = (ip[0] & 15) * 4
    message = ip[header:]
    faults = [f"wrong {name} checksum" for name, octets in (("IP", ip[:header]), ("IGMP", message))
              if internet_checksum(octets)]
    try:
        if message[0] == QUERY:
            return Message(time, parse_query(message), (), faults)
        return Message(time, None, tuple(parse_records(message, headers_of(frame, ip, message))), faults)
    except (struct.error, IndexError, OSError):
        return Message(time, None, (), [*faults, "message that is cut short"])
