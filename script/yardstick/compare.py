"""Runs weir and the C yardstick in turn over the same capture and prints the ratios.

Both time themselves from opening the capture to closing the output, so that starting a process is left out on both
sides. The two run alternately: these ratios hold even where the machine's speed drifts.
"""
import json
import os
import subprocess
import sys
from typing import NamedTuple

PIPELINES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipelines")
NOOP_STAGES = 8


class Workload(NamedTuple):
    name: str
    title: str
    goal: float             # the ratio not to exceed
    writes: bool = False
    capture: str = "small64"
    share: int = 1          # one in so many of PACKETS
    yardstick: str = ""     # the C program's workload, where it is another one


WORKLOADS = (
    Workload("W1", "W1 count", goal=1.3),
    Workload("W2", "W2 filter and rewrite", goal=1.3),
    Workload("W3", "W3 the same, written", goal=1.3, writes=True),
    Workload("W4", "W4 answer queries", goal=2.0, writes=True, capture="queries", share=4),
    Workload("W6", "W6 W2 with 8 port rules", goal=1.3, capture="flows", yardstick="W2"),
    Workload("W7", "W7 and 100,000 connections", goal=2.0, capture="flows", yardstick="W2"),
)
IDLE = Workload("W5", "W5 stages that do nothing", goal=0)


def make_capture(work, workload, packets):
    count = str(packets // workload.share)
    path = os.path.join(work, f"{workload.capture}-{count}.pcap")
    if not os.path.exists(path):
        subprocess.run([os.path.join(work, "mkcap"), workload.capture, count, path + ".new"], check=True)
        os.rename(path + ".new", path)
    return path


def run_c(work, workload, path):
    out = [os.path.join(work, "c.pcap")] if workload.writes else []
    line = subprocess.run([os.path.join(work, "yardstick"), workload.yardstick or workload.name, path, *out],
                          check=True, capture_output=True, text=True).stdout
    _, _, kept, _, nanoseconds, _ = line.split("\t")
    return float(nanoseconds), int(kept)


def run_weir(work, weir, workload, path):
    pipeline = os.path.join(PIPELINES, workload.name.lower() + ".yaml")
    command = [weir, "run", pipeline, "-r", path, "--summary", "json"]
    if workload.writes:
        # Freeing the old output's pages is not the work; the yardstick does the same.
        out = os.path.join(work, "weir.pcap")
        if os.path.exists(out):
            os.unlink(out)
        command += ["-w", out]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"weir failed on {workload.name}")
    summary = json.loads(text)
    assert summary["balanced"], "the ledger does not balance"
    return summary["elapsed_seconds"] * 1e9 / summary["packets"]["read"], summary, usage.ru_maxrss


def check(workload, kept, summary):
    """Both did the same: as many packets reached the end. A host also reports unasked, on joining and once more."""
    reached, unasked = summary["stages"][-1]["in"], 0
    if workload.name == "W4":
        responder = next(stage for stage in summary["stages"] if stage["kind"] == "igmp-responder")
        unasked = responder["counters"]["unsolicited-reports"]
        assert unasked <= 2, f"W4: {unasked} reports on joining"
        assert kept == summary["packets"]["read"], f"W4: C answered {kept} of {summary['packets']['read']} queries"
        assert reached == summary["packets"]["written"], f"W4: {reached} reports, but not all were written"
    assert reached == kept + unasked, f"{workload.name}: C kept {kept} packets, weir {reached - unasked}"


def same(left, right):
    return subprocess.run(["cmp", "-s", left, right]).returncode == 0


def main():
    work, weir, packets, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    print(f"{packets} frames of 60 octets, in W4 a quarter as many; {rounds} rounds in turn, ns a packet")
    print(f"{'':<28}{'C min':>8}{'C med':>8}{'weir min':>10}{'weir med':>10}{'ratio':>8}{'goal':>6}{'peak MiB':>10}")
    base = None
    for workload in WORKLOADS:
        path = make_capture(work, workload, packets)
        c, own, peaks = [], [], []
        for _ in range(rounds + 1):
            nanoseconds, kept = run_c(work, workload, path)
            c.append(nanoseconds)
            nanoseconds, summary, peak = run_weir(work, weir, workload, path)
            own.append(nanoseconds)
            peaks.append(peak)
            check(workload, kept, summary)
        # The first round warms the file cache.
        c, own = sorted(c[1:]), sorted(own[1:])
        base = base or own[0]
        print(f"{workload.title:<28}{c[0]:>8.1f}{c[len(c) // 2]:>8.1f}{own[0]:>10.1f}{own[len(own) // 2]:>10.1f}"
              f"{own[0] / c[0]:>8.2f}{workload.goal:>6.1f}{max(peaks) / 1024:>10.1f}")
        if workload.name == "W3":
            verdict = "byte for byte the same" if same(f"{work}/c.pcap", f"{work}/weir.pcap") else "DIFFERENT"
            print(f"{'':<28}the two outputs are {verdict}")
    path = make_capture(work, IDLE, packets)
    idle = min(run_weir(work, weir, IDLE, path)[0] for _ in range(rounds))
    print(f"a stage that does nothing: {(idle - base) / NOOP_STAGES:.1f} ns a packet ({NOOP_STAGES} of them)")


main()
