"""HTTP/2 by hand, frame by frame, to say what no library would."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
CANCEL = 8


def frame(kind, flags, stream, payload=b""):
    return (struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) +
            struct.pack(">I", stream) + payload)


def header(name, value):
    """A header that is sent in full and not remembered."""
    name, value = name.encode(), value.encode()
    assert len(name) < 127 and len(value) < 127
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def call_headers(path):
    """What a gRPC call begins with."""
    return b"".join(header(name, value) for name, value in (
        (":method", "POST"), (":scheme", "http"), (":path", path),
        (":authority", "localhost"), ("content-type", "application/grpc"),
        ("te", "trailers")))


def message(data):
    """A message of gRPC, not compressed."""
    return b"\0" + struct.pack(">I", len(data)) + data


def opening():
    return PREFACE + frame(SETTINGS, 0, 0)
