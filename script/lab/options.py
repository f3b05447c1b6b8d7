"""The options of KB 193602 in the lab: what leaves by which port for a packet, by the counts of the switches."""
import os
from typing import NamedTuple

import runs

LAB = os.path.join(runs.ROOT, "pipelines", "kb193602", "lab.yaml")
HOSTS = range(1, 5)
PACKETS = 1000


class Seen(NamedTuple):
    """Copies of a packet that leave by each port, on average."""
    hosts: list          # to hosts 1-4
    bystanders: list     # to the two on the hosts' switch
    upstream: float      # to the bystander on the switch above
    router: float
    querier: float

    @property
    def ports(self):
        return sum(self.hosts) + sum(self.bystanders) + self.upstream + self.router + self.querier


class Option:
    """An option: of each kind of packet, what every port sees of it, and which hosts' stacks get the client's."""

    def __init__(self, name):
        self.name = name
        # The first packet of each kind is in both runs: whatever it alone causes cancels out, as does all that is
        # sent for other reasons.
        before = count(name)
        self.client, self.bystander, self.peer = (
            seen(before, count(name, **{kind: PACKETS + 1})) for kind in ("client", "bystanders", "peer"))
        after = count(name, client=PACKETS + 1)
        self.delivered = [(after[f"stack-{h}"]["out"]["next"] - before[f"stack-{h}"]["out"]["next"]) / PACKETS
                          for h in HOSTS]

    @property
    def unwanted(self):
        """Copies of a client's packet that are of no use: each goes to one host."""
        return self.client.ports - sum(self.delivered)


def count(name, **packets):
    """The stages of a run with these numbers of packets, and one of each other kind."""
    packets = {"client": 1, "bystanders": 1, "peer": 1, **packets}
    summary, _ = runs.weir(LAB, "--log-level", "error", *runs.settings(option=name, **packets))
    return {stage["id"].removeprefix("option.network."): stage for stage in summary["stages"]}


def seen(before, after):
    def port(switch, number):
        return (after[switch]["out"][f"port{number}"] - before[switch]["out"][f"port{number}"]) / PACKETS

    # A host is on the switch or on the hub; the other one's port leads nowhere then.
    return Seen(hosts=[port("access", h) + port("hub", h) for h in HOSTS],
                bystanders=[port("access", 5), port("access", 6)], upstream=port("core", 3), router=port("core", 2),
                querier=port("core", 4))
