#!/usr/bin/env python3
"""inject.py DEVICE: send every frame of the capture on standard input, a classic one of this machine's byte order."""

import socket
import struct
import sys


def inject(device, read):
    """Send frames as they come, until the capture ends."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((device, 0))
        read(24)
        while len(head := read(16)) == 16:
            captured = struct.unpack("=IIII", head)[2]
            wire.send(read(captured))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    inject(sys.argv[1], sys.stdin.buffer.read)
