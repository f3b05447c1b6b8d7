"""Compares the kernel's xt_cluster with weir, and with its formula; called by script/peers-cluster.

    cluster_compare.py WEIR FOLDER      FOLDER has input.pcap and nodes.pcap, see cluster_recording.py

What came is weir's input, once for every node; its output, FOLDER/kept.pcap, must be what the kernel gave the node.
"""
import os
import subprocess
import sys

from cluster_recording import Recording, ip_packet, node_by_formula
from octets import packets

PIPELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cluster-node.yaml")


def findings_of_recording(recording):
    """Is it whole: does every packet that came belong to exactly one node of each cluster, and no other to any?"""
    offered = [ip_packet(frame) for frame in recording.frames]
    if len(set(offered)) != len(offered):
        yield "two packets are alike"
    for count, seed in recording.pairs:
        owners = recording.owners(count, seed)
        wrong = [packet for packet in offered if len(owners.get(packet, [])) != 1]
        if wrong:
            yield f"{count} nodes, seed {seed}: {len(wrong)} packets at no node or at several, first {wrong[0].hex()}"
        if owners.keys() - set(offered):
            yield f"{count} nodes, seed {seed}: nodes have packets that did not come"


def findings_of_formula(recording, count, seed):
    owners = recording.owners(count, seed)
    wrong = [packet for packet, nodes in owners.items() if nodes != [node_by_formula(packet, count, seed)]]
    if wrong:
        yield (f"{count} nodes, seed {seed}: the formula differs for {len(wrong)} packets; the kernel has given "
               f"{wrong[0].hex()} to {owners[wrong[0]]}, it says {node_by_formula(wrong[0], count, seed)}")


def findings_of_weir(weir, folder, recording, count, seed):
    """Frames that are kept must be whole as well, and in order."""
    kept = os.path.join(folder, "kept.pcap")
    for node in range(1, count + 1):
        settings = [f"--set={name}={value}" for name, value in (("nodes", count), ("seed", seed), ("node", node))]
        done = subprocess.run([weir, "run", PIPELINE, *settings, "-r", recording.path, "-w", kept],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"{count} nodes, seed {seed}: weir ended with status {done.returncode}: {done.stderr.strip()}"
            return
        given = set(recording.given(count, seed, node))
        expected = [frame for frame in recording.frames if ip_packet(frame) in given]
        found = [frame for _, frame in packets(kept)]
        if found != expected:
            both = len(set(found) & set(expected))
            yield (f"{count} nodes, seed {seed}: node {node} is given {len(expected)} packets by the kernel and "
                   f"{len(found)} by weir; {both} are the same")


def main(weir, folder):
    recording = Recording(folder)
    versions = [packet[14] >> 4 for packet in recording.frames]
    findings = list(findings_of_recording(recording))
    if len(recording.frames) < 4000 or len(recording.pairs) < 5:
        findings.append(f"only {len(recording.frames)} packets and {len(recording.pairs)} clusters are recorded")
    print(f"{len(versions)} packets: {versions.count(4)} IPv4, {versions.count(6)} IPv6")
    for count, seed in recording.pairs:
        found = [*findings_of_formula(recording, count, seed), *findings_of_weir(weir, folder, recording, count, seed)]
        shares = ", ".join(str(len(recording.given(count, seed, node))) for node in range(1, count + 1))
        print(f"{count} nodes, seed {seed}: {'differs' if found else 'the same'} ({shares})")
        findings += found
    for line in findings:
        print(line)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
