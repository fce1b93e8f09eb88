"""The two example runners in Python perform tasks of the real server."""

import os
import subprocess
import sys
import unittest

from grpc_client import Client, queue
from server_process import PATIENCE_SECONDS, Server


class PythonRunnersTest(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        self.client = Client(self.server.grpc)
        self.addCleanup(self.client.channel.close)

    def check(self, program, address):
        good = self.client.submit(program)
        self.run_once(program, address)
        self.assertEqual(self.client.state(good), "FINISHED")
        bad = self.client.submit(
            program, retry_policy=queue.RetryPolicy(attempts=1),
            fields=[{"key": "command",
                     "string_value": "echo not today >&2; exit 3"}])
        self.run_once(program, address)
        ended = self.client.queue.GetTask(queue.GetTaskRequest(name=bad))
        self.assertEqual(ended.state, queue.Task.FAILED)
        self.assertEqual(ended.attempts[0].error_id, "ExitCode3")
        self.assertIn("not today", ended.attempts[0].error_message)
        staged = self.client.submit(program, fields=[
            {"key": "command", "string_value": "rm -rf ${OUTPUT1_STAGING_DIR}/*"},
            {"key": "stage", "string_value": "true"}])
        self.run_once(program, address)
        ended = self.client.queue.GetTask(queue.GetTaskRequest(name=staged))
        self.assertEqual(ended.state, queue.Task.FAILED, "with tries left")
        self.assertIn("UnsupportedTask", ended.attempts[0].error_id)

    def run_once(self, program, address):
        subprocess.run(
            [sys.executable, f"client/python/{program}", address, program,
             "--once"],
            env={**os.environ,
                 "PYTHONPATH": os.pathsep.join(sys.path),
                 "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
                 "AWS_DEFAULT_REGION": "us-east-1"},
            check=True, timeout=PATIENCE_SECONDS)

    def test_the_runner_over_grpc(self):
        self.check("grpc_runner.py", self.server.grpc)

    def test_the_runner_over_boto3(self):
        self.check("boto3_runner.py", self.server.endpoint)


if __name__ == "__main__":
    unittest.main()
