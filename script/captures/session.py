#!/usr/bin/env python3
"""The two hosts of script/make-http-capture: a web server with the cluster's address, and a client with many addresses.

    session.py server ADDRESS SECONDS
    session.py client ADDRESS SECONDS CLIENT...     CLIENT: an address of the client's

The client has short visits all the time, connections that stay open and ask now and then, and downloads that come in
pieces. It begins each at a known time, so that at 4 s and at 8 s many are alive.
"""

import http.server
import itertools
import signal
import socket
import struct
import sys
import threading
import time

PIECE, PIECES_APART = 100, 0.4          # octets, seconds
SAME_PORT = 20_000                      # of connections that are the same flow one after the other


class Page(http.server.BaseHTTPRequestHandler):
    """/page answers with one line, /pieces/N with N pieces, one after the other."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def handle(self):
        try:
            super().handle()
        except ConnectionResetError:
            pass                        # some clients end like that

    def do_GET(self):
        count = int(self.path.removeprefix("/pieces/")) if self.path.startswith("/pieces/") else 0
        body = b"" if count else f"hello {self.client_address[0]}\n".encode()
        self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) + count * PIECE}\r\n\r\n".encode() + body)
        for number in range(count):
            self.wfile.write(f"piece {number:2}".encode().ljust(PIECE - 1, b".") + b"\n")
            time.sleep(PIECES_APART)
        self.close_connection = self.headers.get("Connection") == "close"

    def log_message(self, *_):
        pass


def server(address, seconds):
    signal.alarm(seconds)
    web = http.server.ThreadingHTTPServer((address, 80), Page)
    print("ready", flush=True)
    web.serve_forever()


class Connection:
    """An HTTP connection by hand, since http.client says more than has to be recorded."""

    def __init__(self, cluster, client, port=0):
        self.cluster = cluster
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.settimeout(5)
        self.socket.bind((client, port))
        self.socket.connect((cluster, 80))

    def get(self, path, *headers):
        """Asks, and reads the whole answer."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.cluster}", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            head += self.read()
        head, body = head.split(b"\r\n\r\n", 1)
        length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.read()

    def read(self):
        data = self.socket.recv(4096)
        if not data:
            raise OSError("the server has closed")
        return data

    def close(self):
        self.socket.close()

    def reset(self):
        """RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def visit(cluster, client, number):
    """One page; in turn the server closes first, the client closes first, the client resets."""
    connection = Connection(cluster, client)
    if number % 3 == 0:
        connection.get("/page", "Connection: close")
        connection.socket.recv(1)       # its FIN
    else:
        connection.get("/page")
    if number % 6 == 5:
        connection.reset()
    else:
        connection.close()


def stay(cluster, client, requests, apart):
    connection = Connection(cluster, client)
    for _ in range(requests):
        connection.get("/page")
        time.sleep(apart)
    connection.close()


def download(cluster, client, pieces):
    connection = Connection(cluster, client)
    connection.get(f"/pieces/{pieces}")
    connection.close()


def repeat(cluster, client):
    """A visit by a port that another one had, and gave up by a reset: the same flow again."""
    connection = Connection(cluster, client, SAME_PORT)
    connection.get("/page")
    connection.reset()


def plan(cluster, seconds, clients):
    """When what begins, in seconds; all ends by `seconds`."""
    client = itertools.cycle(clients)
    for number in range(40):
        yield 0.1 + number * (seconds - 0.6) / 40, visit, (cluster, next(client), number)
    for number in range(10):            # 5.6 s long, a new one each 0.6 s
        yield 0.35 + number * 0.6, stay, (cluster, next(client), 7, 0.8)
    for number in range(8):             # 5.6 s long, a new one each 0.8 s
        yield 0.6 + number * 0.8, download, (cluster, next(client), 14)
    for number in range(4):
        yield 1.5 + number * 3, repeat, (cluster, clients[0])
        yield 1.7 + number * 3, repeat, (cluster, clients[1])


def client(cluster, seconds, clients):
    def begin(moment, what, words):
        time.sleep(max(0.0, start + moment - time.monotonic()))
        try:
            what(*words)
            print("done", flush=True)
        except OSError as problem:
            print(f"failed {what.__name__} {words}: {problem}", flush=True)

    start = time.monotonic() + 0.2
    threads = [threading.Thread(target=begin, args=entry) for entry in plan(cluster, seconds, clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"all {len(threads)}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "server":
        server(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) > 4 and sys.argv[1] == "client":
        client(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        sys.exit(__doc__)
