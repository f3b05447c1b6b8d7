"""One run of a lab in full: when queries and reports were sent, and whom the switch took for members."""
import collections
import os
import re
import shutil
import sys
import tempfile
from typing import NamedTuple

import runs

sys.path.insert(0, os.path.join(runs.ROOT, "script", "lib"))
from octets import packets

GROUP = bytes([239, 255, 0, 100])
ROUTER_WIRES = re.compile(r"to: \{ queries: (lan\.port\d+), next: \[discard: \{\}\] \}")
TAP = "  - transmit: { file: air.pcap }\n    id: air\n"


class Trace(NamedTuple):
    """Times in seconds. Hosts are named by the end of their MAC addresses, members by the switch's ports."""
    end: float
    queries: list          # general ones
    specific: list         # about the group
    reports: dict          # by host
    leaves: dict           # by host
    members: dict          # by port: intervals in which the switch forwards the group to it


def trace(pipeline, *arguments):
    """Runs a copy of a lab that writes down what the router sends and hears: the switch gives it every report."""
    with tempfile.TemporaryDirectory() as folder:
        lab = shutil.copytree(runs.LAB, os.path.join(folder, "lab"))
        path, capture = os.path.join(lab, pipeline), os.path.join(folder, "air.pcap")
        with open(path) as file:
            text, found = ROUTER_WIRES.subn(r"to: { queries: [\1, air], next: air }", file.read())
        assert found == 1, pipeline
        with open(path, "w") as file:
            file.write(text + TAP)
        summary, log = runs.weir(path, "-w", "air=" + capture, "--log-level", "info", *arguments)
        found = Trace(summary["virtual_seconds"], [], [], *(collections.defaultdict(list) for _ in range(3)))
        for time, frame in packets(capture):
            note(time, frame, found)
        for event in log:
            belief(event, found)
    return found._replace(members={port: closed(times, found.end) for port, times in found.members.items()})


def note(time, frame, found):
    """Takes down a frame, if it is of IGMP."""
    ip = frame[14:]
    if frame[12:14] != b"\x08\x00" or ip[9] != 2:
        return
    igmp = ip[(ip[0] & 15) * 4:]
    match igmp[0]:
        case 0x11: (found.specific if igmp[4:8] == GROUP else found.queries).append(time)
        case 0x16: found.reports[frame[10:12].hex("-")].append(time)
        case 0x17: found.leaves[frame[10:12].hex("-")].append(time)


def belief(event, found):
    """Takes down that a membership of the switch begins, as an interval that is open, or ends."""
    if event["stage"] != "lan" or "group" not in event:
        return
    if event["message"] == "joined":
        found.members[event["port"]].append([runs.seconds(event), None])
    else:
        found.members[event["port"]][-1][1] = runs.seconds(event)


def closed(intervals, end):
    return [(start, end if stop is None else stop) for start, stop in intervals]
