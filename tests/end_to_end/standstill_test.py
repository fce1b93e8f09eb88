"""The real server stands still for longer than its leases last."""

import os
import signal
import subprocess
import time
import unittest

from google.protobuf import duration_pb2

from grpc_client import Client, TIMEOUT_SECONDS, pipeline
from server_process import (
    PATIENCE_SECONDS, RUNNER, Server, eventually, new_folder)

LEASE_SECONDS = 5

# Less than what a runner waits for an answer.
STANDSTILL_SECONDS = 7
TASKS = 10


class StandstillTest(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        self.client = self.enter(Client(self.server.grpc))

    def enter(self, resource):
        resource.__enter__()
        self.addCleanup(resource.__exit__)
        return resource

    def submit(self, group, **task):
        """Submits a task that fails for good when its lease is lost."""
        return self.client.submit(
            group, report_progress_timeout=duration_pb2.Duration(
                seconds=LEASE_SECONDS),
            retry_policy={"attempts": 1}, **task)

    def stand_still(self):
        """Stops the server until leases would be over, and lets it go on."""
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(STANDSTILL_SECONDS)
        self.server.process.send_signal(signal.SIGCONT)

    def test_who_reports_all_along_keeps_what_it_has(self):
        names = [self.submit("wg") for _ in range(TASKS)]
        task_ids = [self.client.poll("wg").task_id for _ in names]
        for task_id in task_ids:
            self.assertFalse(self.client.report(task_id))
        self.server.process.send_signal(signal.SIGSTOP)
        reports = [self.client.pipeline.ReportTaskProgress.future(
            pipeline.ReportTaskProgressInput(task_id=task_id),
            timeout=TIMEOUT_SECONDS) for task_id in task_ids]
        time.sleep(STANDSTILL_SECONDS)
        self.server.process.send_signal(signal.SIGCONT)
        for report in reports:
            self.assertFalse(report.result().canceled)
        for task_id in task_ids:
            self.client.finish(task_id)
        for name in names:
            self.assertEqual(self.client.state(name), "FINISHED")
        self.assertIn("clock_gap", self.server.log())

    def test_who_reports_only_afterwards_keeps_it_too(self):
        name = self.submit("wg")
        task_id = self.client.poll("wg").task_id
        self.client.report(task_id)
        self.stand_still()
        eventually(lambda: "clock_gap" in self.server.log(), "it is noticed")
        self.assertFalse(self.client.report(task_id))
        self.client.finish(task_id)
        self.assertEqual(self.client.state(name), "FINISHED")

    def test_a_runners_commands_go_on(self):
        folder = new_folder()
        started, go = (os.path.join(folder, name) for name in ("started", "go"))
        command = f"touch {started}; until [ -e {go} ]; do sleep 0.01; done"
        name = self.submit("wg", fields=[
            pipeline.Field(key="command", string_value=command)])
        runner = subprocess.Popen(
            [RUNNER, "--address", self.server.grpc, "--worker-group", "wg",
             "--once", "--report-interval", "0.2",
             "--log-dir", new_folder("output")], stderr=subprocess.DEVNULL)
        self.addCleanup(runner.wait)
        self.addCleanup(runner.kill)
        eventually(lambda: os.path.exists(started), "the command runs")
        self.stand_still()
        eventually(lambda: "clock_gap" in self.server.log(), "it is noticed")
        with open(go, "w"):
            pass
        self.assertEqual(runner.wait(PATIENCE_SECONDS), 0)
        self.assertEqual(self.client.state(name), "FINISHED")


if __name__ == "__main__":
    unittest.main()
