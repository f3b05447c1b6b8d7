#define _GNU_SOURCE 1
#include "weir_linux.h"

#ifdef __linux__

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

_Static_assert(sizeof(struct tpacket3_hdr) == WEIR_TPACKET_HEADER, "the header has grown");
_Static_assert(TP_STATUS_CSUMNOTREADY == WEIR_STATUS_CHECKSUM_NOT_READY && TP_STATUS_VLAN_VALID == WEIR_STATUS_TAG_VALID
                   && TP_STATUS_VLAN_TPID_VALID == WEIR_STATUS_TAG_PROTOCOL_VALID, "the kernel's numbers");
_Static_assert(PACKET_VERSION == WEIR_PACKET_VERSION && PACKET_RESERVE == WEIR_PACKET_RESERVE, "the kernel's numbers");

int weir_bind_packet(int descriptor, int interface, uint16_t protocol)
{
    struct sockaddr_ll address;
    memset(&address, 0, sizeof address);
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(protocol);
    address.sll_ifindex = interface;
    return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

int weir_set_packet_option(int descriptor, int option, int value)
{
    return setsockopt(descriptor, SOL_PACKET, option, &value, sizeof value);
}

int weir_make_ring(int descriptor, unsigned size, unsigned count, unsigned timeout)
{
    struct tpacket_req3 request;
    memset(&request, 0, sizeof request);
    request.tp_block_size = size;
    request.tp_block_nr = count;
    /* Not used by version 3, but checked: */
    request.tp_frame_size = 2048;
    request.tp_frame_nr = size / 2048 * count;
    request.tp_retire_blk_tov = timeout;
    return setsockopt(descriptor, SOL_PACKET, PACKET_RX_RING, &request, sizeof request);
}

int weir_set_promiscuous(int descriptor, int interface)
{
    struct packet_mreq request;
    memset(&request, 0, sizeof request);
    request.mr_ifindex = interface;
    request.mr_type = PACKET_MR_PROMISC;
    return setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request);
}

int64_t weir_kernel_drops(int descriptor)
{
    struct tpacket_stats_v3 stats;
    socklen_t size = sizeof stats;
    if (getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
        return -1;
    return stats.tp_drops;
}

int weir_block_is_ours(const void *block)
{
    const struct tpacket_block_desc *head = block;
    return (__atomic_load_n(&head->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

void weir_give_block_back(void *block)
{
    struct tpacket_block_desc *head = block;
    __atomic_store_n(&head->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

uint32_t weir_block_packets(const void *block)
{
    return ((const struct tpacket_block_desc *)block)->hdr.bh1.num_pkts;
}

uint32_t weir_block_first(const void *block)
{
    return ((const struct tpacket_block_desc *)block)->hdr.bh1.offset_to_first_pkt;
}

int weir_link_type(int descriptor)
{
    struct sockaddr_ll address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &size))
        return -1;
    return address.sll_hatype;
}

int weir_take_error(int descriptor)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) ? -1 : error;
}

int weir_mtu(int descriptor, const char *name)
{
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return ioctl(descriptor, SIOCGIFMTU, &request) ? -1 : request.ifr_mtu;
}

int weir_send_frames(int descriptor, const void *frames, unsigned count)
{
    enum { MOST = 64 };
    struct mmsghdr messages[MOST];
    if (count > MOST)
        count = MOST;
    memset(messages, 0, count * sizeof *messages);
    for (unsigned i = 0; i < count; i++) {
        messages[i].msg_hdr.msg_iov = (struct iovec *)frames + i;
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    return sendmmsg(descriptor, messages, count, MSG_DONTWAIT);
}

#endif
