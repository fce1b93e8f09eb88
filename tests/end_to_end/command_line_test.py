"""The command line and the runner work against the real server."""

import json
import os
import pathlib
import signal
import subprocess
import unittest

from server_process import (HOLDLINE, PATIENCE_SECONDS, RUNNER, Server,
                            eventually, new_folder)


class CommandLineTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def run_holdline(self, *arguments):
        return subprocess.run(
            [HOLDLINE, "--address", self.server.grpc, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE_SECONDS)

    def holdline(self, *arguments):
        result = self.run_holdline(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def submit(self, group, command):
        return self.holdline("submit", "--worker-group", group, "--type",
                             "ShellCommandActivity", "--field",
                             f"command={command}").strip()

    def start_runner(self, group, *options):
        folder = new_folder("output")
        runner = subprocess.Popen(
            [RUNNER, "--address", self.server.grpc, "--worker-group", group,
             "--log-dir", folder, *options],
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(runner.stderr.close)
        self.addCleanup(lambda: runner.poll() is None and runner.kill())
        return runner, folder

    def state(self, name):
        return json.loads(self.holdline("--json", "get", name))["state"]

    def test_a_submitted_task_is_performed_and_its_output_kept(self):
        name = self.submit("hello", "echo hello")
        runner, folder = self.start_runner("hello", "--once")
        self.holdline("wait", name)
        self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
        output = list(pathlib.Path(folder, name).rglob("stdout"))
        self.assertEqual([path.read_text() for path in output], ["hello\n"])
        self.assertEqual(self.state(name), "FINISHED")

    def test_a_failure_is_told_with_the_end_of_what_it_said(self):
        name = self.holdline(
            "submit", "--worker-group", "failure", "--type",
            "ShellCommandActivity", "--attempts", "1", "--field",
            "command=echo not today >&2; exit 3").strip()
        runner, _ = self.start_runner("failure", "--once")
        waited = self.run_holdline("wait", name)
        self.assertEqual(waited.returncode, 1)
        runner.wait(PATIENCE_SECONDS)
        shown = self.holdline("get", name)
        self.assertIn("FAILED", shown)
        self.assertIn("not today", shown)

    def test_a_cancelled_task_is_ended_by_its_runner(self):
        started = os.path.join(new_folder(), "started")
        name = self.submit("cancel", f"touch {started}; sleep 1000")
        runner, _ = self.start_runner("cancel", "--once",
                                      "--report-interval", "0.1")
        eventually(lambda: os.path.exists(started), "the command runs")
        self.holdline("cancel", name)
        runner.wait(PATIENCE_SECONDS)
        self.assertEqual(self.state(name), "CANCELED")

    def test_a_runner_that_must_go_hands_its_task_back(self):
        started = os.path.join(new_folder(), "started")
        name = self.submit("release", f"touch {started}; sleep 1000")
        runner, _ = self.start_runner("release", "--on-terminate", "release")
        eventually(lambda: os.path.exists(started), "the command runs")
        runner.send_signal(signal.SIGTERM)
        runner.wait(PATIENCE_SECONDS)
        self.assertEqual(self.state(name), "READY")

    def test_a_runner_that_stops_finishes_what_it_has(self):
        folder = new_folder()
        started, go = os.path.join(folder, "started"), os.path.join(folder, "go")
        name = self.submit(
            "finish",
            f"touch {started}; until [ -e {go} ]; do sleep 0.01; done")
        runner, _ = self.start_runner("finish")
        eventually(lambda: os.path.exists(started), "the command runs")
        runner.send_signal(signal.SIGTERM)
        pathlib.Path(go).touch()
        self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
        self.assertEqual(self.state(name), "FINISHED")

    def test_an_unreachable_server_is_said_to_be(self):
        result = subprocess.run(
            [HOLDLINE, "--address", "127.0.0.1:1", "get", "task-1"],
            stderr=subprocess.PIPE, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(result.returncode, 5)
        self.assertIn("127.0.0.1:1", result.stderr)

    def test_an_unknown_task_is_said_to_be(self):
        result = self.run_holdline("get", "task-987654321")
        self.assertEqual(result.returncode, 4)
        self.assertIn("TaskNotFoundException", result.stderr)


if __name__ == "__main__":
    unittest.main()
