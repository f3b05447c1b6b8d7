"""Captures and the Internet checksum, read without weir's help: what judges weir mustn't rest on its word."""

import struct

FILE_HEADER, RECORD_HEADER = 24, 16


def records(path):
    """The file header, then (seconds, frame, the whole record) of a little-endian capture with microseconds."""
    with open(path, "rb") as file:
        data = file.read()
    assert struct.unpack_from("<I", data)[0] == 0xA1B2C3D4, path
    yield data[:FILE_HEADER]
    offset = FILE_HEADER
    while offset < len(data):
        seconds, micros, captured, _ = struct.unpack_from("<IIII", data, offset)
        end = offset + RECORD_HEADER + captured
        yield seconds + micros / 1e6, data[offset + RECORD_HEADER:end], data[offset:end]
        offset = end


def packets(path):
    """Time in seconds and frame of every record."""
    listed = records(path)
    next(listed)
    for seconds, frame, _ in listed:
        yield seconds, frame


def internet_checksum(data):
    """RFC 1071; 0 over octets that contain their own, right checksum."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
