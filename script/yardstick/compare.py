"""Runs weir and the C yardstick in turn over the same capture and prints the ratios.

Both time themselves from opening the capture to closing the output, so that starting a process is left out on both
sides. The two run alternately: these ratios hold even where the machine's speed drifts.
"""
import json
import os
import subprocess
import sys

PIPELINES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipelines")
NOOP_STAGES = 8


def capture(work, packets):
    path = os.path.join(work, f"small64-{packets}.pcap")
    if not os.path.exists(path):
        subprocess.run([os.path.join(work, "mkcap"), "small64", str(packets), path + ".new"], check=True)
        os.rename(path + ".new", path)
    return path


def run_c(work, workload, path):
    out = [os.path.join(work, "c.pcap")] if workload == "W3" else []
    line = subprocess.run([os.path.join(work, "yardstick"), workload, path, *out],
                          check=True, capture_output=True, text=True).stdout
    _, _, kept, _, nanoseconds, peak = line.split("\t")
    return float(nanoseconds), int(kept), int(peak)


def run_weir(work, weir, workload, path):
    command = [weir, "run", os.path.join(PIPELINES, workload.lower() + ".yaml"), "-r", path, "--summary", "json"]
    if workload == "W3":
        # Freeing the old output's pages is not the work; the yardstick does the same.
        out = os.path.join(work, "weir.pcap")
        if os.path.exists(out):
            os.unlink(out)
        command += ["-w", out]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"weir failed on {workload}")
    summary = json.loads(text)
    assert summary["balanced"], "the ledger does not balance"
    return summary["elapsed_seconds"] * 1e9 / summary["packets"]["read"], summary["stages"][-1]["in"], usage.ru_maxrss


def same(left, right):
    return subprocess.run(["cmp", "-s", left, right]).returncode == 0


def main():
    work, weir, packets, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    path = capture(work, packets)
    print(f"{packets} frames of 60 octets, {rounds} rounds in turn, ns a packet")
    print(f"{'':<28}{'C min':>8}{'C med':>8}{'weir min':>10}{'weir med':>10}{'ratio':>8}{'peak MiB':>10}")
    base = None
    for workload, name in (("W1", "W1 count"), ("W2", "W2 filter and rewrite"), ("W3", "W3 the same, written")):
        c, own, peaks = [], [], []
        for _ in range(rounds + 1):
            nanoseconds, kept, _ = run_c(work, workload, path)
            c.append(nanoseconds)
            nanoseconds, reached, peak = run_weir(work, weir, workload, path)
            own.append(nanoseconds)
            peaks.append(peak)
            assert kept == reached, f"{workload}: C kept {kept} packets, weir {reached}"
        # The first round warms the file cache.
        c, own = sorted(c[1:]), sorted(own[1:])
        if workload == "W1":
            base = own[0]
        print(f"{name:<28}{c[0]:>8.1f}{c[len(c) // 2]:>8.1f}{own[0]:>10.1f}{own[len(own) // 2]:>10.1f}"
              f"{own[0] / c[0]:>8.2f}{max(peaks) / 1024:>10.1f}")
        if workload == "W3":
            verdict = "byte for byte the same" if same(f"{work}/c.pcap", f"{work}/weir.pcap") else "DIFFERENT"
            print(f"{'':<28}the two outputs are {verdict}")
    stages = sorted(run_weir(work, weir, "W5", path)[0] for _ in range(rounds))
    print(f"a stage that does nothing: {(stages[0] - base) / NOOP_STAGES:.1f} ns a packet ({NOOP_STAGES} of them)")


main()
