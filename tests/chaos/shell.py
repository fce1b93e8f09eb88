"""Commands that real runners perform, and what they leave behind."""

import os
import subprocess

from google.protobuf import duration_pb2
from grpc_client import pipeline, queue
from server_process import RUNNER, new_folder

from workers import LEASE_SECONDS, Submitter

GROUP = "chaos-shell"


def start_runner(test, server, number, tasks):
    """Starts a holdline-runner, which goes on until the test has ended."""
    runner = subprocess.Popen(
        [RUNNER, "--address", server.grpc, "--worker-group", GROUP,
         "--tasks", str(tasks), "--taskrunner-id", f"real-{number}",
         "--log-dir", new_folder("output")], stderr=subprocess.DEVNULL)
    test.addCleanup(runner.wait)
    test.addCleanup(runner.kill)


class ShellSubmitter(Submitter):
    """Submits commands that write down that they were run, and some fail."""

    def __init__(self, address, ledger, seed, folder):
        super().__init__(address, ledger, seed)
        self.folder = folder

    def new_task(self):
        code = int(self.random.random() < 0.2)
        return queue.NewTask(
            worker_group=GROUP, type="ShellCommandActivity",
            retry_policy=queue.RetryPolicy(
                attempts=2, delay=duration_pb2.Duration()),
            acknowledge_timeout=duration_pb2.Duration(seconds=LEASE_SECONDS),
            fields=[pipeline.Field(
                key="command", string_value="echo $HOLDLINE_ATTEMPT_ID "
                f">>{self.folder}/$HOLDLINE_PIPELINE_ID; exit {code}")])

    def rest(self):
        self.stopping.wait(self.random.random() * 0.3)


def complaints(folder, tasks):
    """What is wrong with what was run, given the tasks that have ended."""
    found = []
    for task in tasks:
        with open(os.path.join(folder, task.name)) as file:
            runs = file.read().split()
        attempts = task.attempts[-1].number
        if attempts != {queue.Task.FINISHED: 1, queue.Task.FAILED: 2}.get(
                task.state):
            found.append(f"{task.name} has ended otherwise: {task}")
        if len(runs) != len(set(runs)) or len(runs) != attempts:
            found.append(f"{task.name} was run as {runs}: {task}")
    return found
