"""The points of the sweep, how often each is run, and whether what was measured is what theory says."""
import math
from concurrent.futures import ThreadPoolExecutor

import runs
import theory

INTERVALS = (10, 15, 20, 24, 25, 30, 45, 50, 60, 90, 125, 255)
RESPONSE_TIMES = (0.5, 1, 2, 5, 10, 25)
FIXED, SHORT, ROBUSTNESS, PER_QUERY = theory.AGEINGS
QUICK = ((FIXED, 125, 10), (FIXED, 255, 25), (SHORT, 20, 10), (ROBUSTNESS, 10, 5), (ROBUSTNESS, 24, 10),
         (ROBUSTNESS, 25, 10), (ROBUSTNESS, 125, 10), (PER_QUERY, 20, 10), (PER_QUERY, 30, 25), (PER_QUERY, 45, 10),
         (PER_QUERY, 60, 1), (PER_QUERY, 125, 10))

WANTED_ERROR = 0.02      # the standard error of a share that is worth another run
# Quadrature over 240 phases.
QUADRATURE = 0.001
MILLISECOND = 0.0011     # counters are in whole ones


def all_points():
    return [(ageing, q, r) for ageing in theory.AGEINGS for q in INTERVALS for r in RESPONSE_TIMES if r < q]


class Point:
    """One ageing policy, query interval and response time: theory, and the three designs measured.

    `share` and `longest` are those of broken hosts, `answering_share` and `answering_longest` those of fixed ones.
    """

    def __init__(self, ageing, q, r, most_seeds):
        self.ageing, self.q, self.r = ageing, q, r
        self.theory = theory.share(ageing, q, r)
        self.longest_theory = theory.longest(ageing, q, r)
        shares = theory.phase_shares(ageing, q, r)
        self.phase_mean, spread = sum(shares) / len(shares), theory.spread(shares)
        hosts = len(runs.HOSTS)
        # Where the phase is frozen a host's share is its phase's, and only more hosts say more.
        self.seeds = range(1, 1 + min(most_seeds, max(1, math.ceil((spread / WANTED_ERROR) ** 2 / hosts))))
        self.error = spread / math.sqrt(hosts * len(self.seeds))
        # The ends of a run cut one period of queries or reports each, and the querier's second query comes early.
        self.ends = 3 * max(q, theory.P) / runs.DAY
        self.answering_theory = theory.answering_share(ageing, q, r)

    def start(self, pool):
        def of(design, seeds):
            return [pool.submit(runs.run, design, self.ageing, self.q, self.r, seed) for seed in seeds]
        self.pending = of("broken", self.seeds), of("fixed", [1]), of("unicast", [1])

    def finish(self):
        self.broken, (self.fixed,), (self.unicast,) = ([run.result() for run in design] for design in self.pending)
        self.shares = [lost / (run.end - joined) for seed, run in zip(self.seeds, self.broken)
                       for lost, joined in zip(run.outage, runs.first_reports(seed))]
        self.share = sum(self.shares) / len(self.shares)
        self.longest = max(max(run.longest) for run in self.broken)
        self.answering_share = sum(self.fixed.outage) / len(runs.HOSTS) / self.fixed.end
        self.answering_longest = max(self.fixed.longest)

    def __str__(self):
        return f"{self.ageing}, Q = {self.q} s, R = {self.r:g} s"

    def complaints(self):
        """What is not as theory says."""
        if abs(self.phase_mean - self.theory) > QUADRATURE:
            yield f"{self}: the closed form gives {self.theory:.2%}, the time line {self.phase_mean:.2%}"
        if abs(self.share - self.theory) > 4 * self.error + self.ends:
            yield (f"{self}: broken hosts are cut off {self.share:.2%} of the time, not {self.theory:.2%}"
                   f" (standard error {self.error:.2%})")
        if self.longest > self.longest_theory + MILLISECOND:
            yield f"{self}: an outage of {self.longest} s, longer than {self.longest_theory} s"
        for seed, run in zip(self.seeds, self.broken):
            yield from self.departures(seed, run)
        yield from self.answering_complaints()
        yield from self.complaints_of_safe("unicast", self.unicast)

    def answering_complaints(self):
        longest = theory.answering_longest(self.ageing, self.q, self.r)
        if longest == 0:
            yield from self.complaints_of_safe("fixed", self.fixed)
            return
        error = theory.answering_error(self.q, self.r, len(runs.HOSTS), runs.DAY)
        if abs(self.answering_share - self.answering_theory) > 4 * error + self.ends:
            yield (f"{self}: fixed hosts are cut off {self.answering_share:.2%} of the time, not"
                   f" {self.answering_theory:.2%} (standard error {error:.2%})")
        if self.answering_longest > longest + MILLISECOND:
            yield f"{self}: an outage of {self.answering_longest} s of fixed hosts, longer than {longest} s"

    def complaints_of_safe(self, design, run):
        """Of a design that must never be cut off here."""
        if any(run.outage) or any(run.expired):
            yield f"{self}: {design} hosts are cut off, {run.outage} s"
        if sum(run.delivered) != run.sent:
            yield f"{self}: {design} hosts get {sum(run.delivered)} of {run.sent} packets"

    def departures(self, seed, run):
        """Where a run of the broken design is not, host by host, what the time line makes of its first report."""
        if sum(run.delivered) > run.sent:
            yield f"{self}, seed {seed}: {sum(run.delivered)} packets delivered of {run.sent}"
        queries = theory.query_times(self.q, run.end)
        for host, joined, lost in zip(runs.HOSTS, runs.first_reports(seed), run.outage):
            reports = theory.every(theory.P, joined, run.end)
            expected = theory.outages(self.ageing, self.q, self.r, reports, queries, run.end)
            total = sum(b - a for a, b in expected)
            if abs(lost - total) > MILLISECOND * (len(expected) + 1):
                yield f"{self}, seed {seed}, host {host}: cut off for {lost} s, by the time line {total:.3f} s"


def measure(wanted, most_seeds, progress):
    """Runs points, two processes at a time."""
    points = [Point(*point, most_seeds) for point in wanted]
    with ThreadPoolExecutor(2) as pool:
        for point in points:
            point.start(pool)
        for number, point in enumerate(points):
            point.finish()
            progress(number + 1, len(points))
    return points
