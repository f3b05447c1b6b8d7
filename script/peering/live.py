"""Checks what two runs of pipelines/live/igmp-host.yaml say of themselves: usage: live.py FIXED.json BROKEN.json"""
import json
import sys


def stage(path, kind):
    with open(path) as file:
        summary = json.loads([line for line in file if line.startswith("{")][-1])
    assert summary["balanced"], f"{path}: the ledger does not balance"
    return {stage["kind"]: stage for stage in summary["stages"]}[kind]


fixed, broken = (stage(path, "igmp-responder")["counters"] for path in sys.argv[1:3])
for path in sys.argv[1:3]:
    assert stage(path, "capture")["counters"]["kernel-drops"] == 0, f"{path}: the kernel dropped packets"
    sent, responder = stage(path, "transmit"), stage(path, "igmp-responder")
    assert sent["consumed"] == responder["out"]["reports"], f"{path}: not all reports were sent"
print("live: the fixed host's counters:", ", ".join(f"{name} {count}" for name, count in fixed.items() if count))
print("live: the broken host's counters:", ", ".join(f"{name} {count}" for name, count in broken.items() if count))
