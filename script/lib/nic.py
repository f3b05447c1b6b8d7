#!/usr/bin/env python3
"""nic.py DEVICE: turn the device's offloads off."""

import ctypes
import fcntl
import socket
import struct
import sys


def plain_nic(device):
    """Make the kernel do on this device what a plain card leaves to it.

    With offloads on, the kernel hands over frames without a finished checksum
    and larger than the MTU, counting on the card to complete them. A virtual
    card never does, so the capture would show bad checksums and giant frames.
    This is `ethtool -K DEVICE tx off sg off tso off gso off gro off`.
    """
    SIOCETHTOOL = 0x8946
    settings = {
        "transmit checksums": 0x17,     # ETHTOOL_STXCSUM
        "scatter/gather": 0x19,         # ETHTOOL_SSG
        "TCP segmentation": 0x1F,       # ETHTOOL_STSO
        "generic segmentation": 0x24,   # ETHTOOL_SGSO
        "generic receive": 0x2C,        # ETHTOOL_SGRO
    }
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for name, command in settings.items():
            value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
            request = struct.pack("16sP", device.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(control, SIOCETHTOOL, request)
            except OSError as problem:
                sys.exit(f"nic.py: cannot turn off '{name}' on {device}: {problem}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    plain_nic(sys.argv[1])
