"""HTTP/2 by hand, frame by frame, to say what no library would."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
CANCEL = 8


def frame(kind, flags, stream, payload=b""):
    return (struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) +
            struct.pack(">I", stream) + payload)


NOT_REMEMBERED, REMEMBERED = b"\0", b"\x40"


def header(name, value, how=NOT_REMEMBERED):
    """A header that is sent in full."""
    name, value = name.encode(), value.encode()
    assert len(name) < 127 and len(value) < 127
    return how + bytes([len(name)]) + name + bytes([len(value)]) + value


def call_headers(path, how=NOT_REMEMBERED):
    """What a gRPC call begins with."""
    return b"".join(header(name, value, how) for name, value in (
        (":method", "POST"), (":scheme", "http"), (":path", path),
        (":authority", "localhost"), ("content-type", "application/grpc"),
        ("te", "trailers")))


# The same once more, over a connection that remembers nothing else.
CALL_HEADERS_AGAIN = bytes([0xc3, 0xc2, 0xc1, 0xc0, 0xbf, 0xbe])


def begin_call(path, stream):
    """A call without its request, in as few bytes as can be.

    All calls of a connection are begun so, with the same path, from stream 1.
    """
    return frame(HEADERS, END_HEADERS, stream,
                 call_headers(path, REMEMBERED) if stream == 1
                 else CALL_HEADERS_AGAIN)


def cancel_call(stream):
    return frame(RST_STREAM, 0, stream, CANCEL.to_bytes(4, "big"))


def message(data):
    """A message of gRPC, not compressed."""
    return b"\0" + struct.pack(">I", len(data)) + data


def opening():
    return PREFACE + frame(SETTINGS, 0, 0)
