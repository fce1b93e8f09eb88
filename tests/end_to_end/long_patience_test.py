"""AWS clients at their own defaults poll for minutes without one error.

Takes some three minutes, most of which it waits, so it is run by hand:
bazel test //tests/end_to_end:long_patience_test
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time
import unittest

import boto3
import botocore.config

from server_process import PATIENCE_SECONDS, Server, new_folder
from signed_requests import REGION, SECRET, call, credentials_file

# How long botocore, and with it the AWS CLI, waits for an answer by default.
BOTO_SECONDS = 60
IDLE_POLLS = 2
AWS = pathlib.Path(sys.executable).with_name("aws")


class LongPatienceTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--credentials-file", credentials_file())
        cls.url = cls.server.endpoint
        cls.home = new_folder("home")

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def submit(self, group):
        call(self.url, "TaskQueue.SubmitTasks", {
            "tasks": [{"workerGroup": group, "type": "T"}]})

    def poll_with_boto3(self, group):
        # Errors are seen: without this botocore tries again by itself.
        client = boto3.client(
            "datapipeline", endpoint_url=self.url, region_name=REGION,
            aws_access_key_id="AKIDTEST", aws_secret_access_key=SECRET,
            config=botocore.config.Config(retries={"max_attempts": 0}))
        return "taskObject" in client.poll_for_task(workerGroup=group)

    def poll_with_the_cli(self, group):
        result = subprocess.run(
            [sys.executable, AWS, "datapipeline", "--endpoint-url", self.url,
             "poll-for-task", "--worker-group", group],
            env={**os.environ, "AWS_ACCESS_KEY_ID": "AKIDTEST",
                 "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": REGION,
                 "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true",
                 "HOME": self.home},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE_SECONDS)
        self.assertEqual(result.returncode, 0, result.stderr)
        return "taskObject" in result.stdout

    def run_idle(self, poll, group):
        """Polls in vain, and then for a task, and tells how long each took."""
        times = []
        for _ in range(IDLE_POLLS):
            before = time.monotonic()
            self.assertFalse(poll(group))
            times.append(time.monotonic() - before)
        self.submit(group)
        before = time.monotonic()
        self.assertTrue(poll(group))
        times.append(time.monotonic() - before)
        return times

    def test_idle_runners_see_no_error_and_no_task_is_delayed(self):
        with concurrent.futures.ThreadPoolExecutor() as threads:
            runs = [threads.submit(self.run_idle, poll, group)
                    for poll, group in ((self.poll_with_boto3, "boto3"),
                                        (self.poll_with_the_cli, "cli"))]
            for run in runs:
                *idle, with_task = run.result()
                for seconds in idle:
                    # Held for long, and answered before it was too late.
                    self.assertGreater(seconds, BOTO_SECONDS - 10)
                self.assertLess(with_task, 10)


if __name__ == "__main__":
    unittest.main()
