"""Each AWS SDK, unchanged, leads the life of a task runner.

Usage: sdk_test.py CLIENT, a name in `clients.py`.
"""

import json
import subprocess
import sys
import unittest

from clients import CLIENTS
from sdk_process import Failure, SdkProcess
from server_process import HOLDLINE, PATIENCE_SECONDS, Server, eventually

# Set from the command line.
client = None

# What must survive the way through JSON, headers and signatures.
TEXT = "echo 'Grüße, 世界 \U0001f600' \"$HOME\" \\ & </>"


def setUpModule():
    if not client.place().exists():
        raise AssertionError(f"{client.sdk} is not there: run tests/sdk/install")


class SdkTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "2s")
        cls.addClassCleanup(cls.server.kill)
        cls.sdk = SdkProcess(client, cls.server.endpoint, "any", "any")
        cls.addClassCleanup(cls.sdk.stop)

    def holdline(self, *arguments):
        done = subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, "--json", *arguments],
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

    def polls(self, group):
        """Returns how many polls are held for a worker group."""
        return sum(int(shown["parkedCalls"]) for shown in self.holdline("groups")
                   if shown["workerGroup"] == group)

    def take(self, group):
        """Returns the id of the task that a poll gets, and its command."""
        answer = ["none"]
        while answer == ["none"]:  # A busy machine may be slower than the hold.
            answer = self.sdk.ask("poll", group)
        self.assertEqual(answer[0], "task", answer)
        return answer[1:]

    def expect(self, answer, *step):
        self.assertEqual(self.sdk.ask(*step), answer)

    def expect_failure(self, kind, name, *step):
        answer = self.sdk.ask(*step)
        self.assertIsInstance(answer, Failure)
        self.assertEqual((answer.kind, answer.name), (kind, name), answer)
        self.assertIn(answer.status, ("400", ""))
        if answer.status:
            self.assertRegex(answer.request_id, r"^[0-9a-f-]{36}$")
        self.assertTrue(answer.message)
        return answer

    def test_performs_a_task(self):
        name = self.submit("performs", TEXT)
        task, command = self.take("performs")
        self.assertEqual(command, TEXT)
        self.expect(["continue"], "report", task, "0")
        self.expect(["continue"], "report", task, "50")
        self.expect(["ok"], "finish", task)
        self.expect(["ok"], "finish", task)  # As after a lost answer.
        self.assertEqual(self.task(name)["state"], "FINISHED")

    def test_learns_that_there_is_no_work(self):
        self.expect(["none"], "poll", "no work")

    def test_holds_the_line_until_there_is_work(self):
        self.sdk.begin("poll", "held")
        eventually(lambda: self.polls("held"), "the poll is held")
        self.submit("held")
        answer = self.sdk.answer()
        task = answer[1] if answer != ["none"] else self.take("held")[0]
        self.expect(["ok"], "finish", task)

    def test_fails_a_task(self):
        name = self.submit("fails", "false", "--attempts", "1")
        task, _ = self.take("fails")
        self.expect(["continue"], "report", task, "0")
        self.expect(["ok"], "fail", task, "ExitCode1", TEXT)
        failed = self.task(name)
        self.assertEqual(failed["state"], "FAILED")
        self.assertEqual(failed["attempts"][0]["errorId"], "ExitCode1")
        self.assertEqual(failed["attempts"][0]["errorMessage"], TEXT)

    def test_sees_that_its_task_was_cancelled(self):
        name = self.submit("cancelled")
        task, _ = self.take("cancelled")
        self.expect(["continue"], "report", task, "0")
        self.holdline("cancel", name)
        self.expect(["canceled"], "report", task, "10")
        self.expect(["ok"], "finish", task)
        self.assertEqual(self.task(name)["state"], "CANCELED")

    def test_sends_heartbeats_until_it_is_told_to_end(self):
        self.expect(["continue"], "heartbeat", "runner-1")
        self.holdline("drain-runner", "runner-1")
        self.expect(["terminate"], "heartbeat", "runner-1")

    def test_knows_that_a_task_is_gone(self):
        self.expect_failure("gone", "TaskNotFoundException",
                            "report", "garbage", "0")
        self.expect_failure("gone", "TaskNotFoundException",
                            "finish", "garbage")

    def test_gets_errors_by_their_names(self):
        refused = self.expect_failure("error", "InvalidRequestException",
                                      "poll", "g" * 1025)
        self.assertIn("workerGroup", refused.message)


if __name__ == "__main__":
    client = CLIENTS[sys.argv.pop(1)]
    unittest.main()
