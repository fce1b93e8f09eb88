"""A server that knows its callers, for the tests of one client."""

import json
import os
import subprocess
import unittest

from clients import Client
from sdk_process import Failure, SdkProcess
from server_process import (HOLDLINE, PATIENCE_SECONDS, PROGRAMS, Server,
                            new_folder)
from signed_requests import FAR_AHEAD, SECRET, TOKEN, credential, credentials_file

GATEWAY = PROGRAMS / "server/gateway/holdline-gateway"

RUNNER = "AKIDRUNNER"
TEMPORARY = "AKIDTEMPORARY"  # A runner with TOKEN, too.
BOUND = "AKIDBOUND"          # A runner of the group `bound` only.
STRANGER = "AKIDSTRANGER"    # A runner of another account.
OPERATOR = "AKIDOPERATOR"    # Submits as well.
FRONT = "AKIDGATEWAY"

CREDENTIALS = [
    credential(RUNNER, roles=["runner"]),
    credential(TEMPORARY, roles=["runner"], sessionToken=TOKEN,
               expires=FAR_AHEAD),
    credential(BOUND, roles=["runner"], workerGroups=["bound"]),
    credential(STRANGER, roles=["runner"], account="210987654321"),
    credential(OPERATOR, roles=["submitter", "operator"]),
    credential(FRONT, roles=["gateway"]),
]


class SdkCase(unittest.TestCase):
    """A server for all tests of a class, and runners of one SDK."""

    # Set before the tests run.
    client: Client = None

    @classmethod
    def setUpClass(cls):
        if not cls.client.place().exists():
            raise AssertionError(
                f"{cls.client.sdk} is not there: run tests/sdk/install")
        cls.credentials = credentials_file(CREDENTIALS)
        cls.server = Server("--hold-max", "2s",
                            "--credentials-file", cls.credentials)
        cls.addClassCleanup(cls.server.kill)

    @classmethod
    def start(cls, endpoint=None, access_key=RUNNER, secret=SECRET, **more):
        """Starts a client; the caller stops it."""
        return SdkProcess(cls.client, endpoint or cls.server.endpoint,
                          access_key, secret, **more)

    def runner(self, *where, **more):
        """Does the same for as long as the test lasts."""
        started = self.start(*where, **more)
        self.addCleanup(started.stop)
        return started

    def gateway(self, *options, before=(), environment=None):
        """Starts a gateway before the server and returns its HOST:PORT.

        `before` is a command that runs the program named behind it.
        """
        key = os.path.join(new_folder("key"), "key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"{FRONT}:{SECRET}\n")
        process = subprocess.Popen(
            [*before, GATEWAY, "--http-address", "127.0.0.1:0", "--broker", self.server.grpc,
             "--broker-access-key-file", key,
             "--credentials-file", self.credentials, *options],
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        ready = process.stdout.readline()
        self.assertRegex(ready, r"^ready http=\S+\n$")
        return ready.strip().split("=")[1]

    def holdline(self, *arguments):
        done = subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, "--json", *arguments],
            env={**os.environ, "HOLDLINE_ACCESS_KEY": OPERATOR,
                 "HOLDLINE_SECRET": SECRET},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE_SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def submit(self, group, command="true", *options):
        return self.holdline("submit", "--worker-group", group,
                             "--type", "ShellCommandActivity",
                             "--field", f"command={command}", *options)[0]["names"][0]

    def task(self, name):
        return self.holdline("get", name)[0]

    def take(self, sdk, group):
        """Returns the id of the task that a poll gets, and its command."""
        answer = ["none"]
        while answer == ["none"]:  # A busy machine may be slower than the hold.
            answer = sdk.ask("poll", group)
        self.assertEqual(answer[0], "task", answer)
        return answer[1:]

    def check_failure(self, answer, kind, name, status):
        """Checks an answer that is to be an error, and returns its message."""
        self.assertIsInstance(answer, Failure)
        self.assertEqual((answer.kind, answer.name), (kind, name), answer)
        self.assertTrue(answer.message)
        if self.client.tells_the_status:
            self.assertEqual(answer.status, str(status), answer)
            self.assertRegex(answer.request_id, r"^[0-9a-f-]{36}$")
        return answer.message
