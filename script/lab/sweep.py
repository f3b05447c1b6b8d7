"""The sweep of KB 838408; called by script/sweep as `sweep.py WEIR [options]`."""
import argparse
import os
import sys

import leaves
import pictures
import points
import render
import runs
from report import quick_report, report

DOCS = os.path.join(runs.ROOT, "docs")


def main():
    parser = argparse.ArgumentParser(prog="script/sweep")
    parser.add_argument("weir", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="a dozen characteristic points instead of all")
    parser.add_argument("--format", choices=("text", "markdown"), default="text", help="how to print the tables")
    parser.add_argument("--docs", action="store_true", help="write docs/kb838408-sweep.md and the pictures")
    options = parser.parse_args()
    if options.docs and options.quick:
        parser.error("the documentation has all points: leave out --quick")
    measured = points.measure(points.QUICK if options.quick else points.all_points(), 4 if options.quick else 25,
                              progress)
    left = leaves.measure(every=10 if options.quick else 1)
    blocks = quick_report(measured, left) if options.quick else report(
        measured, left, "script/sweep --docs" if options.docs else "script/sweep")
    if options.docs:
        with open(os.path.join(DOCS, "kb838408-sweep.md"), "w") as file:
            file.write(render.markdown(blocks) + "\n")
        pictures.draw(measured, os.path.join(DOCS, "images"))
    else:
        print(render.markdown(blocks) if options.format == "markdown" else render.text(blocks))
    complaints = [c for entry in measured + left for c in entry.complaints()]
    if complaints:
        sys.exit("\nsweep: not as theory says:\n" + "\n".join(complaints))
    print(f"sweep: {len(measured)} points and {len(left)} leaves are as theory says", file=sys.stderr)


def progress(done, of):
    if sys.stderr.isatty():
        print(f"\r{done} of {of} points", end="" if done < of else "\n", file=sys.stderr, flush=True)


main()
