// What Swift cannot import of the kernel's headers: macros that compute, and structures with unions inside. Linux only.

#ifndef WEIR_LINUX_H
#define WEIR_LINUX_H

#include <stdint.h>

#define WEIR_TPACKET_HEADER 48
#define WEIR_STATUS_CHECKSUM_NOT_READY (1 << 3)
#define WEIR_STATUS_TAG_VALID (1 << 4)
#define WEIR_STATUS_TAG_PROTOCOL_VALID (1 << 6)

/// Options of a packet socket, with the kernel's numbers.
enum weir_packet_option {
    WEIR_PACKET_VERSION = 10,
    WEIR_PACKET_RESERVE = 12,
    WEIR_PACKET_IGNORE_OUTGOING = 23,
};

/// Binds a packet socket to an interface. `protocol` in host byte order; 0 receives nothing.
int weir_bind_packet(int descriptor, int interface, uint16_t protocol);

/// Sets an integer option of a packet socket.
int weir_set_packet_option(int descriptor, int option, int value);

/// Makes a TPACKET_V3 ring of `count` blocks of `size` octets, given to user space at the latest after `timeout` ms.
int weir_make_ring(int descriptor, unsigned size, unsigned count, unsigned timeout);

/// Has a packet socket receive all that the interface sees.
int weir_set_promiscuous(int descriptor, int interface);

/// Packets that the kernel had no room for since the last call; -1 when it can't tell.
int64_t weir_kernel_drops(int descriptor);

/// Whether a block of the ring belongs to user space; what is in it was written before.
int weir_block_is_ours(const void *block);

/// Gives a block back to the kernel.
void weir_give_block_back(void *block);

uint32_t weir_block_packets(const void *block);

uint32_t weir_block_first(const void *block);

/// The hardware (link) type of the interface that a packet socket is bound to: ARPHRD_ETHER is 1; negative on failure.
int weir_link_type(int descriptor);

/// The MTU of an interface; -1 when there is none.
int weir_mtu(int descriptor, const char *name);

/// Sends up to `count` frames, each a `struct iovec`. Returns how many were sent, or -1 with errno when the first could not be.
int weir_send_frames(int descriptor, const void *frames, unsigned count);

/// Takes the error that waits at a socket, 0 if there is none. While one waits, poll(2) returns at once.
int weir_take_error(int descriptor);

#endif
