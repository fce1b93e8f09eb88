"""Connections on which a test says whatever it likes."""

import socket

from server_process import PATIENCE_SECONDS


def connect(address, patience=PATIENCE_SECONDS):
    """Connects to HOST:PORT; each wait ends after `patience` seconds."""
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), patience)


def read_all(connection):
    """Returns what comes until the other side ends or resets."""
    answer = b""
    try:
        while chunk := connection.recv(65536):
            answer += chunk
    except ConnectionError:
        pass
    return answer
