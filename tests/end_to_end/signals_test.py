"""The real programs are told to stop or to reload, and nobody reads them."""

import fcntl
import os
import re
import signal
import subprocess
import unittest

import grpc

from grpc_client import Client, pipeline
from server_process import (
    PATIENCE_SECONDS, PROGRAMS, RUNNER, SERVER, Server, eventually, new_folder)

GATEWAY = PROGRAMS / "server/gateway/holdline-gateway"


def unread_pipe():
    """Returns both ends of a pipe that is full."""
    read_end, write_end = os.pipe()
    flags = fcntl.fcntl(write_end, fcntl.F_GETFL)
    fcntl.fcntl(write_end, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        while True:
            os.write(write_end, b"x" * 512)
    except BlockingIOError:
        pass
    fcntl.fcntl(write_end, fcntl.F_SETFL, flags)
    return read_end, write_end


class Programs(unittest.TestCase):

    def start(self, *command, **streams):
        process = subprocess.Popen(command, **streams)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start_server(self, data, *options, **streams):
        return self.start(
            SERVER, "--data-dir", data, "--grpc-address", "127.0.0.1:0",
            "--http-address", "127.0.0.1:0", "--metrics-address", "",
            "--drain-timeout", "1m", *options, **streams)

    def start_runner(self, server, group, *options, **streams):
        return self.start(
            RUNNER, "--address", server.grpc, "--worker-group", group,
            "--log-dir", new_folder("output"), *options, **streams)

    def start_gateway(self, broker, **streams):
        return self.start(GATEWAY, "--http-address", "127.0.0.1:0",
                          "--broker", broker, **streams)

    def unread(self):
        """Returns the end of a full pipe to write to."""
        read_end, write_end = unread_pipe()
        self.addCleanup(os.close, read_end)
        self.addCleanup(os.close, write_end)
        return write_end

    def expect_end(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE_SECONDS), 0)


class UnreadTest(Programs):

    def test_a_server_whose_log_nobody_reads_stops_and_loses_nothing(self):
        data = new_folder()
        server = self.start_server(
            data, "--log-level", "debug", stdout=subprocess.PIPE,
            stderr=self.unread(), text=True)
        self.addCleanup(server.stdout.close)
        address = re.search(r"grpc=(\S+)", server.stdout.readline())[1]
        with Client(address) as client:
            names = [client.submit("wg") for _ in range(100)]
        self.expect_end(server)
        with Server(data=data) as again, Client(again.grpc) as client:
            for name in names:
                self.assertEqual(client.state(name), "READY")

    def test_a_server_whose_ready_nobody_reads_serves_and_stops(self):
        log_path = os.path.join(new_folder(), "log")
        with open(log_path, "wb") as log:
            server = self.start_server(new_folder(), stdout=self.unread(),
                                       stderr=log)
        ready = eventually(lambda: logged(log_path, r" ready grpc=(\S+)"),
                           "it is ready")
        with Client(ready[1]) as client:
            client.submit("wg")
        self.expect_end(server)

    def test_a_gateway_that_nobody_reads_stops(self):
        with Server() as server:
            gateway = self.start_gateway(server.grpc, stdout=self.unread(),
                                         stderr=self.unread())
            # By then it takes signals, or a wish to stop ends it anyway.
            eventually(lambda: takes_signals(gateway.pid), "it has started")
            self.expect_end(gateway)

    def test_a_runner_whose_log_nobody_reads_performs_and_stops(self):
        with Server() as server, Client(server.grpc) as client:
            runner = self.start_runner(server, "wg", stderr=self.unread())
            name = client.submit("wg")
            eventually(lambda: client.state(name) == "FINISHED",
                       "the task is performed")
            self.expect_end(runner)


class ClosedStreamsTest(Programs):

    def closing(self, *command):
        """Starts a program with its three streams closed."""
        return self.start("/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh",
                          *command)

    def test_what_a_server_prints_goes_into_no_file(self):
        data = new_folder()
        server = self.closing(
            SERVER, "--data-dir", data, "--grpc-address", "127.0.0.1:0",
            "--http-address", "", "--metrics-address", "",
            "--drain-timeout", "1m", "--log-level", "debug")
        eventually(lambda: os.path.exists(os.path.join(data, "holdline.db")),
                   "it has opened its store")
        eventually(lambda: takes_signals(server.pid), "it has started")
        for descriptor in range(3):
            self.assertEqual(
                os.readlink(f"/proc/{server.pid}/fd/{descriptor}"), "/dev/null")
        self.expect_end(server)
        for name in os.listdir(data):
            with open(os.path.join(data, name), "rb") as file:
                content = file.read()
            self.assertNotIn(b"ready grpc", content, name)
            self.assertNotIn(b"draining seconds_max", content, name)
        with Server(data=data):
            pass

    def test_what_a_runner_and_a_gateway_print_goes_into_no_file(self):
        with Server() as server, Client(server.grpc) as client:
            name = client.submit("wg")
            runner = self.closing(
                RUNNER, "--address", server.grpc, "--worker-group", "wg",
                "--once", "--log-dir", new_folder("output"))
            self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
            self.assertEqual(client.state(name), "FINISHED")
            gateway = self.closing(GATEWAY, "--http-address", "127.0.0.1:0",
                                   "--broker", server.grpc)
            eventually(lambda: takes_signals(gateway.pid), "it has started")
            for descriptor in range(3):
                self.assertEqual(
                    os.readlink(f"/proc/{gateway.pid}/fd/{descriptor}"),
                    "/dev/null")
            self.expect_end(gateway)


class HangupTest(Programs):

    def write(self, **settings):
        with open(self.config, "w") as file:
            for name, value in settings.items():
                print(name.replace("_", "-"), "=", value, file=file)

    def reload(self, server, event):
        """Sends SIGHUP and returns the line about it."""
        before = len(server.log())
        server.process.send_signal(signal.SIGHUP)
        return eventually(
            lambda: re.search(f" {event} .*\n", server.log()[before:]),
            event)[0]

    def setUp(self):
        self.config = os.path.join(new_folder(), "holdline.toml")

    def test_a_server_takes_on_what_it_can_and_goes_on(self):
        self.write(live_tasks_max=100)
        with Server("--config", self.config) as server, \
                Client(server.grpc) as client:
            name = client.submit("wg")
            self.write(live_tasks_max=1, log_level='"debug"', hold_max='"5s"')
            line = self.reload(server, "settings_read")
            self.assertIn('changed="live-tasks-max=1, log-level=debug"', line)
            self.assertIn("need_restart=hold-max", line)
            eventually(lambda: self.is_refused(client), "the limit counts")
            client.state(name)
            eventually(lambda: " debug " in server.log(), "the level counts")

            self.write(live_tasks_max=100, log_level='"loud"')
            line = self.reload(server, "settings_refused")
            self.assertIn("log-level", line)
            self.assertTrue(self.is_refused(client), "the old limit stays")
            self.assertEqual(server.stop(), 0)

    def is_refused(self, client):
        try:
            client.submit("wg")
        except grpc.RpcError as error:
            return error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        return False

    def test_a_gateway_goes_on(self):
        with Server() as server:
            gateway = self.start_gateway(
                server.grpc, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(gateway.stdout.close)
            self.addCleanup(gateway.stderr.close)
            gateway.stdout.readline()
            gateway.send_signal(signal.SIGHUP)
            self.assertIn(b"SIGHUP", gateway.stderr.readline())
            self.expect_end(gateway)

    def test_a_runner_stops_as_it_does_at_sigterm(self):
        started = os.path.join(new_folder(), "started")
        with Server() as server, Client(server.grpc) as client:
            name = client.submit("wg", fields=[pipeline.Field(
                key="command", string_value=f"touch {started}; sleep 1")])
            runner = self.start_runner(server, "wg", stderr=subprocess.DEVNULL)
            eventually(lambda: os.path.exists(started), "the command runs")
            runner.send_signal(signal.SIGHUP)
            self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
            self.assertEqual(client.state(name), "FINISHED")


def logged(path, pattern):
    with open(path, errors="replace") as log:
        return re.search(pattern, log.read())


def takes_signals(pid):
    """Whether a process has a thread that leaves SIGTERM to another."""
    with open(f"/proc/{pid}/status") as status:
        blocked = re.search(r"SigBlk:\s*(\w+)", status.read())[1]
    return int(blocked, 16) & (1 << (signal.SIGTERM - 1)) != 0


if __name__ == "__main__":
    unittest.main()
