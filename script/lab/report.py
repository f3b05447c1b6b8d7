"""The sweep in tables and words."""
import runs
import theory
from points import FIXED, INTERVALS, PER_QUERY, RESPONSE_TIMES, ROBUSTNESS, SHORT
from render import Heading, List, Paragraph, Picture, Table

WORDS = {
    FIXED: "a fixed 260 s after the last report, as most switches do it",
    SHORT: "a fixed 45 s after the last report, a time that somebody has set too short",
    ROBUSTNESS: f"RV x Q + R after the last report, with RV = {theory.RV} (RFC 2236 §8.4)",
    PER_QUERY: "when no report follows a query within R; the switch allows 100 ms more, so that R' = R + 0.1 s",
}
LAWS = {
    FIXED: "max(0, P - T) / P", SHORT: "max(0, P - T) / P",
    ROBUSTNESS: "max(0, P - RV x Q - R) / P, which is 0 from Q = (P - R) / RV on",
    PER_QUERY: "1 - (Q / 2 + R') / P up to Q = P - R', and (P - R')^2 / (2 P Q) from there on",
}


def report(points, leaves, command):
    """The whole sweep as blocks."""
    at = {(p.ageing, p.q, p.r): p for p in points}
    blocks = [
        Heading("KB 838408: where the fault bites, and where it cannot", 1),
        Paragraph(f"Made by `{command}`. Eight cluster hosts, a querier, a snooping switch and a client, for 24"
                  f" simulated hours a run; {len(points)} points and {run_count(points, leaves)} runs of"
                  " `pipelines/lab/kb838408.yaml` and `leave.yaml`. P = 60 s is the time between two reports of a"
                  " broken host, Q the query interval, R the response time that a query gives."),
        *summary(points),
        Picture("Share of the time in which a broken host is cut off, against the query interval",
                "images/kb838408-sweep.svg"),
        Picture("Ten minutes of the lab: broken, fixed and unicast hosts", "images/kb838408-timeline.svg"),
        Heading("Broken hosts: share of the time in which they are cut off"),
        Paragraph("They report every 60 s and ignore queries. Measured, and in brackets theory, in per cent, from each"
                  " host's first report on."),
    ]
    for ageing in theory.AGEINGS:
        blocks += section(at, ageing, lambda p: cell(p.share, p.theory),
                          f"Given up {WORDS[ageing]}. Theory: {LAWS[ageing]}.")
    blocks += [Heading("Broken hosts: longest outage"), Paragraph("Measured, and in brackets the longest that any phase"
               " between reports and queries can give, in seconds.")]
    for ageing in theory.AGEINGS:
        blocks += section(at, ageing, lambda p: f"{p.longest:.1f} ({p.longest_theory:.1f})", "")
    return blocks + luck(at) + answering(points, at) + cost(at) + leave(leaves) + [
        Heading("How this is judged"), List([
            "Each broken host, in each run, is cut off for as long as a time line of the switch's rules, computed from"
            " the host's first report without weir, says, to a millisecond an outage. What is left between measurement"
            " and formula is the luck of the hosts' phases.",
            "The share over all hosts and seeds lies within four standard errors of the formula, plus three periods in"
            " a day for the ends of a run. The standard error is that of hosts at random phases; where the phase is"
            " frozen, up to 25 seeds are run, until it is 2 %.",
            "The formula and the time line agree to 0.1 % when averaged over 240 phases.",
            "No outage is longer than theory has it. Unicast hosts never miss a packet, and fixed hosts none where Q +"
            " R is within the switch's time.",
            "All hosts together never get more packets of the client than were sent."])]


def quick_report(points, leaves):
    """Every point in a line."""
    rows = [[str(p.ageing), f"{p.q} s", f"{p.r:g} s", cell(p.share, p.theory),
             f"{p.longest:.1f} ({p.longest_theory:.1f})", cell(p.answering_share, p.answering_theory),
             f"{100 * delivered(p.broken):.1f}", f"{100 * delivered([p.fixed]):.1f}",
             f"{100 * delivered([p.unicast]):.1f}"] for p in points]
    return [Table(["ageing", "Q", "R", "broken: % cut off", "longest, s", "fixed: % cut off", "% delivered: broken",
                   "fixed", "unicast"], rows), Paragraph("Theory is in brackets."), *leave(leaves)]


def run_count(points, leaves):
    return sum(len(p.broken) + 2 for p in points) + 2 * len(leaves)


def summary(points):
    never = [p for p in points if p.theory == 0]
    return [List([
        "**Fixed time T**: only if T < P. With 260 s never, at whatever Q and R.",
        "**Robustness**: only if Q < (P - R) / RV, that is 25 s with R = 10 s, and 29.75 s with R = 0.5 s. A switch"
        " that follows a fast querier forgets the host between two of its reports.",
        "**Per query**: at every Q and R < P. The share falls as Q grows, and is never 0.",
        "**Another host's leave**: whatever the ageing, unless a report comes within 2 s of it.",
        "**Defaults of the RFCs** (Q = 125 s, R = 10 s, a timeout of 260 s by either of the first two): never. `May`"
        " and `some switches` in the KB are to be taken literally.",
        "**Hosts that answer queries**: never, as long as the switch remembers them for Q + R. **Unicast**: never;"
        " there is nothing to forget.",
        "**Not swept**: lost messages, of which enough in a row end any membership, and tables that a switch throws"
        " away, after which a broken host is back with its next report only.",
        f"At {len(never)} of the {len(points)} points the fault cannot show, at {len(points) - len(never)} it does."])]


def cell(measured, expected):
    return f"{100 * measured:.1f} ({100 * expected:.1f})"


def section(at, ageing, words, law):
    """A policy's matrix of Q by R; one sentence where all of it is the same."""
    cells = {(q, r): words(p) for (a, q, r), p in at.items() if a == ageing}
    heading = [Heading(f"Ageing {ageing}", 3)] + [Paragraph(law)] * bool(law)
    if len(set(cells.values())) == 1:
        return heading + [Paragraph(f"At each of the {len(cells)} points: {next(iter(cells.values()))}.")]
    return heading + [matrix(cells)]


def matrix(cells):
    columns = [r for r in RESPONSE_TIMES if any((q, r) in cells for q in INTERVALS)]
    rows = [[f"{q} s"] + [cells.get((q, r), "") for r in columns]
            for q in INTERVALS if any((q, r) in cells for r in columns)]
    return Table(["Q"] + [f"R = {r:g} s" for r in columns], rows)


def luck(at):
    """Why the KB says that some hosts are dropped."""
    rows = [[f"{q} s", str(len(p.shares)), f"{100 * p.share:.1f}", f"{100 * min(p.shares):.1f}",
             f"{100 * max(p.shares):.1f}"] for q in INTERVALS if (p := at.get((PER_QUERY, q, 10)))]
    return [Heading("Lucky hosts"), Paragraph(
        "Where Q is a multiple of P, or P one of Q, the phase between reports and queries never changes: at Q = 60 s"
        " one host is cut off at every query, and its neighbour never. Ageing per query, R = 10 s, per cent of the"
        " time."),
        Table(["Q", "hosts", "mean", "luckiest host", "unluckiest host"], rows)]


def answering(points, at):
    cells = {(p.ageing, p.q, p.r): f"{cell(p.answering_share, p.answering_theory)}" for p in points
             if theory.answering_longest(p.ageing, p.q, p.r) > 0}
    blocks = [Heading("Fixed hosts, and a switch that forgets faster than the querier asks"), Paragraph(
        f"Fixed hosts report when they are asked. At {len(points) - len(cells)} of the {len(points)} points they are"
        " never cut off. The others have a switch with a fixed time T < Q + R, which does not wait for an answer: that"
        " is the switch's error, RFC 2236 §8.4 has T = RV x Q + R. Where the querier of such a switch asks seldom, a"
        " broken host with its report a minute is even cut off less. A host that reports on its own more often than T,"
        " beside its answers (`answer: queries, report-interval: 40s`), is safe there too. Share of the time, measured"
        " and in brackets theory, in per cent.")]
    for ageing in theory.AGEINGS:
        of_it = {(q, r): words for (a, q, r), words in cells.items() if a == ageing}
        if of_it:
            blocks += [Heading(f"Ageing {ageing}, where Q + R > T", 3), matrix(of_it)]
    return blocks


def reports_a_minute(run):
    return sum(run.reports) / len(runs.HOSTS) / (run.end / 60)


def delivered(of):
    return sum(sum(run.delivered) for run in of) / sum(run.sent for run in of)


def cost(at):
    """Reports a minute, and what becomes of the client's packets."""
    rows = []
    for q in INTERVALS:
        slow, strict = at[ROBUSTNESS, q, 5], at[PER_QUERY, q, 5]
        designs = (strict.broken, [strict.fixed], [strict.unicast])
        rows.append([f"{q} s"] + [f"{reports_a_minute(design[0]):.2f}" for design in designs] + [
            f"{100 * delivered(design):.1f}" for design in (slow.broken, *designs)])
    return [Heading("What it costs, and what it brings"), Paragraph(
        "Reports a minute and host, and the share of the client's packets that is delivered, in per cent, R = 5 s."
        " Fixed hosts report once a query: 60 s / Q."),
        Table(["Q", "reports: broken", "fixed", "unicast", "delivered: broken, robustness", "broken, per query",
               "fixed", "unicast"], rows)]


def leave(leaves):
    dropped = [entry for entry in leaves if entry.broken > 0]
    expected = [entry.theory for entry in leaves if entry.theory > 0]
    mean = sum(entry.broken for entry in dropped) / len(dropped)
    return [Heading("Another host leaves"), Paragraph(
        "Ageing fixed, 260 s. The querier asks who is still there, twice, 1 s apart, unless it has an answer, and 2 s"
        " after the leave the switch"
        f" gives up who has not reported. Of {len(leaves)} leaves, spread evenly over the minute between two reports,"
        f" {len(dropped)} cut the broken host off (theory: {len(expected)}), for {mean:.1f} s on average"
        f" ({sum(expected) / len(expected):.1f} s) and {max(entry.broken for entry in dropped):.1f} s at the longest"
        f" ({max(expected):.1f} s). They cut the fixed host off {sum(entry.fixed > 0 for entry in leaves)} times."),
        Picture("A leave: the broken host is given up, the fixed one answers", "images/kb838408-leave.svg")]
