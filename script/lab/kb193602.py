"""The options of KB 193602 side by side; called by script/kb193602 as `kb193602.py WEIR [options]`."""
import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import render
import runs
from copies import picture
from options import HOSTS, Option, Seen

DOCS = os.path.join(runs.ROOT, "docs")
BEGIN, END = "<!-- written by script/kb193602 --docs -->\n", "<!-- until here -->\n"

# What each port should see of a client's packet, and who besides host 2 of one from host 1 to it.
FLOOD = Seen(hosts=[1] * 4, bystanders=[1, 1], upstream=1, router=0, querier=1)
BOUND = Seen(hosts=[1] * 4, bystanders=[0, 0], upstream=0, router=0, querier=0)
LOST = Seen(hosts=[0] * 4, bystanders=[0, 0], upstream=0, router=0, querier=0)
TO_QUERIER = LOST._replace(querier=1)
RULES = {
    "unicast": (FLOOD, 7), "unicast-peers": (FLOOD, 0), "private-vlan": (FLOOD, 5), "hub": (BOUND, 2),
    "vlan": (BOUND, 3), "static-unicast": (BOUND, 2), "multicast": (BOUND, 0), "igmp": (BOUND._replace(querier=1), 0),
    "multicast-bare": (FLOOD, 0), "igmp-by-ip": (FLOOD, 0), "igmp-by-ip-strict": (TO_QUERIER, 0),
    "igmp-no-querier": (LOST, 0), "unmasked": (LOST._replace(hosts=[1, 0, 0, 0]), -1),
}
WORKING = [name for name in RULES if "strict" not in name and name not in ("igmp-no-querier", "unmasked")]


def main():
    parser = argparse.ArgumentParser(prog="script/kb193602")
    parser.add_argument("weir", help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=("text", "markdown"), default="text", help="how to print the table")
    parser.add_argument("--docs", action="store_true", help="write the table of docs/kb193602.md and its picture")
    arguments = parser.parse_args()
    with ThreadPoolExecutor(2) as pool:
        measured = list(pool.map(Option, RULES))
    blocks = [table(measured)]
    if arguments.docs:
        write(render.markdown(blocks))
        picture(measured).save(os.path.join(DOCS, "images", "kb193602.svg"))
    else:
        print(render.markdown(blocks) if arguments.format == "markdown" else render.text(blocks))
    wrong = [complaint for option in measured for complaint in complaints(option)]
    if wrong:
        sys.exit("\nkb193602: not as the rules say:\n" + "\n".join(wrong))
    print(f"kb193602: {len(measured)} options are as their rules say", file=sys.stderr)


def table(measured):
    rows = []
    for option in measured:
        client, got = option.client, sum(option.delivered)
        rows.append([
            f"`{option.name}`", f"{sum(client.hosts) / len(HOSTS):.2f}",
            f"{sum(client.hosts) / got:.2f}" if got else "none",
            f"{1 + sum(client.bystanders) / 2:.2f}", f"{1 + client.upstream:.2f}", f"{client.querier:.2f}",
            f"{option.unwanted:.2f}", f"{100 * got:.1f} %", f"{max(option.peer.ports - 1, 0):.0f}"
            if option.peer.hosts[1] else "lost"])
    return render.Table(
        ["option", "a host's port", "per packet meant", "a bystander's, per packet meant", "upstream, per packet meant",
         "the querier's", "copies for nothing", "delivered", "strangers, host to host"],
        rows)


def complaints(option):
    """What is not as the option's rule has it; counts are exact."""
    client, strangers = RULES[option.name]
    if option.client != client:
        yield f"{option.name}: a client's packet leaves by {option.client}, not by {client}"
    if option.name in WORKING and sum(option.delivered) != 1:
        yield f"{option.name}: hosts got {sum(option.delivered):.1%} of the client's packets"
    if option.peer.ports - 1 != strangers:
        yield f"{option.name}: {option.peer.ports - 1:g} strangers see a packet between hosts, not {strangers}"
    own = Seen(hosts=[0] * 4, bystanders=[1, 1], upstream=1, router=0, querier=0)
    if option.bystander != own:
        yield f"{option.name}: bystanders' own packets leave by {option.bystander}, not by {own}"


def write(text):
    """Puts the table between its marks."""
    path = os.path.join(DOCS, "kb193602.md")
    with open(path) as file:
        before, rest = file.read().split(BEGIN)
    with open(path, "w") as file:
        file.write(before + BEGIN + "\n" + text + "\n\n" + END + rest.split(END)[1])


main()
