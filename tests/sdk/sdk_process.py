"""A client of `clients.py` as a process of its own, for tests."""

import collections
import os
import subprocess
import sys

from clients import Client
from server_process import new_folder

REGION = "us-east-1"

# What a client said of an error. `status` and `request_id` are empty where an
# SDK does not tell; `kind` is `gone` for the SDK's own TaskNotFoundException,
# `broken` when no answer came, and `error` otherwise.
Failure = collections.namedtuple("Failure", "kind name status request_id message")


class SdkProcess:
    """Speaks to the server from construction until `stop`."""

    def __init__(self, client: Client, endpoint, access_key, secret,
                 session_token=None, environment=None):
        given = self._environment(endpoint, access_key, secret)
        if session_token:
            given["AWS_SESSION_TOKEN"] = session_token
        self.process = subprocess.Popen(
            self._command(client), cwd=client.place(),
            env={**given, **(environment or {})},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8")

    @staticmethod
    def _command(client):
        if client.run[0] == "python":
            return (sys.executable, *client.run[1:])
        return client.run

    @staticmethod
    def _environment(endpoint, access_key, secret):
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": "utf-8",
            # Nothing of the user's own configuration is read.
            "HOME": new_folder("home"),
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_JAVA_V1_DISABLE_DEPRECATION_ANNOUNCEMENT": "true",
        }

    def begin(self, step, *members):
        """Has it begin a step; `answer` waits for what comes of it."""
        self.process.stdin.write("\t".join([step, *members]) + "\n")
        self.process.stdin.flush()

    def answer(self):
        """Returns the words of the answer, or a Failure."""
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the client ended: {self.process.wait()}")
        words = line.rstrip("\n").split("\t")
        if words[0] in ("gone", "error", "broken"):
            return Failure(*words)
        return words

    def ask(self, step, *members):
        self.begin(step, *members)
        return self.answer()

    def stop(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
