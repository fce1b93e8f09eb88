"""Callers who mean harm get the right error or a closed connection.

They are bounded in time and memory, change nothing, and a runner beside them
goes on. How much later that runner is woken is printed, not asserted.
"""

import itertools
import re
import statistics
import subprocess
import sys
import time
import unittest

import attacker
import grpc
import http2_frames as http2
import raw_socket
from grpc_client import Client
from holdline.v1 import data_pipeline_pb2 as pipeline
from holdline.v1 import operator_pb2
from server_process import PATIENCE_SECONDS, Server, eventually

JSON = "application/x-amz-json-1.1"
# What a request hides in its body, for a parser that takes another view of
# where the body ends.
HIDDEN_GROUP = "smuggled"
MEGABYTE = 1 << 20
MEMORY_GROWTH_MAX = 200 * MEGABYTE
# Where calls arrive faster than they are counted.
MEMORY_GROWTH_MAX_BESIDE = {"abandoned_calls": 500 * MEGABYTE}
WAKES = 30


def request(body, *headers, target="DataPipeline.PollForTask",
            version="HTTP/1.1", end="\r\n"):
    lines = [f"POST / {version}", "Host: localhost", f"X-Amz-Target: {target}",
             f"Content-Type: {JSON}", *headers]
    return (end.join(lines) + end * 2).encode() + body


HIDDEN = request(
    b'{"tasks": [{"workerGroup": "smuggled", "type": "t"}]}',
    "Content-Length: 53", target="TaskQueue.SubmitTasks")
CHUNKED = b"2\r\n{}\r\n0\r\n\r\n" + HIDDEN

SMUGGLING = {
    "length and chunks": request(
        CHUNKED, "Content-Length: 4", "Transfer-Encoding: chunked"),
    "chunks and length": request(
        CHUNKED, "Transfer-Encoding: chunked", "Content-Length: 4"),
    "two lengths": request(
        b"{}" + HIDDEN, "Content-Length: 2", "Content-Length: 200"),
    "two lengths in one": request(b"{}" + HIDDEN, "Content-Length: 2, 200"),
    "a length with a sign": request(b"{}" + HIDDEN, "Content-Length: +2"),
    "chunked, then something else": request(
        CHUNKED, "Transfer-Encoding: chunked, identity"),
    "an unknown coding": request(CHUNKED, "Transfer-Encoding: xchunked"),
    "a coding with a vertical tab": request(
        CHUNKED, "Transfer-Encoding: \x0bchunked"),
    "two codings": request(CHUNKED, "Transfer-Encoding: chunked",
                           "Transfer-Encoding: identity"),
    "a space before the colon": request(
        CHUNKED, "Transfer-Encoding : chunked", "Content-Length: 4"),
    "a space in a name": request(b"{}" + HIDDEN, "Content Length: 2"),
    "a name without an end": request(b"{}" + HIDDEN, "Content-Length"),
    "a zero byte": request(b"{}" + HIDDEN, "X-Header: a\0b",
                           "Content-Length: 2"),
    "a bare carriage return": request(
        b"{}" + HIDDEN, "X-Header: a\rContent-Length: 200",
        "Content-Length: 2"),
    "a chunk that is too long to count": request(
        b"FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n" + HIDDEN,
        "Transfer-Encoding: chunked"),
    "a chunk of negative length": request(
        b"-2\r\n{}\r\n0\r\n\r\n" + HIDDEN, "Transfer-Encoding: chunked"),
    "a chunk that goes on after its end": request(
        b"2\r\n{}xx\r\n0\r\n\r\n" + HIDDEN, "Transfer-Encoding: chunked"),
    "chunks in an old version": request(
        CHUNKED, "Transfer-Encoding: chunked", version="HTTP/1.0"),
    "a version that does not exist": request(
        b"{}" + HIDDEN, "Content-Length: 2", version="HTTP/1.10"),
}


def memory(process):
    with open(f"/proc/{process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024


class HostileTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "20s",
                            "--http-header-timeout", "500ms",
                            "--http-body-timeout", "500ms")
        cls.client = Client(cls.server.grpc)
        cls.groups = (f"beside-{i}" for i in itertools.count())
        cls.calm = cls.wakes(cls.client, next(cls.groups))

    @classmethod
    def tearDownClass(cls):
        cls.client.channel.close()
        cls.server.kill()

    def setUp(self):
        self.memory = memory(self.server.process)
        self.memory_growth_max = MEMORY_GROWTH_MAX

    def tearDown(self):
        self.assertIsNone(self.server.process.poll(), self.server.log())
        self.wakes(self.client, next(self.groups))
        self.assertLess(memory(self.server.process) - self.memory,
                        self.memory_growth_max)

    @staticmethod
    def wakes(client, group):
        """Parks a poll and submits, often; returns how long it all took."""
        durations = []
        for _ in range(WAKES):
            poll = client.pipeline.PollForTask.future(
                pipeline.PollForTaskInput(worker_group=group),
                timeout=PATIENCE_SECONDS)
            start = time.monotonic()
            client.submit(group)
            task = poll.result().task_object
            durations.append(time.monotonic() - start)
            assert task.task_id
            client.finish(task.task_id)
        return statistics.median(durations)

    def connect(self, address):
        connection = raw_socket.connect(address)
        self.addCleanup(connection.close)
        return connection

    def send(self, connection, data):
        """Returns whether the server still listens."""
        try:
            connection.sendall(data)
            return True
        except OSError:
            return False

    def endure(self, attack):
        """Lets a runner work beside an attack, and what it left be cleared."""
        self.memory_growth_max = MEMORY_GROWTH_MAX_BESIDE.get(
            attack, MEMORY_GROWTH_MAX)
        attacking = subprocess.Popen(
            [sys.executable, attacker.__file__, attack, self.server.http,
             self.server.grpc, self.server.metrics], stdout=subprocess.PIPE)
        try:
            self.assertEqual(attacking.stdout.readline(), b"struck\n")
            busy = self.wakes(self.client, next(self.groups))
            attacking.wait(PATIENCE_SECONDS)
        finally:
            attacking.kill()
            attacking.wait()
            attacking.stdout.close()
        print(f"{attack}: a runner beside it is woken after "
              f"{busy / self.calm:.1f} of the time")
        eventually(lambda: self.group("reset").parked_calls == 0,
                   "no call is parked")

    def group(self, name):
        """What an operator sees of a group; all zero if there is none."""
        found = self.client.operator.ListGroups(
            operator_pb2.ListGroupsRequest()).groups
        return next((each for each in found if each.worker_group == name),
                    operator_pb2.Group())

    def test_no_request_is_smuggled_in_a_body(self):
        for what, data in SMUGGLING.items():
            with self.subTest(what):
                connection = self.connect(self.server.http)
                self.send(connection, data)
                answer = raw_socket.read_all(connection)
                self.assertFalse(answer.startswith(b"HTTP/1.1 200"),
                                 answer[:200])
                self.assertLessEqual(answer.count(b"HTTP/1.1 "), 1)
                self.assertEqual(self.group(HIDDEN_GROUP).ready_tasks, 0)

    def test_what_is_hidden_above_would_be_understood_alone(self):
        # Otherwise the test above could not fail.
        connection = self.connect(self.server.http)
        self.send(connection, HIDDEN.replace(b"smuggled", b"standing"))
        self.assertIn(b"200 OK", connection.recv(65536))
        self.assertEqual(self.group("standing").ready_tasks, 1)

    def test_requests_in_a_row_are_answered_in_their_order(self):
        connection = self.connect(self.server.http)
        self.send(connection, b"".join(
            request(b"", f"x-number: {i}", "Content-Length: 0",
                    target=f"No.Such{i}" if i % 2 else "Operator.ListGroups")
            for i in range(100)))
        answer = b""
        while answer.count(b"x-amzn-RequestId") < 100 or \
                not answer.endswith(b"}"):
            answer += connection.recv(65536)
        codes = re.findall(rb"HTTP/1.1 (\d+)", answer)
        self.assertEqual(codes, [b"200", b"400"] * 50)

    def test_a_body_is_asked_for_only_if_it_is_wanted(self):
        for length, expected in ((2, b"100 Continue"), (1 << 30, b"413")):
            connection = self.connect(self.server.http)
            self.send(connection, request(
                b"", f"Content-Length: {length}", "Expect: 100-continue"))
            self.assertIn(expected, connection.recv(65536).split(b"\r\n")[0])

    def test_slow_senders_are_cut_off(self):
        whole = request(b'{"workerGroup": "slow"}', "Content-Length: 23")
        for begin in (whole[:20], whole[:-10]):
            connection = self.connect(self.server.http)
            self.send(connection, begin)
            # A byte now and then does not buy more time.
            while self.send(connection, b"x"):
                time.sleep(0.05)
            self.assertNotIn(b"200 OK", raw_socket.read_all(connection))

    def test_silent_connections_do_not_lock_out_the_metrics_page(self):
        silent = [self.connect(self.server.metrics) for _ in range(100)]
        asker = self.connect(self.server.metrics)
        self.send(asker, b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
        self.assertIn(b"200 OK", raw_socket.read_all(asker))
        self.assertEqual(raw_socket.read_all(silent[0]), b"")

    def test_empty_elements_are_counted_and_not_built(self):
        with grpc.insecure_channel(self.server.grpc) as channel:
            with self.assertRaises(grpc.RpcError) as refused:
                channel.unary_unary("/holdline.v1.TaskQueue/SubmitTasks")(
                    b"\x0a\x00" * (10 * MEGABYTE), timeout=PATIENCE_SECONDS)
        self.assertEqual(refused.exception.code(),
                         grpc.StatusCode.INVALID_ARGUMENT)
        self.assertIn("at most 250000 values", refused.exception.details())
        self.assertLess(memory(self.server.process) - self.memory,
                        100 * MEGABYTE)

    def test_who_begins_calls_without_requests_by_the_thousand_is_cut_off(self):
        few, many = (self.connect(self.server.grpc) for _ in range(2))
        for connection, calls in ((few, 10), (many, 5000)):
            self.send(connection, http2.opening() + b"".join(
                http2.begin_call(attacker.POLL, stream)
                for stream in range(1, 2 * calls, 2)))
        raw_socket.read_all(many)
        few.settimeout(0)
        with self.assertRaises(BlockingIOError):
            while few.recv(65536):
                pass


def add(attack):
    def test(self):
        self.endure(attack)
    setattr(HostileTest, f"test_a_runner_beside_{attack}", test)


for each in attacker.ATTACKS:
    add(each)


if __name__ == "__main__":
    unittest.main()
