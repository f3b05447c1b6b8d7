"""What arithmetic says of hosts that report every 60 s and ignore queries, and of hosts that answer: without weir.

P is the time between two reports, Q the query interval, R the response time, RV the robustness; all times in seconds.
"""
import math
from typing import NamedTuple

P = 60.0
RV = 2
SLACK = 0.1          # the switch's policy per query lets an answer be so late: R' = R + 0.1
LEAVE = 2.0          # what a leave or a specific query leaves a member: two queries, 1 s apart (RFC 3376 §8.10)


class Ageing(NamedTuple):
    """How a switch gives members up: the lab's word, and for `fixed` the time."""
    kind: str
    timeout: float = 260.0

    def __str__(self):
        return f"{self.kind}, {self.timeout:g} s" if self.kind == "fixed" else self.kind


AGEINGS = (Ageing("fixed"), Ageing("fixed", 45.0), Ageing("robustness"), Ageing("per-query"))


# Closed forms.

def member_time(ageing, q, r):
    """How long one report lasts; None where only a query ends a membership."""
    return {"fixed": ageing.timeout, "robustness": RV * q + r, "per-query": None}[ageing.kind]


def share(ageing, q, r):
    """The share of the time in which the host is cut off, over all phases of its reports."""
    lasts = member_time(ageing, q, r)
    if lasts is not None:
        # Each report lasts T, the next one comes after P: P - T are missing, if that is more than nothing.
        return max(0.0, P - lasts) / P
    # A report is followed by a query after d, uniform over (0, Q). If d + R' < P the member goes then and is missing
    # for P - R' - d, until the next report; else that report is the answer. The mean over d, by P:
    late = r + SLACK
    if q >= P - late:
        return (P - late) ** 2 / (2 * P * q)        # the integral of P - R' - d over d in (0, P - R'), by Q
    return 1 - (q / 2 + late) / P                   # the integral over all of (0, Q), by Q: every period has an outage


def longest(ageing, q, r):
    """The longest outage that any phase gives."""
    lasts = member_time(ageing, q, r)
    # Per query the worst case is a query right after a report: d = 0.
    return max(0.0, P - (lasts if lasts is not None else r + SLACK))


def answer_window(r):
    """The time after a query over which answers are spread evenly: R less a margin, so that none is late."""
    return r - min(r / 4, 0.2)


def answering_share(ageing, q, r):
    """The share of the time in which a host is cut off that reports only when it is asked."""
    lasts = member_time(ageing, q, r)
    if lasts is None:
        return 0.0                                  # each query is answered in time
    # Two answers are Q + d' - d apart, d and d' uniform over (0, w), and what exceeds T is missing. d' - d is
    # triangular over (-w, w); with c = Q - T the mean of max(0, c + d' - d) is (w + c)^3 / (6 w^2) for c < 0, and for
    # c > 0 as much as for -c, and c more.
    window, missing = answer_window(r), q - lasts
    tail = max(0.0, window - abs(missing)) ** 3 / (6 * window ** 2)
    return (max(0.0, missing) + tail) / q


def answering_longest(ageing, q, r):
    """The longest outage of such a host: an early answer, then a late one."""
    lasts = member_time(ageing, q, r)
    return 0.0 if lasts is None else max(0.0, q + answer_window(r) - lasts)


def answering_error(q, r, hosts, time):
    """A bound of the standard error of its share: d' - d has the variance w^2 / 6."""
    return answer_window(r) / math.sqrt(6 * hosts * time / q) / q


def leave_outage(wait):
    """The outage that another host's leave costs a host whose next report comes `wait` later."""
    # Two queries, 1 s apart, and 2 s after the first of them the member goes, unless it happens to report.
    return max(0.0, wait - LEAVE)


# Time lines: the same from the switch's rules, event by event.

def outages(ageing, q, r, reports, queries, end):
    """The intervals in which a port that reported at `reports` has no member, up to `end`."""
    lasts = member_time(ageing, q, r)
    events = [(time, True) for time in reports] + ([(time, False) for time in queries] if lasts is None else [])
    present, deadline, lost, found = False, math.inf, None, []
    for time, is_report in sorted(events) + [(end, False)]:
        if present and deadline <= time:
            present, lost = False, deadline
        if time >= end:
            break
        if is_report:
            if lost is not None:
                found.append((lost, time))
            present, lost = True, None
            deadline = math.inf if lasts is None else time + lasts
        elif present:
            deadline = min(deadline, time + r + SLACK)
    if lost is not None and lost < end:
        found.append((lost, end))
    return found


def every(interval, first, end):
    """Times from `first` on, `interval` apart."""
    return [first + interval * n for n in range(max(0, math.ceil((end - first) / interval)))]


def query_times(q, end):
    """A querier's general queries: the second one after a quarter of the interval (RFC 2236 §8.6)."""
    return [0.0] + every(q, q / 4, end)


def phase_shares(ageing, q, r, phases=240):
    """The share of the time in which the host is cut off for each of a number of even phases.

    Reports move against queries by steps of gcd(P, Q), so that phases differ over that range only, and all repeats
    after lcm(P, Q). With Q = 60 s the phase stays what it is, for one host good and for another bad.
    """
    step, cycle = math.gcd(int(P), q), math.lcm(int(P), q)
    shares = []
    for n in range(phases):
        reports = every(P, step * (n + 0.5) / phases, 2 * cycle)
        lost = outages(ageing, q, r, reports, every(q, 0.0, 2 * cycle), 2 * cycle)
        # The first cycle brings the switch into its stride.
        shares.append(sum(max(0.0, b - max(a, cycle)) for a, b in lost) / cycle)
    return shares


def spread(shares):
    """The standard deviation over phases."""
    mean = sum(shares) / len(shares)
    return math.sqrt(sum((s - mean) ** 2 for s in shares) / len(shares))
