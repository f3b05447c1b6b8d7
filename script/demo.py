"""The three pipelines of KB 838408 side by side; called by script/demo.

Every pipeline runs as host 1, 2, 3 and 4 of the cluster. A packet of a client is delivered when one of them gets it. What
weir writes is read by a reader that is not weir's, so that the table doesn't rest on weir's word.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from octets import packets

WEIR, VERIFY = sys.argv[1], "--verify" in sys.argv
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CAPTURE = os.path.join(ROOT, "pipelines", "captures", "cluster.pcap")
CLUSTER = bytes([10, 0, 0, 100])
GROUP = "239.255.0.100"
DESIGNS = ("kb838408-broken", "fixed-igmp", "kb193602-workaround")
POLICIES = ("fixed", "robustness", "per-query")
HOSTS = range(1, 5)


def to_cluster(frame):
    """The IP packet, if the frame brings one to the cluster, else None."""
    at = 12
    while frame[at:at + 2] == b"\x81\x00":
        at += 4
    ip = frame[at + 2:]
    return ip if frame[at:at + 2] == b"\x08\x00" and ip[16:20] == CLUSTER else None


def flow(ip):
    """Addresses and ports of a TCP packet, else None."""
    header = (ip[0] & 15) * 4
    return ip[12:20] + ip[header:header + 4] if ip[9] == 6 else None


def run(design, host, folder, ageing=None):
    """What one host gets, and the switch's events about the cluster's group as (seconds, event)."""
    out = os.path.join(folder, f"{design}-{host}.pcap")
    command = [WEIR, "run", os.path.join(ROOT, "pipelines", design + ".yaml"), "--set", f"host-id={host}",
               "-w", "host=" + out, "--summary", "json", "--log-level", "info", "--log-format", "json"]
    if design != "kb193602-workaround":
        command += ["-w", "uplink=" + os.path.join(folder, "uplink.pcap")]
        if ageing:
            command += ["--set", "ageing=" + ageing]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    summary = json.loads(done.stdout)
    assert summary["balanced"], design
    events = [json.loads(line) for line in done.stderr.splitlines()]
    events = [(clock(e["time"]), e["message"]) for e in events if e.get("group") == GROUP]
    got = [ip for _, frame in packets(out) if (ip := to_cluster(frame))]
    return got, events


def clock(text):
    """Seconds of the day; the capture doesn't cross midnight."""
    hours, minutes, seconds = text[11:-1].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def outages(events, start, end):
    """Intervals without a member, in seconds from the start of the capture."""
    lost = None
    for time, event in events:
        if event == "joined" and lost is not None:
            yield lost, time - start
            lost = None
        elif event in ("expired", "left"):
            lost = time - start
    if lost is not None:
        yield lost, end - start


def main():
    offered = [(time, ip) for time, frame in packets(CAPTURE) if (ip := to_cluster(frame))]
    first, last = next(packets(CAPTURE))[0], max(time for time, _ in packets(CAPTURE))
    flows = {flow(ip) for _, ip in offered} - {None}
    print(f"\n{len(offered)} packets of {len(flows)} TCP connections to the cluster in {last - first:.0f} s, four hosts;")
    print("the switch queries every 10 s, gives hosts 5 s to answer, and forgets a member 2 x 10 s + 5 s after its report\n")
    print(f"{'pipeline':<22}{'delivered':>11}{'':>8}  {'connections at':>15}  the switch is without the member")
    print(f"{'':<22}{'packets':>11}{'':>8}  {'exactly one host':>15}")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for design in DESIGNS:
            owners, delivered, gaps = collections.defaultdict(set), 0, []
            for host in HOSTS:
                got, events = run(design, host, folder)
                delivered += len(got)
                for ip in got:
                    owners[flow(ip)].add(host)
                if host == 1:
                    day = first % 86400
                    gaps = list(outages(events, day, day + last - first))
            owners.pop(None, None)
            whole = sum(len(hosts) == 1 for hosts in owners.values())
            when = ", ".join(f"{a:.0f}-{b:.0f} s" for a, b in gaps) or \
                ("never" if design == "fixed-igmp" else "no IGMP: nothing to forget")
            print(f"{design:<22}{delivered:>11}{100 * delivered / len(offered):>7.0f}%  {whole:>16}  {when}")
            if any(len(hosts) > 1 for hosts in owners.values()):
                failed.append(f"{design}: a connection is at two hosts")
            if design == "kb838408-broken" and (not gaps or delivered >= len(offered)):
                failed.append("the fault does not show")
            if design != "kb838408-broken" and (gaps or delivered != len(offered) or whole != len(flows)):
                failed.append(f"{design}: traffic is missing")
        print("\nWhich ageing policies of real switches lose the broken host, and for how much of the time:\n")
        for ageing in POLICIES:
            shares = []
            for design in DESIGNS[:2]:
                _, events = run(design, 1, folder, ageing)
                day = first % 86400
                lost = sum(b - a for a, b in outages(events, day, day + last - first))
                shares.append(lost / (last - first))
            print(f"  {ageing:<12} broken {shares[0]:>4.0%}   fixed {shares[1]:>4.0%}")
            if shares[1] > 0 or (shares[0] > 0) != (ageing != "fixed"):
                failed.append(f"ageing {ageing}: not as the formulas say")
    print("\ndocs/kb838408.md explains the figures.")
    if VERIFY and failed:
        sys.exit("demo: " + "; ".join(failed))


main()
