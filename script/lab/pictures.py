"""The pictures of the documentation: what weir measured, drawn."""
import math
import os

import runs
import theory
from points import FIXED, PER_QUERY, ROBUSTNESS, SHORT
from svg import GRID, INK, SOFT, Drawing
from trace import trace

# Of bars, and darker ones of words; what is drawn over bars is darker still.
BROKEN, ANSWERING, UNICAST, LOST = "#e0913a", "#45ada0", "#94a3b8", "#fbcfcf"
WORDS = {BROKEN: "#a34a05", ANSWERING: "#0f6b63", UNICAST: "#526070"}
QUERY, LEAVE = "#2563eb", "#dc2626"
COLOURS = {FIXED: "#64748b", SHORT: "#7c3aed", ROBUSTNESS: "#0f766e", PER_QUERY: "#c2410c"}


def draw(points, folder):
    os.makedirs(folder, exist_ok=True)
    timeline().save(os.path.join(folder, "kb838408-timeline.svg"))
    leave().save(os.path.join(folder, "kb838408-leave.svg"))
    sweep(points).save(os.path.join(folder, "kb838408-sweep.svg"))


def bars(drawing, x, y, height, intervals, colour, until):
    """A row: a bar where the switch forwards, pink where it had a member and has none."""
    if intervals:
        drawing.rect(x(intervals[0][0]), y, x(until) - x(intervals[0][0]), height, LOST)
    for start, stop in intervals:
        drawing.rect(x(start), y, x(min(stop, until)) - x(start), height, colour)


def legend(drawing, x, y, entries):
    """Samples with words, one after another; an entry is a shape, its colour, words, and the room that it takes."""
    for shape, colour, words, room in entries:
        match shape:
            case "bar": drawing.rect(x, y - 10, 22, 12, colour)
            case "bars":
                drawing.rect(x, y - 10, 11, 12, BROKEN)
                drawing.rect(x + 11, y - 10, 11, 12, ANSWERING)
            case "line": drawing.line(x + 11, y - 12, x + 11, y + 4, colour, 1.6)
            case "tick": drawing.rect(x + 10, y - 12, 2, 16, colour)
            case "dot": drawing.circle(x + 11, y - 4, 4.5, colour)
            case "curve": drawing.line(x, y - 4, x + 22, y - 4, colour, 2.2)
        drawing.text(x + 29, y, words, 13)
        x += room


# Ten minutes of the lab

MINUTES, LEFT, RIGHT, ROW = 10, 92, 24, 18


def timeline():
    interval, response = 20, 10
    drawing = Drawing(960, 572, "Ten minutes of broken, fixed and unicast hosts")
    end = 60 * MINUTES

    def x(time):
        return LEFT + time / end * (drawing.width - LEFT - RIGHT)

    drawing.text(20, 32, "Whom the switch forwards the cluster's traffic to", 18, weight="bold")
    drawing.text(20, 54, f"a query every {interval} s, {response} s to answer; the switch gives a member up after"
                 f" 2 x {interval} s + {response} s = {2 * interval + response} s without a report", 13, SOFT)
    legend(drawing, 20, 80, [("bars", INK, "forwarded", 128), ("bar", LOST, "cut off", 108),
                             ("tick", INK, "report", 96), ("line", QUERY, "query", 100)])
    top = 100
    for design, colour, words in (("broken", BROKEN, "broken: reports every 60 s, ignores queries"),
                                  ("fixed", ANSWERING, "fixed: answers each query after a random delay")):
        found = trace("kb838408.yaml", *runs.lab_settings(design, ROBUSTNESS, interval, response),
                      *runs.settings(time=f"{end}s"))
        panel(drawing, x, top, words, colour, found, end)
        top += 30 + 8 * ROW + 14
    drawing.text(LEFT, top + 14, "unicast: no IGMP, the switch floods; nothing to forget", 14, WORDS[UNICAST],
                 weight="bold")
    drawing.rect(LEFT, top + 24, x(end) - LEFT, ROW - 5, UNICAST)
    drawing.text(LEFT - 8, top + 35, "hosts 1-8", 12, SOFT, "end")
    bottom = top + 24 + ROW
    for minute in range(MINUTES + 1):
        drawing.line(x(60 * minute), bottom, x(60 * minute), bottom + 6)
        drawing.text(x(60 * minute), bottom + 21, str(minute), 13, anchor="middle")
    drawing.line(LEFT, bottom, x(end), bottom)
    drawing.text(x(end / 2), bottom + 40, "minutes from the start", 13, SOFT, "middle")
    return drawing


def panel(drawing, x, top, words, colour, found, end):
    """A design's hosts, a row each."""
    drawing.text(LEFT, top + 14, words, 14, WORDS[colour], weight="bold")
    top += 24
    for time in found.queries:
        if time <= end:
            drawing.line(x(time), top - 3, x(time), top + 8 * ROW, QUERY, 1.0, opacity=0.55)
    for host in runs.HOSTS:
        y = top + (host - 1) * ROW
        drawing.text(LEFT - 8, y + 12, f"host {host}", 12, SOFT, "end")
        bars(drawing, x, y + 1, ROW - 5, found.members[f"port{host}"], colour, end)
        for time in found.reports[f"01-0{host}"]:
            if time <= end:
                drawing.rect(x(time) - 1, y - 1, 2, ROW - 1, INK)


# A leave

def leave():
    at, before, after = 98, 15, 55
    drawing = Drawing(960, 372, "Another host leaves the group: a broken and a fixed host")

    def x(time):
        return 150 + (time - at + before) / (before + after) * (drawing.width - 150 - RIGHT)

    drawing.text(20, 32, "Another host leaves the group", 18, weight="bold")
    drawing.text(20, 54, "the querier asks who is still there, again after 1 s if nobody says so, and 2 s after the"
                 " leave the switch gives up who has not", 13, SOFT)
    legend(drawing, 20, 80, [("bars", INK, "forwarded", 128), ("bar", LOST, "cut off", 108),
                             ("tick", INK, "report", 96), ("line", QUERY, "query about the group", 210),
                             ("line", LEAVE, "leave", 80)])
    top = 100
    for design, colour in (("broken", BROKEN), ("fixed", ANSWERING)):
        found = trace("leave.yaml", *runs.settings(design=design, leave_at=f"{at}s"))
        drawing.text(20, top + 14, f"{design} host", 14, WORDS[colour], weight="bold")
        for name, y in (("querier", top + 26), ("other host", top + 50), ("cluster host", top + 74)):
            drawing.text(142, y + 13, name, 12, SOFT, "end")
        for time in found.specific:
            drawing.line(x(time), top + 24, x(time), top + 95, QUERY, 1.6)
        asked = "asks, and asks again" if len(found.specific) > 1 else "asks, and has its answer"
        drawing.text(x(found.specific[-1]) + 8, top + 39, asked, 12, QUERY)
        window = at - before
        inside = {port: [(max(start, window), stop) for start, stop in times if stop > window]
                  for port, times in found.members.items()}
        for start, stop in inside["port2"]:         # what follows is no loss: it wants to be given up
            drawing.rect(x(start), top + 51, x(stop) - x(start), 16, UNICAST)
        bars(drawing, x, top + 75, 16, inside["port1"], colour, at + after)
        for time in found.leaves["02-01"]:
            drawing.line(x(time), top + 46, x(time), top + 71, LEAVE, 2.2)
            drawing.text(x(time) - 6, top + 45, "leave", 12, LEAVE, "end")
        for time in found.reports["01-01"]:
            if window <= time <= at + after:
                drawing.rect(x(time) - 1, top + 71, 2, 24, INK)
        gaps = [(a[1], b[0]) for a, b in zip(found.members["port1"], found.members["port1"][1:])]
        for start, stop in gaps:
            drawing.text(x((start + stop) / 2), top + 88, f"given up {start - at:.0f} s after the leave, and cut off"
                         f" for {stop - start:.1f} s, until its next report", 12, anchor="middle")
        if not gaps:
            drawing.text(x(at + 4), top + 88, "has answered, and stays a member", 12)
        top += 112
    for second in range(-10, after + 1, 10):
        drawing.line(x(at + second), top, x(at + second), top + 6)
        drawing.text(x(at + second), top + 21, str(second), 13, anchor="middle")
    drawing.line(150, top, x(at + after), top)
    drawing.text((150 + x(at + after)) / 2, top + 39, "seconds from the leave", 13, SOFT, "middle")
    return drawing


# The sweep

def sweep(points, r=10):
    drawing = Drawing(960, 520, "Share of the time in which a broken host is cut off, against the query interval")
    left, right, top, bottom = 76, 930, 112, 450
    low, high = math.log(10), math.log(280)

    def x(q):
        return left + (math.log(q) - low) / (high - low) * (right - left)

    def y(share):
        return bottom - share * (bottom - top)

    drawing.text(20, 32, "How much of the time a broken host is cut off", 18, weight="bold")
    drawing.text(20, 54, f"it reports every 60 s and ignores queries; response time R = {r} s; eight hosts and more, a"
                 " day a point", 13, SOFT)
    for percent in range(0, 101, 20):
        drawing.line(left, y(percent / 100), right, y(percent / 100), GRID)
        drawing.text(left - 8, y(percent / 100) + 5, f"{percent} %", 13, SOFT, "end")
    for q in (10, 15, 20, 25, 30, 45, 60, 90, 125, 255):
        drawing.line(x(q), bottom, x(q), bottom + 6)
        drawing.text(x(q), bottom + 22, str(q), 13, anchor="middle")
    drawing.line(left, bottom, right, bottom)
    drawing.text((left + right) / 2, bottom + 46, "query interval Q in seconds (logarithmic)", 13, SOFT, "middle")
    drawing.line(x(125), top, x(125), bottom, SOFT, 1.2, stroke_dasharray="4 4")
    drawing.text(x(125) + 6, top + 14, "RFC default, 125 s", 13, SOFT)
    for ageing in theory.AGEINGS:
        intervals = [math.exp(low + n / 400 * (high - low)) for n in range(401)]
        drawing.path([(x(q), y(theory.share(ageing, q, r))) for q in intervals if q >= r], COLOURS[ageing], 2.2)
        for p in points:
            if p.ageing == ageing and p.r == r:
                drawing.circle(x(p.q), y(p.share), 4.5, COLOURS[ageing], stroke="#ffffff", stroke_width=1)
    drawing.text(x(33), y(0.615), "per query", 14, COLOURS[PER_QUERY], weight="bold")
    drawing.text(x(150), y(0.27), "fixed, 45 s", 14, COLOURS[SHORT], weight="bold")
    drawing.text(x(13.2), y(0.425), "robustness", 14, COLOURS[ROBUSTNESS], weight="bold")
    drawing.text(x(27), y(0.03), "fixed, 260 s, and robustness from 25 s on: never", 13, COLOURS[FIXED], weight="bold")
    legend(drawing, 20, 86, [("curve", INK, "theory", 100), ("dot", INK, "measured", 120)])
    return drawing
