"""Compares the kernel's xt_cluster with its formula; called by script/peers-cluster.

    cluster_compare.py FOLDER           FOLDER has input.pcap and nodes.pcap, see cluster_recording.py
"""
import sys

from cluster_recording import Recording, ip_packet, node_by_formula


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


def main(folder):
    recording = Recording(folder)
    versions = [packet[14] >> 4 for packet in recording.frames]
    findings = list(findings_of_recording(recording))
    if len(recording.frames) < 4000 or len(recording.pairs) < 5:
        findings.append(f"only {len(recording.frames)} packets and {len(recording.pairs)} clusters are recorded")
    print(f"{len(versions)} packets: {versions.count(4)} IPv4, {versions.count(6)} IPv6")
    for count, seed in recording.pairs:
        found = list(findings_of_formula(recording, count, seed))
        shares = ", ".join(str(len(recording.given(count, seed, node))) for node in range(1, count + 1))
        print(f"{count} nodes, seed {seed}: {'differs' if found else 'the same'} ({shares})")
        findings += found
    for line in findings:
        print(line)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
