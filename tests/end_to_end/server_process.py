"""The real server as a process of its own, for tests."""

import os
import pathlib
import re
import selectors
import signal
import subprocess
import tempfile
import time

# Where Bazel puts the programs that a test names as its data.
PROGRAMS = pathlib.Path.cwd()
SERVER = PROGRAMS / "server/holdline-server"
HOLDLINE = PROGRAMS / "client/holdline"
RUNNER = PROGRAMS / "client/holdline-runner"

# Long enough for a busy machine and for sanitizers; nothing waits it out.
PATIENCE_SECONDS = 120


def new_folder(prefix="holdline"):
    return tempfile.mkdtemp(prefix=prefix, dir=os.environ.get("TEST_TMPDIR"))


def eventually(condition, what):
    """Waits until `condition()` is true and returns what it gave."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_SECONDS} s: {what}")
        time.sleep(0.01)


class Server:
    """Serves from construction until `stop`, `kill` or the end of a `with`.

    On the folder and at the gRPC address of another that has ended, it is to
    its clients the same server again.
    """

    def __init__(self, *options, data=None, grpc="127.0.0.1:0"):
        self.data = data or new_folder()
        self.log_path = os.path.join(new_folder("log"), "server.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [SERVER, "--data-dir", self.data,
                 "--grpc-address", grpc,
                 "--http-address", "127.0.0.1:0",
                 "--metrics-address", "127.0.0.1:0", *options],
                stdout=subprocess.PIPE, stderr=log)
        ready = self._first_line()
        found = re.fullmatch(r"ready grpc=(\S+) http=(\S+) metrics=(\S+)\n", ready)
        if not found:
            self.kill()
            raise AssertionError(f"instead of `ready`: {ready!r}\n{self.log()}")
        self.grpc, self.http, self.metrics = found.groups()

    def _first_line(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE_SECONDS):
                return ""
        return self.process.stdout.readline().decode()

    @property
    def endpoint(self):
        return f"http://{self.http}"

    def log(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def stop(self):
        """Asks it to stop, waits, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
