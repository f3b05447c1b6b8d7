"""Runs of the lab: what weir's switch and hosts count in a simulated day."""
import functools
import json
import os
import subprocess
import sys
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "pipelines", "lab")
HOSTS = range(1, 9)
DAY = 86400
PACE = 7             # seconds between two packets of the client: prime to a minute, so that they meet every phase


class Run(NamedTuple):
    """What one run has measured; lists are by host."""
    end: float           # s
    outage: list         # s, all together
    longest: list        # s
    expired: list        # times that the switch gave the host up
    reports: list
    delivered: list      # packets of the client
    sent: int


def weir(*arguments):
    """The summary of a run, and its log."""
    done = subprocess.run([sys.argv[1], "run", "--summary", "json", "--log-format", "json", *arguments],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"weir run {' '.join(arguments)}\n{done.stderr}")
    summary = json.loads(done.stdout)
    assert summary["balanced"], arguments
    return summary, [json.loads(line) for line in done.stderr.splitlines()]


def settings(**values):
    """Parameters of a pipeline as arguments."""
    return [word for name, value in values.items() for word in ("--set", f"{name.replace('_', '-')}={value}")]


def lab_settings(design, ageing, q, r):
    return settings(design=design, interval=f"{q}s", response_time=f"{r}s", ageing=ageing.kind,
                    timeout=f"{ageing.timeout:g}s")


def run(design, ageing, q, r, seed):
    """A day of the lab."""
    summary, _ = weir(os.path.join(LAB, "kb838408.yaml"), "--seed", str(seed), *lab_settings(design, ageing, q, r),
                      *settings(time=f"{DAY}s", pace=f"{PACE}s"))
    stages = {stage["id"]: stage for stage in summary["stages"]}
    switch = stages["lan"]["counters"]

    def by_host(counter):
        return [switch[f"port{host}-{counter}"] for host in HOSTS]

    return Run(
        end=summary["virtual_seconds"], outage=[ms / 1000 for ms in by_host("milliseconds-without-member")],
        longest=[ms / 1000 for ms in by_host("longest-milliseconds-without-member")],
        expired=[a + b for a, b in zip(by_host("expired"), by_host("left"))], reports=by_host("reports"),
        delivered=[stages[f"host-{host}.stack"]["in"] for host in HOSTS], sent=stages["generator"]["created"])


def seconds(event):
    """The time of a logged event, on the lab's clock, which starts at zero."""
    days, clock = event["time"].rstrip("Z").split("T")
    hours, minutes, rest = clock.split(":")
    return (int(days[-2:]) - 1) * DAY + int(hours) * 3600 + int(minutes) * 60 + float(rest)


@functools.cache
def first_reports(seed):
    """When the broken hosts report first; a seed means the same hosts whatever the querier and the switch do."""
    _, log = weir(os.path.join(LAB, "kb838408.yaml"), "--seed", str(seed), "--log-level", "info",
                  *settings(design="broken", time="1s"))
    joined = {}
    for event in log:
        if event["message"] == "joined":
            joined.setdefault(event["port"], seconds(event))
    return [joined[f"port{host}"] for host in HOSTS]
