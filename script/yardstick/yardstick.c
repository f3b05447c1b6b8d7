/* yardstick W1|W2|W3|W4|W5 in.pcap [out.pcap] [--repeat n] [--k n] [--host n] [-v]
 *
 * What plain C on one core makes of weir's workloads (see README.md): no
 * library, no general case, everything for one purpose. One line a run:
 *   workload  packets  kept  seconds  ns_per_packet  peak_rss_kib
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the constants below are for a little-endian machine"
#endif

enum {
    BLOCK = 256 << 10,
    RECORD = 16,                        /* a packet's header in the file */
    LONGEST = BLOCK - RECORD,           /* so that any record fits in a block */
    TAG = 4,
    BATCH = 256,
    BUCKETS = 60, HOSTS = 4, SHARE = BUCKETS / HOSTS
};

/* Each workload gets its own copy of the loop, with the tests for the others
 * folded away. */
#define SPECIALISED static inline __attribute__((always_inline))

static struct {
    int workload;
    const char *in, *out;
    unsigned long repeat, passes, host;
    int verbose;
} job = { .repeat = 1, .passes = 8, .host = 2 };

struct tally { uint64_t packets, kept, octets, sum; };

/* why NULL: what errno says */
static _Noreturn void fail(const char *name, const char *why)
{
    fprintf(stderr, "yardstick: %s: %s\n", name, why ? why : strerror(errno));
    exit(1);
}

static inline uint16_t load16(const uint8_t *at) { uint16_t v; memcpy(&v, at, 2); return v; }
static inline uint32_t load32(const uint8_t *at) { uint32_t v; memcpy(&v, at, 4); return v; }
static inline uint64_t load64(const uint8_t *at) { uint64_t v; memcpy(&v, at, 8); return v; }

/* ---- Input: every read starts on a page of the file and of the memory,
 * with the cut-off record of the block before moved right in front of it ---- */

static _Alignas(4096) uint8_t memory[2 * BLOCK];
static uint8_t *const block = memory + BLOCK;

static size_t fill(int fd)
{
    size_t have = 0;
    while (have < BLOCK) {
        ssize_t n = read(fd, block + have, BLOCK - have);
        if (n == 0)
            break;
        if (n > 0)
            have += n;
        else if (errno != EINTR)
            fail(job.in, NULL);
    }
    return have;
}

/* ---- Output ---- */

static _Alignas(4096) uint8_t pending[BLOCK];
static size_t pending_size;
static int out_fd = -1;

static __attribute__((noinline)) void flush(void)
{
    for (size_t done = 0; done < pending_size;) {
        ssize_t n = write(out_fd, pending + done, pending_size - done);
        if (n >= 0)
            done += n;
        else if (errno != EINTR)
            fail(job.out, NULL);
    }
    pending_size = 0;
}

/* Room for n octets, to be written at once. */
static inline uint8_t *reserve(size_t n)
{
    if (n > sizeof pending - pending_size)
        flush();
    uint8_t *at = pending + pending_size;
    pending_size += n;
    return at;
}

static inline void append(const void *from, size_t n) { memcpy(reserve(n), from, n); }

/* ---- W2: the work itself ---- */

/* Which of the buckets a flow falls in: weir's default, to the bit. */
static inline unsigned bucket(uint64_t addresses, uint32_t ports, uint8_t protocol)
{
    uint64_t h = addresses * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    h ^= (uint64_t)ports << 8 | protocol;
    h *= 0xd6e8feb86659fd93;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93;
    return (h >> 32) * BUCKETS >> 32;
}

/* The frame without its tag, TAG octets further on, if it is this host's;
 * else NULL. */
static inline uint8_t *ours(uint8_t *frame, uint32_t captured, unsigned host)
{
    /* 81 00, any priority, VLAN 10; and room for an IPv4 header */
    if (captured < 18 + 20 || (load32(frame + 12) & 0xff0fffff) != 0x0a000081)
        return NULL;
    /* Two words, as GCC calls memmove for 12 octets that overlap. */
    uint64_t first = load64(frame);
    uint32_t last = load32(frame + 8);
    frame += TAG;
    captured -= TAG;
    memcpy(frame, &first, 8);
    memcpy(frame + 8, &last, 4);
    /* Without this the compiler sees that the addresses are replaced below
     * and leaves the move out, which no general framework can. */
    __asm__ volatile("" ::: "memory");

    const uint8_t *ip = frame + 14;
    uint32_t header = (ip[0] & 15) * 4;
    if (load16(frame + 12) != 0x0008 || ip[0] >> 4 != 4 || header < 20)
        return NULL;
    uint8_t protocol = ip[9];
    /* One test for both: TCP or UDP is a coin toss that no predictor wins. */
    int has_ports = protocol < 32 && (1u << 6 | 1u << 17) >> protocol & 1
        && (load16(ip + 6) & 0xff1f) == 0;
    if (14 + header + (has_ports ? 4 : 0) > captured)
        return NULL;
    uint32_t ports = has_ports ? load32(ip + header) : 0;
    if (bucket(load64(ip + 12), ports, protocol) - (host - 1) * SHARE >= SHARE)
        return NULL;

    const uint8_t addresses[12] = {
        0x02, 0xbf, 0x0a, 0x00, 0x00, 0x64,
        0x02, host, 0x0a, 0x00, 0x00, 0x64
    };
    memcpy(frame, addresses, 12);
    return frame;
}

/* ---- W4: a query, and the report that answers it ---- */

enum { REPORT = 60 };                   /* octets, the least Ethernet allows */

/* As they lie in memory */
static const uint32_t all_systems = 0x010000e0, joined = 0x6400ffef;    /* 224.0.0.1, 239.255.0.100 */

/* The ones' complement sum of n octets as it lies in memory: 0xffff if they
 * hold a checksum and it is right. */
static inline uint16_t sum16(const uint8_t *at, uint32_t n)
{
    uint64_t sum = 0;
    for (; n >= 4; n -= 4, at += 4)
        sum += load32(at);
    for (uint32_t i = 0; i < n; i++)
        sum += (uint32_t)at[i] << 8 * i;
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (sum >> 16) + (sum & 0xffff);
}

/* Is it a valid query, general or for the group, of version 2 or 3 (RFC 2236
 * section 2, RFC 3376 sections 4.1 and 7.1)? A version 1 router would not
 * understand the answer. */
static inline int asks(const uint8_t *frame, uint32_t captured, uint32_t group)
{
    const uint8_t *ip = frame + 14;
    if (captured < 14 + 20 + 8 || load16(frame + 12) != 0x0008 || ip[0] >> 4 != 4)
        return 0;
    uint32_t header = (ip[0] & 15) * 4, total = ip[2] << 8 | ip[3];
    if (header < 20 || total < header + 8 || total > captured - 14)
        return 0;
    /* TTL 1, IGMP, not a fragment */
    if (load16(ip + 8) != 0x0201 || (load16(ip + 6) & 0xff3f) != 0 || sum16(ip, header) != 0xffff)
        return 0;

    /* Up to the end of the packet, as the frame's may be padding that would
     * make version 3 of version 2. */
    const uint8_t *igmp = ip + header;
    uint32_t length = total - header, about = load32(igmp + 4);
    if (igmp[0] != 0x11 || sum16(igmp, length) != 0xffff)
        return 0;
    uint32_t sources = 0;
    if (length == 8) {
        if (igmp[1] == 0)
            return 0;
    } else {
        if (length < 12)
            return 0;
        sources = igmp[10] << 8 | igmp[11];
        if (length < 12 + 4 * sources)
            return 0;
    }
    uint32_t destination = load32(ip + 16);
    return about == 0 ? destination == all_systems && sources == 0 : about == group && destination == group;
}

/* The host's version 2 report, as weir makes it. */
static inline void make_report(uint8_t *frame, uint32_t group)
{
    static const uint8_t form[REPORT] = {
        0x01, 0x00, 0x5e, 0, 0, 0,  0x02, 0x00, 0x00, 0x00, 0x00, 0x01,  0x08, 0x00,
        0x46, 0xc0, 0, 32,  0, 0, 0x40, 0x00,   /* internetwork control; don't fragment */
        1, 2, 0, 0,  10, 0, 0, 1,  0, 0, 0, 0,  /* TTL, IGMP */
        0x94, 0x04, 0x00, 0x00,                 /* router alert */
        0x16, 0, 0, 0,  0, 0, 0, 0
    };
    uint8_t *ip = frame + 14, *igmp = ip + 24;
    uint32_t address = 0x5e | (group & 0xffff7f00);     /* its last 23 bits */
    memcpy(frame, form, REPORT);
    memcpy(frame + 2, &address, 4);
    memcpy(ip + 16, &group, 4);
    memcpy(igmp + 4, &group, 4);
    uint16_t header = ~sum16(ip, 24), message = ~sum16(igmp, 8);
    memcpy(ip + 10, &header, 2);
    memcpy(igmp + 2, &message, 2);
}

/* Writes the report that answers the query at once, if it is one. */
static inline int answer(const uint8_t *record, uint32_t captured)
{
    static const uint32_t lengths[2] = { REPORT, REPORT };
    uint32_t group = joined;
    /* Any group for all the compiler knows. Else it would make the report once
     * and for all, which no program that reads its groups from a file can. */
    __asm__ volatile("" : "+r"(group));
    if (!asks(record + RECORD, captured, group))
        return 0;
    uint8_t *out = reserve(RECORD + REPORT);
    memcpy(out, record, 8);
    memcpy(out + 8, lengths, 8);
    make_report(out + RECORD, group);
    return 1;
}

/* ---- What is done to a packet ---- */

SPECIALISED void handle(int workload, uint8_t *record, uint32_t captured, unsigned host, struct tally *t)
{
    t->packets++;
    if (workload == 1) {
        t->kept++;
        t->octets += captured;
        return;
    }
    if (workload == 4) {
        unsigned answers = answer(record, captured);
        t->kept += answers;
        t->octets += answers * REPORT;
        return;
    }
    uint8_t *frame = ours(record + RECORD, captured, host);
    if (!frame)
        return;
    captured -= TAG;
    t->kept++;
    t->octets += captured;
    /* New and old octets, eight at a time as FNV-1a: enough for the work to
     * be needed and for runs to be told apart. */
    t->sum = (t->sum ^ load64(frame)) * 0x100000001b3;
    t->sum = (t->sum ^ load64(frame + 26)) * 0x100000001b3;
    if (workload == 3) {
        /* Moved up like the frame, the header makes one piece with it. */
        uint32_t lengths[2] = { captured, load32(record + 12) - TAG };
        memmove(record + TAG, record, 8);
        memcpy(record + TAG + 8, lengths, 8);
        append(record + TAG, RECORD + captured);
    }
}

/* ---- W5: the same in batches, after passes that only look ---- */

struct descriptor { uint8_t *record; uint32_t captured, original; };
static struct descriptor batch[BATCH];

static void idle(const struct descriptor *d, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        __asm__ volatile("" :: "r"(d[i].record), "r"(d[i].captured));
}

/* volatile: a framework's compiler does not know what comes next either. */
static void (*volatile pass)(const struct descriptor *, unsigned) = idle;

static __attribute__((noinline)) void run_batch(unsigned n, struct tally *total)
{
    struct tally t = *total;
    unsigned host = job.host;
    for (unsigned long k = job.passes; k > 0; k--)
        pass(batch, n);
    for (unsigned i = 0; i < n; i++)
        handle(2, batch[i].record, batch[i].captured, host, &t);
    *total = t;
}

/* ---- The loop: over the whole records of [at, end), returning the rest ---- */

SPECIALISED uint8_t *walk(int workload, uint8_t *at, uint8_t *end, struct tally *total)
{
    struct tally t = *total;            /* can stay in registers */
    unsigned host = job.host, waiting = 0;
    while (end - at >= RECORD) {
        size_t captured = load32(at + 8);   /* wide, for one addition less below */
        if (RECORD + captured > (size_t)(end - at)) {
            if (captured > LONGEST)
                fail(job.in, "a record is too long, the file may be damaged");
            break;
        }
        if (workload == 5) {
            batch[waiting++] = (struct descriptor){ at, (uint32_t)captured, load32(at + 12) };
            if (waiting == BATCH) {
                run_batch(BATCH, &t);
                waiting = 0;
            }
        } else {
            handle(workload, at, captured, host, &t);
        }
        at += RECORD + captured;
    }
    if (waiting)                        /* the block is about to be reused */
        run_batch(waiting, &t);
    *total = t;
    return at;
}

static uint8_t *walk_block(uint8_t *at, uint8_t *end, struct tally *t)
{
    switch (job.workload) {
    case 1: return walk(1, at, end, t);
    case 2: return walk(2, at, end, t);
    case 3: return walk(3, at, end, t);
    case 4: return walk(4, at, end, t);
    default: return walk(5, at, end, t);
    }
}

static void run(int fd, struct tally *t)
{
    size_t have = fill(fd);
    if (have < 24 || load32(block) != 0xa1b2c3d4 || load32(block + 20) != 1)
        fail(job.in, "not a little-endian, microsecond, Ethernet pcap");
    uint8_t *at = block + 24;
    while (have) {
        uint8_t *end = block + have;
        at = walk_block(at, end, t);
        size_t rest = end - at;
        at = memmove(block - rest, at, rest);
        have = fill(fd);
    }
    if (at < block)
        fail(job.in, "the last record is cut off");
}

/* ---- Around it ---- */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

/* getrusage would not do: its peak outlives exec and may be the caller's. */
static long peak_kib(void)
{
    char line[128];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && kib < 0 && fgets(line, sizeof line, status))
        sscanf(line, "VmHWM: %ld", &kib);
    if (status)
        fclose(status);
    return kib;
}

static void open_out(int in)
{
    static const uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
    struct stat from, to;
    if (fstat(in, &from) == 0 && stat(job.out, &to) == 0
        && from.st_dev == to.st_dev && from.st_ino == to.st_ino)
        fail(job.out, "is the input");
    /* Before the clock starts: emptying a large file takes time of its own. */
    if (lstat(job.out, &to) == 0 && S_ISREG(to.st_mode))
        unlink(job.out);
    out_fd = open(job.out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out_fd < 0)
        fail(job.out, NULL);
    pending_size = 0;
    append(header, sizeof header);
}

static void run_once(void)
{
    struct tally t = { .sum = 0xcbf29ce484222325 };
    int in = open(job.in, O_RDONLY);
    if (in < 0)
        fail(job.in, NULL);
    if (job.out)
        open_out(in);
    double start = seconds();
    run(in, &t);
    if (job.out) {
        flush();
        if (close(out_fd) != 0)
            fail(job.out, NULL);
    }
    double took = seconds() - start;
    close(in);

    char name[32];
    snprintf(name, sizeof name, job.workload == 5 ? "W%dk%lu" : "W%d", job.workload, job.passes);
    printf("%s\t%llu\t%llu\t%.6f\t%.3f\t%ld\n", name,
           (unsigned long long)t.packets, (unsigned long long)t.kept,
           took, t.packets ? took * 1e9 / t.packets : 0, peak_kib());
    fflush(stdout);
    if (job.verbose)
        fprintf(stderr, "octets %llu sum %016llx\n",
                (unsigned long long)t.octets, (unsigned long long)t.sum);
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: yardstick W1|W2|W3|W4|W5 in.pcap [out.pcap] [--repeat n] [--k n] [--host n] [-v]\n"
                    "W3 and W4 need out.pcap, the others take none; --host is 1 to %d\n", HOSTS);
    exit(2);
}

static unsigned long number(const char *text, unsigned long least, unsigned long most)
{
    if (!text || *text < '0' || *text > '9')    /* strtoul would take a sign */
        usage();
    char *rest;
    errno = 0;
    unsigned long v = strtoul(text, &rest, 10);
    if (errno || *rest || v < least || v > most)
        usage();
    return v;
}

int main(int argc, char **argv)
{
    const char *plain[3] = { NULL };
    int n = 0;
    for (char **arg = argv + (argc > 0); *arg; arg++) {
        if (!strcmp(*arg, "--repeat"))
            job.repeat = number(*++arg, 1, 1000000);
        else if (!strcmp(*arg, "--k"))
            job.passes = number(*++arg, 0, 1000000);
        else if (!strcmp(*arg, "--host"))
            job.host = number(*++arg, 1, HOSTS);
        else if (!strcmp(*arg, "-v"))
            job.verbose = 1;
        else if (**arg == '-' || n == 3)
            usage();
        else
            plain[n++] = *arg;
    }
    if (n < 2 || plain[0][0] != 'W' || !plain[0][1] || !strchr("12345", plain[0][1]) || plain[0][2])
        usage();
    job.workload = plain[0][1] - '0';
    job.in = plain[1];
    job.out = plain[2];
    int writes = job.workload == 3 || job.workload == 4;
    if (writes != (job.out != NULL))
        usage();
    while (job.repeat--)
        run_once();
    return 0;
}
