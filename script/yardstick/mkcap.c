/* mkcap small64|imix|queries|flows N out.pcap
 *
 * Writes the captures the yardstick and weir are measured on: a classic pcap
 * (little-endian, microseconds, Ethernet). The same arguments always give the
 * same file, and a longer capture begins with the packets of a shorter one.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the file's own headers are written as they lie in memory"
#endif

enum { FLOWS = 65536, MANY_FLOWS = 100000, TCP = 6, UDP = 17, IGMP = 2, LONGEST = 1514 };

#define EPOCH   1767225600u             /* 2026-01-01 */
#define SECOND  1000000u                /* in the file's unit */

static _Noreturn void fail(const char *name, const char *why)
{
    fprintf(stderr, "mkcap: %s: %s\n", name, why);
    exit(1);
}

/* xorshift64*: a few lines, the same everywhere. Its low bits are its
 * weakest, so callers get the upper half. */
static uint64_t state;

static uint32_t draw(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1d >> 32;
}

static uint32_t below(uint32_t limit) { return (uint64_t)draw() * limit >> 32; }

/* Dealt to the end, then shuffled again: exact proportions, yet no period that
 * would make a program's branches easier than real traffic does. */
struct deck { unsigned size, dealt; uint8_t card[12]; };

static struct deck vlans = { 8, 0, { 10, 10, 10, 10, 10, 10, 10, 20 } };
static struct deck sizes = { 12, 0, { 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2 } };
static struct deck kinds = { 4, 0, { 0, 0, 1, 2 } };

static unsigned deal(struct deck *d)
{
    if (d->dealt == 0)
        for (unsigned left = d->size; left > 1; left--) {
            unsigned pick = below(left);
            uint8_t card = d->card[pick];
            d->card[pick] = d->card[left - 1];
            d->card[left - 1] = card;
        }
    unsigned card = d->card[d->dealt];
    d->dealt = (d->dealt + 1) % d->size;
    return card;
}

/* Network byte order */
static void put16(uint8_t *at, unsigned v) { at[0] = v >> 8; at[1] = v; }
static void put32(uint8_t *at, uint32_t v) { put16(at, v >> 16); put16(at + 2, v & 0xffff); }

/* The Internet checksum of n octets, on top of what was summed before. */
static unsigned checksum(const uint8_t *at, unsigned n, uint32_t sum)
{
    for (unsigned i = 0; i < n; i++)
        sum += i & 1 ? at[i] : at[i] << 8;
    while (sum > 0xffff)
        sum = (sum >> 16) + (sum & 0xffff);
    return ~sum & 0xffff;
}

struct flow { uint32_t source; uint16_t from, to; uint8_t protocol; };
static struct flow flows[MANY_FLOWS];
static unsigned live;

static void make_flows(void)
{
    for (uint32_t i = 0; i < live; i++) {
        /* Scattered over 100.64.0.0/10. Each step can be undone within
         * 22 bits, so no two flows share an address. */
        uint32_t x = (i * 0x2c1b3c6du) & 0x3fffff;
        x ^= x >> 11;
        x = (x * 0x297a2d39u) & 0x3fffff;
        x ^= x >> 9;
        flows[i].source = 0x64400000 + x;
        /* No port that makes tcpdump look for a protocol in the payload */
        flows[i].from = 50000 + below(15000);
        flows[i].to = below(2) ? 443 : 20000 + below(10000);
        flows[i].protocol = below(2) ? TCP : UDP;
    }
}

static void ethernet(uint8_t *frame, uint64_t destination)
{
    static const uint8_t router[6] = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x01 };
    put16(frame, destination >> 32);
    put32(frame + 2, (uint32_t)destination);
    memcpy(frame + 6, router, 6);
}

/* Expects options, if any, to be in place already: they are checksummed. */
static void ipv4(uint8_t *ip, unsigned header, unsigned total, unsigned id,
                 unsigned protocol, uint32_t source, uint32_t destination)
{
    ip[0] = 0x40 | header / 4;
    put16(ip + 2, total);
    put16(ip + 4, id & 0xffff);
    ip[9] = protocol;
    put32(ip + 12, source);
    put32(ip + 16, destination);
    put16(ip + 10, checksum(ip, header, 0));
}

/* One segment or datagram to the cluster, VLAN-tagged. */
static void data(uint8_t *frame, unsigned size, uint64_t number)
{
    const struct flow *flow = &flows[below(live)];
    uint8_t *ip = frame + 18, *l4 = ip + 20;
    unsigned length = size - 38, header = flow->protocol == TCP ? 20 : 8;

    ethernet(frame, 0x03bf0a000064);
    put16(frame + 12, 0x8100);
    put16(frame + 14, deal(&vlans));
    put16(frame + 16, 0x0800);
    put16(ip + 6, 0x4000);              /* don't fragment */
    ip[8] = 63;
    ipv4(ip, 20, size - 18, number, flow->protocol, flow->source, 0x0a000064);

    put16(l4, flow->from);
    put16(l4 + 2, flow->to);
    for (unsigned i = header; i < length; i++)
        l4[i] = draw();
    uint8_t *sum = l4 + 6;
    if (flow->protocol == TCP) {
        put32(l4 + 4, draw());
        put32(l4 + 8, draw());
        l4[12] = 0x50;                  /* no options */
        l4[13] = 0x10;                  /* ACK */
        put16(l4 + 14, 65535);
        sum = l4 + 16;
    } else {
        put16(l4 + 4, length);
    }
    /* The pseudo-header: the addresses lie right before, the rest is added.
     * A UDP checksum of 0 would say there is none. */
    unsigned value = checksum(ip + 12, 8 + length, flow->protocol + length);
    put16(sum, value || flow->protocol == TCP ? value : 0xffff);
}

/* One membership query, untagged, padded to the least Ethernet allows. */
static void query(uint8_t *frame, uint64_t number)
{
    unsigned kind = deal(&kinds);       /* v2 general, v2 specific, v3 general */
    uint32_t group = kind == 1 ? 0xefff0064 : 0;
    uint32_t destination = group ? group : 0xe0000001;
    unsigned length = kind == 2 ? 12 : 8;
    uint8_t *ip = frame + 14, *igmp = ip + 24;

    ethernet(frame, 0x01005e000000 | (destination & 0x7fffff));
    put16(frame + 12, 0x0800);
    ip[1] = 0xc0;                       /* internetwork control */
    ip[8] = 1;
    put32(ip + 20, 0x94040000);         /* router alert */
    ipv4(ip, 24, 24 + length, number, IGMP, 0x0a000001 + below(4), destination);

    igmp[0] = 0x11;
    igmp[1] = group ? 10 : 100;         /* answer within 1 s or 10 s */
    put32(igmp + 4, group);
    if (kind == 2) {
        igmp[8] = 2;                    /* robustness */
        igmp[9] = 125;                  /* seconds between queries */
    }
    put16(igmp + 2, checksum(igmp, length, 0));
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "small64", "imix", "queries", "flows" };
    static const unsigned imix[] = { 60, 590, 1514 };
    /* Queries leave time for an answer to each before the next comes, however
     * long within the response time of at most 10 s it is delayed. */
    static const uint64_t gaps[] = { 1, 1, 11 * SECOND, 1 };
    unsigned which = 0;
    char *rest = "";
    uint64_t count = 0;

    if (argc == 4) {
        while (which < 4 && strcmp(argv[1], names[which]))
            which++;
        errno = 0;
        count = strtoull(argv[2], &rest, 10);
    }
    if (argc != 4 || which == 4 || argv[2][0] < '0' || argv[2][0] > '9' || *rest || errno) {
        fprintf(stderr, "usage: mkcap small64|imix|queries|flows N out.pcap\n");
        return 2;
    }
    uint64_t gap = gaps[which];
    if (count > (uint64_t)(UINT32_MAX - EPOCH) * SECOND / gap)
        fail(argv[2], "the time stamps have no room for so many");
    FILE *out = fopen(argv[3], "wb");
    if (!out)
        fail(argv[3], strerror(errno));
    setvbuf(out, NULL, _IOFBF, 1 << 20);

    static const struct { uint32_t magic; uint16_t major, minor; uint32_t zone, figures, longest, link; }
        file = { 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1 };
    fwrite(&file, sizeof file, 1, out);
    state = 0x77656972 + which;
    live = which == 3 ? MANY_FLOWS : FLOWS;
    make_flows();
    for (uint64_t i = 0; i < count; i++) {
        uint8_t frame[LONGEST];
        unsigned size = which == 1 ? imix[deal(&sizes)] : 60;
        memset(frame, 0, size);
        if (which == 2)
            query(frame, i);
        else
            data(frame, size, i);
        uint64_t time = i * gap;
        uint32_t record[4] = { EPOCH + time / SECOND, time % SECOND, size, size };
        fwrite(record, sizeof record, 1, out);
        if (fwrite(frame, size, 1, out) != 1)
            break;
    }
    if (ferror(out) | fclose(out))
        fail(argv[3], "could not write it all");
    return 0;
}
