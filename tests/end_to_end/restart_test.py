"""Runners and whoever waits go through restarts of the server as if there were
none: what a command has come to is told once and kept, and no command runs
twice. How soon tasks begin again is printed, not asserted.
"""

import contextlib
import fcntl
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import unittest

import grpc
from holdline.v1 import operator_pb2
from holdline.v1 import operator_pb2_grpc

import http2_frames
from certificate import write_certificate
from grpc_client import Client, pipeline, queue
from server_process import (
    HOLDLINE, PATIENCE_SECONDS, RUNNER, Server, eventually, new_folder)
from signed_requests import SECRET, credentials_file

RESTARTS = 10
# As many tasks are performed at once, over so many connections that runners
# which come back have to wait for each other.
RUNNERS = 25
TASKS_OF_A_RUNNER = 4
IN_FLIGHT = RUNNERS * TASKS_OF_A_RUNNER
UNAUTHENTICATED_MAX = 8
# Over how long the commands of one restart end: before the server stops, while
# it does, while it is away and after it is back.
SPREAD_SECONDS = 0.5


# As the kernel writes the states of connections.
ESTABLISHED, CLOSE_WAIT = 1, 8


class Gate:
    """What commands wait for until it is opened."""

    def __init__(self, path):
        self.path = path
        self._file = open(path, "w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def open(self):
        self._file.close()


class PlainTest(unittest.TestCase):
    OPTIONS = ()
    ENVIRONMENT = {}
    CREDENTIALS = None

    def setUp(self):
        self.folder = new_folder("restart")
        self.begun = os.path.join(self.folder, "begun")
        os.mkdir(self.begun)
        self.gates = []
        self.server = None
        self.start_server()
        self.addCleanup(lambda: self.server.kill())
        self.client = None
        self.connect()
        self.addCleanup(lambda: self.client.channel.close())

    def start_server(self):
        before = self.server
        self.server = Server(
            "--unauthenticated-connections-max", str(UNAUTHENTICATED_MAX), *self.OPTIONS,
            data=before and before.data,
            grpc=before.grpc if before else "127.0.0.1:0")

    def connect(self):
        if self.client:
            self.client.channel.close()
        self.client = Client(self.server.grpc, self.CREDENTIALS)

    def start(self, program, *arguments, **options):
        process = subprocess.Popen(
            [program, "--address", self.server.grpc, *arguments],
            env={**os.environ, **self.ENVIRONMENT}, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start_runner(self, group, tasks, name):
        with open(os.path.join(self.folder, f"{name}.log"), "wb") as log:
            return self.start(
                RUNNER, "--worker-group", group, "--tasks", str(tasks),
                "--taskrunner-id", name,
                "--log-dir", os.path.join(self.folder, "output"), stderr=log)

    def submit_wave(self, number):
        """Submits as many tasks as are performed at once, behind a gate."""
        gate = Gate(os.path.join(self.folder, f"gate-{number}"))
        self.gates.append(gate)
        tasks = []
        for i in range(IN_FLIGHT):
            seconds = SPREAD_SECONDS * i / IN_FLIGHT
            mark = os.path.join(self.begun, f"{number}-{i}")
            tasks.append(queue.NewTask(
                worker_group="restart", type="ShellCommandActivity",
                retry_policy=queue.RetryPolicy(attempts=1),
                fields=[pipeline.Field(
                    key="command",
                    string_value=f"echo begun >>{mark}; "
                    f"flock -s {gate.path} sleep {seconds:.3f}")]))
        self.client.queue.SubmitTasks(
            queue.SubmitTasksRequest(tasks=tasks), timeout=PATIENCE_SECONDS)

    def begun_of(self, number):
        return [entry for entry in os.scandir(self.begun)
                if entry.name.startswith(f"{number}-")]

    def restart(self):
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(), 0, self.server.log())
        self.start_server()
        ready = time.time()
        self.connect()
        return ready

    def logs(self):
        """What was said of tasks whose status did not arrive."""
        lines = []
        for entry in os.scandir(self.folder):
            if entry.name.endswith(".log"):
                with open(entry.path, errors="replace") as log:
                    lines += [line for line in log if "arrive" in line]
        return "".join(lines[:20])

    def test_no_result_is_lost_and_nothing_runs_twice(self):
        for number in range(RESTARTS + 1):
            self.submit_wave(number)
        for number in range(RUNNERS):
            self.start_runner("restart", TASKS_OF_A_RUNNER, f"runner-{number}")
        # Its polls are held, and have to be answered before the server stops.
        self.start_runner("idle", TASKS_OF_A_RUNNER, "idle")
        last = self.client.submit("restart")
        waiting = self.start(HOLDLINE, "wait", last, stdout=subprocess.DEVNULL)
        delays = []
        for number in range(RESTARTS):
            eventually(lambda: len(self.begun_of(number)) == IN_FLIGHT,
                       f"wave {number} has begun")
            self.gates[number].open()
            ended = time.time() + SPREAD_SECONDS
            ready = max(self.restart(), ended)
            eventually(lambda: len(self.begun_of(number + 1)) == IN_FLIGHT,
                       f"tasks begin again after restart {number}")
            delays += [max(entry.stat().st_mtime - ready, 0)
                       for entry in self.begun_of(number + 1)]
        self.gates[RESTARTS].open()
        self.assertEqual(waiting.wait(PATIENCE_SECONDS), 0)
        print(f"{len(delays)} tasks began again after `ready`: p50 "
              f"{statistics.median(delays):.2f} s, p99 "
              f"{statistics.quantiles(delays, n=100)[98]:.2f} s, longest "
              f"{max(delays):.2f} s", flush=True)
        self.check_every_task()

    def check_every_task(self):
        eventually(lambda: not self.tasks(queue.Task.LEASED), "all end")
        finished = self.tasks(queue.Task.FINISHED)
        self.assertEqual(len(finished), IN_FLIGHT * (RESTARTS + 1) + 1,
                         self.logs())
        self.assertEqual({task.attempts[-1].number for task in finished}, {1})
        twice = [entry.name for entry in os.scandir(self.begun)
                 if entry.stat().st_size != len("begun\n")]
        self.assertEqual(twice, [])

    def tasks(self, *states):
        found = []
        token = None
        while True:
            answer = self.client.queue.ListTasks(
                queue.ListTasksRequest(
                    worker_group="restart", states=states, page_size=1000,
                    page_token=token),
                timeout=PATIENCE_SECONDS)
            found += answer.tasks
            if not answer.HasField("next_page_token"):
                return found
            token = answer.next_page_token


class TlsTest(PlainTest):

    @classmethod
    def setUpClass(cls):
        certificate, key = write_certificate(new_folder("tls"))
        cls.OPTIONS = (
            "--credentials-file", credentials_file(),
            "--tls-certificate-file", certificate,
            "--tls-private-key-file", key)
        cls.ENVIRONMENT = {
            "HOLDLINE_TLS_AUTHORITIES": certificate,
            "HOLDLINE_ACCESS_KEY": "AKIDTEST", "HOLDLINE_SECRET": SECRET}
        with open(certificate, "rb") as file:
            cls.CREDENTIALS = grpc.composite_channel_credentials(
                grpc.ssl_channel_credentials(file.read()),
                grpc.access_token_call_credentials(f"AKIDTEST:{SECRET}"))


class ConnectionTest(unittest.TestCase):

    def test_a_runner_at_work_notices_that_the_server_has_gone(self):
        """Though it calls nobody, and gRPC does not look for it."""
        server = Server()
        self.addCleanup(server.kill)
        begun = os.path.join(new_folder(), "begun")
        with Client(server.grpc) as client:
            client.submit("g", fields=[pipeline.Field(
                key="command", string_value=f"touch {begun}; sleep 600")])
        runner = subprocess.Popen(
            [RUNNER, "--address", server.grpc, "--worker-group", "g",
             "--tasks", "1", "--report-interval", "3600",
             "--log-dir", new_folder("output"),
             "--on-terminate", "release"],
            env={**os.environ,
                 "GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS": "0"},
            stderr=subprocess.DEVNULL)
        self.addCleanup(runner.wait)
        self.addCleanup(runner.terminate)
        eventually(lambda: os.path.exists(begun), "the command runs")
        port = int(server.grpc.rsplit(":", 1)[1])
        self.assertIn(ESTABLISHED, connections(port))
        server.stop()
        eventually(lambda: not {ESTABLISHED, CLOSE_WAIT} & connections(port),
                   "the runner hangs up, too")


    def test_returning_clients_are_let_in_though_they_are_slow_to_call(self):
        options = ("--unauthenticated-connections-max", "1",
                   "--authentication-timeout", "50ms")
        server = Server(*options)
        self.addCleanup(lambda: server.kill())
        known = [grpc.insecure_channel(server.grpc, [
            ("grpc.use_local_subchannel_pool", 1)]) for _ in range(3)]
        for channel in known:
            operator_pb2_grpc.OperatorStub(channel).ListGroups(
                operator_pb2.ListGroupsRequest(), timeout=PATIENCE_SECONDS)
        server.stop()
        for channel in known:
            channel.close()
        server = Server(*options, data=server.data, grpc=server.grpc)
        slow = [self.say_hello(server.grpc) for _ in known]
        # Each is served in the end, and none of them has to go for that.
        for connection in slow:
            self.assertTrue(connection.recv(1 << 16))
        for connection in slow:
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                self.assertTrue(connection.recv(1 << 16))

    def say_hello(self, address):
        """Connects, and sends what a client sends before its first call."""
        host, port = address.rsplit(":", 1)
        connection = socket.create_connection((host, int(port)),
                                              timeout=PATIENCE_SECONDS)
        self.addCleanup(connection.close)
        connection.sendall(http2_frames.opening())
        return connection


class ExampleTest(unittest.TestCase):

    def test_the_runner_in_python_goes_on(self):
        server = Server()
        self.addCleanup(lambda: server.kill())
        runner = subprocess.Popen(
            [sys.executable, "client/python/grpc_runner.py", server.grpc, "g"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        self.addCleanup(runner.wait)
        self.addCleanup(runner.kill)
        self.expect_a_task_is_performed(server)
        server.stop()
        server = Server(data=server.data, grpc=server.grpc)
        self.expect_a_task_is_performed(server)

    def expect_a_task_is_performed(self, server):
        with Client(server.grpc) as client:
            name = client.submit("g")
            eventually(lambda: client.state(name) == "FINISHED", "it is done")


def connections(port):
    """The states of the ends that clients have of connections to a port."""
    states = set()
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(path) as table:
            for line in table.readlines()[1:]:
                _, _, remote, state, *_ = line.split()
                if int(remote.split(":")[1], 16) == port:
                    states.add(int(state, 16))
    return states


if __name__ == "__main__":
    unittest.main()
