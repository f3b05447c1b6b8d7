#!/usr/bin/env python3
"""The moving parts of script/make-captures: one small program, one role per call.

    lab.py pin-host-program PATH            eBPF program "this frame is for us"
    lab.py pin-trunk-program PATH DEVICE [VLAN]
                                            eBPF program "tag it, send it out of DEVICE"
    lab.py server ADDRESS SECONDS           the web server of the cluster
    lab.py client CLUSTER OFFSET PERIOD SECONDS ADDRESS...
                                            web client with several addresses
    lab.py member GROUP JOIN LEAVE          member of an unrelated multicast group
    lab.py desk|phone|logger SECONDS        the hosts of the office VLAN

Every role ends by itself: a role that runs for long is told for how long.
Nothing beyond Python's standard library is used.
"""

import ctypes
import http.client
import http.server
import os
import platform
import random
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "lib"))
from octets import internet_checksum


# --- two eBPF programs, written instruction by instruction ----------------------

# Kernel helper functions (numbers from <linux/bpf.h>).
VLAN_PUSH, REDIRECT, CHANGE_TYPE = 18, 23, 32
# What a program tells the traffic control layer to do with the frame.
PASS, DROP = 0, 2


def instruction(opcode, target=0, source=0, jump=0, value=0):
    return struct.pack("=BBhi", opcode, source << 4 | target, jump, value)


def set_register(register, value):
    return instruction(0xB7, target=register, value=value)


def copy_register(target, source):
    return instruction(0xBF, target=target, source=source)


def call(helper):
    return instruction(0x85, value=helper)


def skip_if_zero(register, count):
    return instruction(0x15, target=register, jump=count, value=0)


def leave():
    return instruction(0x95)


def host_program():
    """bpf_skb_change_type(frame, PACKET_HOST), then let the frame pass.

    The clients' frames have the cluster's multicast MAC address around a
    unicast IP address. The kernel marks such a frame "multicast" by its MAC
    address, and its TCP takes nothing but "for this host".
    """
    PACKET_HOST = 0
    return b"".join([
        set_register(2, PACKET_HOST),
        set_register(3, 0),
        call(CHANGE_TYPE),
        set_register(0, PASS),
        leave(),
    ])


def trunk_program(device, vlan):
    """bpf_skb_vlan_push(frame, 802.1Q, vlan), then bpf_redirect(device).

    Without a VLAN the frame goes out as it is (the native VLAN of the trunk).
    """
    program = []
    if vlan:
        program += [
            copy_register(6, 1),
            set_register(2, socket.htons(0x8100)),
            set_register(3, vlan),
            call(VLAN_PUSH),
            skip_if_zero(0, 2),
            set_register(0, DROP),
            leave(),
        ]
    program += [
        set_register(1, socket.if_nametoindex(device)),
        set_register(2, 0),
        call(REDIRECT),
        leave(),
    ]
    return b"".join(program)


def bpf(command, attributes):
    numbers = {"x86_64": 321, "aarch64": 280, "riscv64": 280}
    number = numbers.get(platform.machine())
    if number is None:
        sys.exit(f"lab.py: the number of bpf(2) on {platform.machine()} is not known here")
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    result = libc.syscall(number, command, buffer, len(attributes))
    if result < 0:
        sys.exit(f"lab.py: bpf(2) failed: {os.strerror(ctypes.get_errno())}")
    return result


def pin(path, program):
    """Load the program and give it a name in a bpf file system, for tc to find."""
    PROG_LOAD, OBJ_PIN = 5, 6
    SCHED_CLS = 3
    code = ctypes.create_string_buffer(program, len(program))
    licence = ctypes.create_string_buffer(b"none")
    log = ctypes.create_string_buffer(65536)
    attributes = struct.pack(
        "=IIQQIIQII", SCHED_CLS, len(program) // 8,
        ctypes.addressof(code), ctypes.addressof(licence),
        1, len(log), ctypes.addressof(log), 0, 0)
    descriptor = bpf(PROG_LOAD, attributes)
    name = ctypes.create_string_buffer(path.encode())
    bpf(OBJ_PIN, struct.pack("=QII", ctypes.addressof(name), descriptor, 0))


# --- the cluster and its clients ------------------------------------------------

class Page(http.server.BaseHTTPRequestHandler):
    """A web server that answers everything with one short line."""

    protocol_version = "HTTP/1.1"
    timeout = 5

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = f"hello {self.client_address[0]}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        print("served", flush=True)     # make-captures counts these lines


def server(address, seconds):
    signal.alarm(seconds)
    web = http.server.ThreadingHTTPServer((address, 80), Page)
    print("ready", flush=True)
    web.serve_forever()


def ping(destination, number, source="0.0.0.0"):
    """One ICMP echo request; True if the answer comes within a second."""
    payload = b"abcdefghijklmnopqrstuvwxyz012345"
    header = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number)
    checksum = struct.pack("!H", internet_checksum(header + payload))
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as end:
        end.bind((source, 0))
        end.sendto(header[:2] + checksum + header[4:] + payload, (destination, 0))
        deadline = time.monotonic() + 1
        while (rest := deadline - time.monotonic()) > 0:
            end.settimeout(rest)
            try:
                packet, (sender, _) = end.recvfrom(200)
            except OSError:             # nothing came, or "host unreachable"
                return False
            if sender == destination and packet[20] == 0 and packet[24:28] == header[4:]:
                return True
    return False


def sleep_until(moment):
    time.sleep(max(0.0, moment - time.monotonic()))


def visit(cluster, address, number):
    """One TCP connection with one to three requests; returns those answered."""
    answered = 0
    connection = http.client.HTTPConnection(cluster, 80, timeout=3,
                                            source_address=(address, 0))
    try:
        for request in range(1 + number % 3):
            if request == 2:
                connection.request("POST", "/order", body=f"item={number}")
            else:
                connection.request("GET", f"/page/{number}/{request}")
            if connection.getresponse().read():
                answered += 1
            time.sleep(0.1)
    except OSError as problem:
        print(f"failed {address}: {problem}", flush=True)
    finally:
        connection.close()
    return answered


def client(cluster, offset, period, seconds, addresses):
    """A visit every `period` seconds, each from the next of the addresses.

    Several clients run at once; `offset` keeps their visits apart. Every sixth
    visit is followed by a ping to the cluster, and by one to an address that
    nobody has: the kernel asks for it by ARP, in vain.
    """
    begin = time.monotonic() + offset
    jitter = random.Random(addresses[0])
    number = 0
    while number * period + offset < seconds:
        sleep_until(begin + number * period + jitter.uniform(0, 0.4))
        address = addresses[number % len(addresses)]
        answered = visit(cluster, address, number)
        print(f"answered {answered}", flush=True)
        if number % 6 == 2:
            print("echoed" if ping(cluster, number, address) else "failed ping", flush=True)
            stranger = cluster.rsplit(".", 1)[0] + f".{199 + number}"
            ping(stranger, number, address)
        number += 1


# --- noise -----------------------------------------------------------------------

def multicast_socket(port, group=None):
    """A UDP socket that may send to groups and broadcast, and is in `group`."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    end.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, membership("0.0.0.0"))
    end.bind(("", port))
    if group:
        end.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership(group))
    return end


def membership(group):
    """struct ip_mreqn: which group, on which device."""
    return struct.pack("=4s4si", socket.inet_aton(group), bytes(4),
                       socket.if_nametoindex("eth0"))


def member(group, join, departure):
    """Join the group after `join` seconds, leave it at `departure`; talk to it always.

    The kernel itself sends the IGMP reports and answers the queries.
    """
    begin = time.monotonic()
    with multicast_socket(5001) as end:
        sleep_until(begin + join)
        end.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership(group))
        number = 0
        while time.monotonic() < begin + departure:
            end.sendto(f"channel 1, picture {number}".encode(), (group, 5001))
            number += 1
            time.sleep(3)
        end.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership(group))
        time.sleep(15)          # what the kernel still wants to send goes out


OFFICE_GROUP = "239.20.20.20"
OFFICE_BROADCAST = "10.20.0.255"
OFFICE_LOGGER = "10.20.0.9"


def desk(seconds):
    """Asks the phone by multicast, logs to the logger, announces by broadcast."""
    begin = time.monotonic()
    with multicast_socket(5000, OFFICE_GROUP) as end:
        number = 0
        while time.monotonic() < begin + seconds:
            end.sendto(f"question {number}".encode(), (OFFICE_GROUP, 5000))
            end.sendto(f"<14>desk: line {number}".encode(), (OFFICE_LOGGER, 514))
            if number % 3 == 0:
                end.sendto(b"desk is here", (OFFICE_BROADCAST, 9000))
            if number % 12 == 5:        # nobody has this address: ARP only
                ping(f"10.20.0.{70 + number % 30}", number)
            number += 1
            time.sleep(2)


def phone(seconds):
    """Answers each question of the desk, to the group."""
    begin = time.monotonic()
    with multicast_socket(5000, OFFICE_GROUP) as end:
        end.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        end.settimeout(1)
        while time.monotonic() < begin + seconds:
            try:
                question, _ = end.recvfrom(200)
            except TimeoutError:
                continue
            if question.startswith(b"question"):
                end.sendto(question.replace(b"question", b"answer"), (OFFICE_GROUP, 5000))


def logger(seconds):
    """Takes log lines and never sends a frame, so the switch never learns its port."""
    with multicast_socket(514):
        print("ready", flush=True)
        time.sleep(seconds)


def main(role, *words):
    if role == "pin-host-program":
        pin(words[0], host_program())
    elif role == "pin-trunk-program":
        pin(words[0], trunk_program(words[1], int(words[2]) if len(words) > 2 else 0))
    elif role == "server":
        server(words[0], int(words[1]))
    elif role == "client":
        client(words[0], float(words[1]), float(words[2]), int(words[3]), words[4:])
    elif role == "member":
        member(words[0], int(words[1]), int(words[2]))
    elif role in ("desk", "phone", "logger"):
        globals()[role](int(words[0]))
    else:
        sys.exit(f"lab.py: no role '{role}'")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
