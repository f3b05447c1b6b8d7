"""The picture of docs/kb193602.md: where the copies of a packet to the cluster go."""
from svg import GRID, INK, SOFT, Drawing

# Whom a copy goes to.
MEANT, HOST, NEAR, UPSTREAM, QUERIER, LOST = "#0f766e", "#9fd8d0", "#e0913a", "#c2410c", "#94a3b8", "#fbcfcf"
WORDS = {
    "unicast": "unicast, masked", "unicast-peers": "  hosts know each other", "private-vlan": "  in a private VLAN",
    "hub": "hub, not masked", "vlan": "a VLAN of its own", "static-unicast": "static unicast entries",
    "multicast": "multicast, static entries", "igmp": "IGMP multicast, snooping", "multicast-bare": "  multicast, no entries",
    "igmp-by-ip": "  IGMP, groups by IP, floods", "igmp-by-ip-strict": "  IGMP, groups by IP, prunes",
    "igmp-no-querier": "  IGMP, no querier", "unmasked": "  not masked, no hub",
}
LEFT, TOP, ROW, COPY = 268, 106, 30, 66
MOST = 8


def picture(measured):
    drawing = Drawing(960, TOP + ROW * len(measured) + 52, "Copies of a packet to the cluster, by option of KB 193602")
    drawing.text(20, 32, "Where the copies of a packet to the cluster go", 18, weight="bold")
    drawing.text(20, 54, "four hosts, two bystanders on their switch; one upstream, and a querier; averages of 1,000"
                 " packets", 13, SOFT)
    x = 20
    for colour, words, room in ((MEANT, "the host it is meant for", 200), (HOST, "hosts that drop it", 165),
                                (NEAR, "bystanders", 118), (UPSTREAM, "bystander upstream", 172),
                                (QUERIER, "querier", 90), (LOST, "no host gets it", 120)):
        drawing.rect(x, 70, 22, 12, colour)
        drawing.text(x + 29, 81, words, 13)
        x += room
    bottom = TOP + ROW * len(measured)
    for copies in range(MOST + 1):
        drawing.line(LEFT + COPY * copies, TOP - 6, LEFT + COPY * copies, bottom, GRID)
        drawing.text(LEFT + COPY * copies, bottom + 18, str(copies), 13, SOFT, "middle")
    drawing.text(LEFT + COPY * MOST / 2, bottom + 40, "copies on cables to stations, for each packet", 13, SOFT, "middle")
    for row, option in enumerate(measured):
        y, x = TOP + ROW * row, LEFT
        words = WORDS[option.name]
        drawing.text(36 if words.startswith(" ") else 20, y + 16, words.strip(), 14,
                     weight="normal" if words.startswith(" ") else "bold")
        client, meant = option.client, sum(option.delivered)
        for copies, colour in ((meant, MEANT), (sum(client.hosts) - meant, HOST), (sum(client.bystanders), NEAR),
                               (client.upstream, UPSTREAM), (client.querier, QUERIER)):
            if copies > 0:
                drawing.rect(x, y + 2, COPY * copies - 2, 18, colour)
                x += COPY * copies
        if meant < 1:
            drawing.rect(x + 4, y + 2, COPY * (1 - meant) - 2, 18, LOST)
            drawing.text(x + 10 + COPY * (1 - meant), y + 16, f"{100 * (1 - meant):.0f} % are lost", 13, INK)
    return drawing
