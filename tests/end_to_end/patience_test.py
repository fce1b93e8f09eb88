"""Clients that hang up early are answered before they do."""

import http.client
import json
import socket
import time
import unittest

import boto3
import botocore.config

from server_process import Server
from signed_requests import (
    REGION, SECRET, call, credential, credentials_file, signed)

POLL = "DataPipeline.PollForTask"
GROUP = {"workerGroup": "patience"}
# How long the clients of these tests wait: a twentieth of what they do by
# default.
SECONDS = 3


def submit(url):
    return call(url, "TaskQueue.SubmitTasks", {
        "tasks": [{**GROUP, "type": "T"}]})


class ClientPatienceTest(unittest.TestCase):

    def boto(self, url, access_key="AKIDTEST"):
        return boto3.client(
            "datapipeline", endpoint_url=url, region_name=REGION,
            aws_access_key_id=access_key, aws_secret_access_key=SECRET,
            config=botocore.config.Config(
                read_timeout=SECONDS, retries={"max_attempts": 0}))

    def test_boto3_polls_without_one_error(self):
        with Server("--credentials-file", credentials_file(),
                    "--http-client-timeouts", f"Botocore/={SECONDS}s") as server:
            client = self.boto(server.endpoint)
            for _ in range(2):
                self.assertNotIn("taskObject", client.poll_for_task(**GROUP))
            submit(server.endpoint)
            self.assertIn("taskObject", client.poll_for_task(**GROUP))

    def test_what_the_credential_says_counts_more(self):
        with Server("--credentials-file", credentials_file([
                credential("AKIDTEST"), credential("AKIDQUICK", holdMax="1s")]),
                    "--http-client-timeouts", "Botocore/=1h") as server:
            client = self.boto(server.endpoint, "AKIDQUICK")
            self.assertNotIn("taskObject", client.poll_for_task(**GROUP))

    def test_who_hangs_up_repeatedly_is_remembered(self):
        with Server("--credentials-file", credentials_file()) as server:
            url = server.endpoint
            for _ in range(3):
                with self.assertRaises(socket.timeout):
                    self.poll_unknown(url)
            before = time.monotonic()
            self.assertEqual(self.poll_unknown(url), {})
            self.assertGreater(time.monotonic() - before, SECONDS / 4)
            submit(url)
            self.assertIn("taskObject", self.poll_unknown(url))

    def poll_unknown(self, url):
        """Polls as a client of an unknown kind that is not patient."""
        connection = http.client.HTTPConnection(
            url.split("://")[1], timeout=SECONDS)
        try:
            body = json.dumps(GROUP)
            connection.request("POST", "/", body, {
                **signed(url, POLL, body), "User-Agent": "of my own"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


if __name__ == "__main__":
    unittest.main()
