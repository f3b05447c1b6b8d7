"""Another host's leave, in the lab of leave.yaml: a day's worth of phases between it and the host's reports."""
import os
from concurrent.futures import ThreadPoolExecutor

import runs
import theory

# As the generator of leave.yaml ends at 210 s, the last leave must be over with the report that follows it.
FIRST, STEPS = 90, 60


class Leave:
    """One leave: what it cost a broken host and a fixed one, and what it should have cost the former."""

    def __init__(self, design_outages, joined, at):
        self.broken, self.fixed = design_outages
        reports = theory.every(theory.P, joined, at + 2 * theory.P)
        self.theory = theory.leave_outage(next(t for t in reports if t > at) - at)
        self.at = at

    def complaints(self):
        if abs(self.broken - self.theory) > 0.002:
            yield f"a leave at {self.at} s cuts a broken host off for {self.broken} s, not for {self.theory:.3f} s"
        if self.fixed:
            yield f"a leave at {self.at} s cuts a fixed host off for {self.fixed} s"


def outage(design, at):
    summary, _ = runs.weir(os.path.join(runs.LAB, "leave.yaml"), *runs.settings(design=design, leave_at=f"{at}s"))
    counters = next(stage for stage in summary["stages"] if stage["id"] == "lan")["counters"]
    return counters["port1-milliseconds-without-member"] / 1000


def measure(every):
    """Leaves a second apart, or `every` so many seconds, over the minute between two reports."""
    _, log = runs.weir(os.path.join(runs.LAB, "leave.yaml"), "--log-level", "info")
    joined = next(runs.seconds(e) for e in log if e["message"] == "joined" and e["port"] == "port1")
    times = range(FIRST, FIRST + STEPS, every)
    with ThreadPoolExecutor(2) as pool:
        broken = list(pool.map(lambda at: outage("broken", at), times))
        fixed = list(pool.map(lambda at: outage("fixed", at), times))
    return [Leave(both, joined, at) for at, *both in zip(times, broken, fixed)]
