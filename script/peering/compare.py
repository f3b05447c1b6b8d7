"""Compares what weir answers to recorded queries with what a Linux host answered; called by script/peers.

    compare.py WEIR FOLDER      FOLDER has a recording SCENARIO.pcap of each scenario, made at the host's network card

What the host received is weir's input, FOLDER/SCENARIO-queries.pcap; weir's output is FOLDER/SCENARIO-reports.pcap. The
delays of both are random, so compared is what was said (Record, headers included) for which query, not when.
"""
import collections
import glob
import itertools
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
import igmp
from octets import packets, records

HERE = os.path.dirname(os.path.abspath(__file__))
MEMBER = bytes.fromhex("020000000002")
# Seconds by which an answer may come late: Linux adds two clock ticks to its delay, weir is at most a microsecond off.
SLACK = {"Linux": 0.1, "weir": 2e-6}
UNSOLICITED_REPORT_INTERVAL = 1.0       # RFC 3376 §8.11: a change is told within so long, repeats included


class Recording:
    """What the host received and sent between the neighbour's orders "join" and "end"."""

    def __init__(self, path):
        listed = records(path)
        self.header = next(listed)
        self.orders = {}                # "join", "leave", "end": seconds
        self.received, self.sent = [], []
        for time, frame, record in listed:
            if frame[23] == 17:
                self.orders[frame[42:].decode()] = time
            if "join" not in self.orders:
                continue
            if frame[6:12] == MEMBER:
                self.sent += filter(None, [igmp.parse(time, frame)])
            else:
                self.received.append((time, frame, record))
            if "end" in self.orders:
                break
        parsed = (igmp.parse(time, frame) for time, frame, _ in self.received)
        self.queries = [message for message in parsed if message and message.query]

    def save_received(self, path):
        with open(path, "wb") as file:
            file.write(self.header + b"".join(record for _, _, record in self.received))


class Comparison:
    """`findings` are lines for people; there are none if both hosts did the same."""

    def __init__(self, recording, weir):
        self.orders = recording.orders
        self.start = self.orders["join"]
        self.queries = recording.queries
        self.sides = {"Linux": recording.sent, "weir": weir}
        self.findings = []
        for side, messages in self.sides.items():
            for message in messages:
                for fault in message.faults:
                    self.findings.append(f"{self.at(message.time)}: {side} sent a {fault}")
        self.compare_changes()
        groups = {record.group for side in self.sides for _, record in self.said(side)}
        groups |= {message.query.group for message in self.queries if message.query.kind != "general"}
        for group in sorted(groups):
            self.compare_answers(group)

    def at(self, time):
        return f"{time - self.start:.3f} s"

    def said(self, side, changes=False):
        """(seconds, record) of its answers, or of what it told unasked."""
        return [(message.time, record) for message in self.sides[side] for record in message.records
                if (record.kind in igmp.CHANGES) == changes]

    def differ(self, what, by_side):
        """Says what only one of the sides sent, decoded, side by side. Gives nothing if there is no such packet."""
        linux, weir = (collections.Counter(by_side[side]) for side in ("Linux", "weir"))
        if linux == weir:
            return
        columns = [[line for record in sorted(only.elements()) for line in str(record).split("\n")] or ["nothing else"]
                   for only in (linux - weir, weir - linux)]
        columns = [["Linux"] + columns[0], ["weir"] + columns[1]]
        width = max(map(len, columns[0]))
        self.findings.append(what)
        for left, right in itertools.zip_longest(*columns, fillvalue=""):
            self.findings.append(f"    {left:{width}} | {right}".rstrip())

    def compare_changes(self):
        """What is told when the host joins and when it leaves, and how often."""
        begins = [("joining", self.orders["join"]), ("leaving", self.orders["leave"])]
        told = {name: {side: [] for side in self.sides} for name, _ in begins}
        for side in self.sides:
            for time, record in self.said(side, changes=True):
                for name, begin in begins:
                    if begin <= time <= begin + UNSOLICITED_REPORT_INTERVAL + SLACK["Linux"]:
                        told[name][side].append(record)
                        break
                else:
                    self.findings.append(f"{self.at(time)}: {side} told of no change: {self.in_line(record)}")
        for name, by_side in told.items():
            self.differ(f"{name}:", by_side)

    def clusters(self, group):
        """The queries that concern the group, in runs whose response times overlap: one answer may serve several."""
        run, end = [], 0
        for message in self.queries:
            if not message.query.concerns(group):
                continue
            if run and message.time > end:
                yield run
                run = []
            run.append(message)
            end = max(end, message.time + message.query.longest + SLACK["Linux"])
        if run:
            yield run

    def compare_answers(self, group):
        asked = {side: set() for side in self.sides}    # times of answers to a query
        for run in self.clusters(group):
            answers, served = {}, {}
            for side in self.sides:
                own = [(time, record) for time, record in self.said(side) if record.group == group]
                windows = [[(time, record) for time, record in own
                            if 0 < time - message.time <= message.query.longest + SLACK[side]] for message in run]
                times = [said[0] for said in own if any(said in window for window in windows)]
                asked[side].update(times)
                answers[side] = {record for window in windows for _, record in window}
                served[side] = [bool(window) for window in windows]
                if len(times) > len(run):
                    self.findings.append(f"{self.at(run[0].time)}: {side} gave {len(times)} answers for {group} "
                                         f"to {len(run)} queries")
            self.differ(f"{self.at(run[0].time)}: answers for {group} to {self.describe(run)}:", answers)
            for number, message in enumerate(run):
                # Which of these are answered when a query for the whole group is pending as well depends on the delays.
                if message.query.kind == "source" and any(other.query.kind != "source" for other in run):
                    continue
                if served["Linux"][number] != served["weir"][number]:
                    silent = "weir" if served["Linux"][number] else "Linux"
                    self.findings.append(f"{self.at(message.time)}: {silent} did not answer a {message.query.kind} "
                                         f"query for {group} within {message.query.longest} s")
        for side in self.sides:
            for time, record in self.said(side):
                if record.group == group and time not in asked[side]:
                    self.findings.append(f"{self.at(time)}: {side} reported late, or unasked: {self.in_line(record)}")

    @staticmethod
    def in_line(record):
        return str(record).replace("\n", ", ")

    @staticmethod
    def describe(run):
        kinds = collections.Counter(message.query.kind for message in run)
        return "queries (" + ", ".join(f"{number} {kind}" for kind, number in kinds.items()) + ")"


def warnings(path):
    """What tshark has to say against the frames: one line each."""
    done = subprocess.run(
        ["tshark", "-n", "-r", path, "-o", "ip.check_checksum:TRUE",
         "-Y", "!igmp || _ws.expert || ip.checksum.status != 1 || igmp.checksum.status != 1",
         "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info", "-e", "_ws.expert.message"],
        capture_output=True, text=True, check=False)
    lines = [f"tshark, frame {line}" for line in done.stdout.splitlines()]
    return lines if done.returncode == 0 else [*lines, f"tshark failed: {done.stderr.strip()}"]


def run_weir(weir, path, scenario, recording):
    """Its messages and what is wrong so far."""
    queries, reports = (f"{path.removesuffix('.pcap')}-{name}.pcap" for name in ("queries", "reports"))
    recording.save_received(queries)
    pipeline = os.path.join(HERE, f"peer-{scenario.rsplit('-', 1)[1]}.yaml")
    delay = round((recording.orders["leave"] - recording.orders["join"]) * 1e6)
    done = subprocess.run([weir, "run", pipeline, "-r", queries, "-w", reports, "--set", f"leave-at={delay}us"],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        return [], [f"weir ended with status {done.returncode}:", *done.stderr.strip().splitlines()]
    messages = [igmp.parse(*packet) for packet in packets(reports)]
    return [message for message in messages if message], warnings(reports)      # tshark names what is not IGMP


def count(messages, changes):
    return sum(any((record.kind in igmp.CHANGES) == changes for record in message.records) for message in messages)


def main(weir, folder):
    rows, failed = [], False
    for path in sorted(glob.glob(os.path.join(folder, "*-v[23].pcap"))):
        scenario = os.path.basename(path).removesuffix(".pcap")
        recording = Recording(path)
        kinds = collections.Counter(message.query.kind for message in recording.queries)
        messages, findings = run_weir(weir, path, scenario, recording)
        if not findings:
            findings = Comparison(recording, messages).findings
        if kinds["general"] < 3 or not kinds["group"] or (scenario.endswith("v3") and not kinds["source"]):
            findings.append("the querier has not asked everything that this is about")
        for line in findings:
            print(f"{scenario}: {line}")
        failed = failed or bool(findings)
        rows.append((scenario, f"{kinds['general']} + {kinds['group']} + {kinds['source']}",
                     *(f"{count(side, False)} + {count(side, True)}" for side in (recording.sent, messages)),
                     "differs" if findings else "the same"))
    rows.insert(0, ("querier", "queries: general + group + source", "Linux: answers + changes", "weir", "verdict"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths)).rstrip())
    return 1 if failed or len(rows) == 1 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
