"""The documented sample request gets the documented sample response.

The sample task is submitted as it was documented, the sample request is sent as
it was documented, and the answer is compared with the documented one, byte by
byte, after ids, times and white space are made alike.
"""

import http.client
import json
import pathlib
import re
import unittest

from server_process import Server

GOLDEN = pathlib.Path("tests/golden")


def sample(name):
    """Returns the headers and the body of a sample."""
    head, body = (GOLDEN / name).read_text().split("\n\n", 1)
    lines = [line for line in head.splitlines() if ": " in line]
    return dict(line.split(": ", 1) for line in lines), body.rstrip("\n")


def normalised(body):
    """The same text without what differs between two answers."""
    # White space outside strings.
    text = "".join(re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+', body))
    for pattern, replacement in (
            (r'("taskId":)"[^"]+"', r'\1"TASK_ID"'),
            (r'"(df-[0-9A-Z]+|task-[0-9]+)"', '"PIPELINE_ID"'),
            (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", "TIME"),
            # The sample's request and response name different worker groups.
            (r'("workerGroup","stringValue":)"[^"]+"', r'\1"WORKER_GROUP"')):
        text = re.sub(pattern, replacement, text)
    return text


class GoldenTest(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        self.connection = http.client.HTTPConnection(self.server.http,
                                                     timeout=100)
        self.addCleanup(self.connection.close)

    def post(self, headers, body):
        # The documented one is AWS's.
        headers = {name: value for name, value in headers.items()
                   if name.lower() != "host"}
        self.connection.request("POST", "/", body, headers)
        response = self.connection.getresponse()
        answer = response.read().decode()
        self.assertEqual(response.status, 200, answer)
        return response, answer

    def test_the_sample_request_gets_the_sample_response(self):
        headers, request = sample("poll_for_task_request.txt")
        documented_headers, documented = sample("poll_for_task_response.txt")
        self.post(
            {"X-Amz-Target": "TaskQueue.SubmitTasks",
             "Content-Type": headers["Content-Type"]},
            json.dumps({"tasks": [{
                "workerGroup": json.loads(request)["workerGroup"],
                "taskObject": json.loads(documented)["taskObject"]}]}))

        response, answer = self.post(headers, request)

        self.assertEqual(normalised(answer), normalised(documented))
        for name in documented_headers:
            self.assertIsNotNone(response.headers[name], name)
        self.assertEqual(response.headers["Content-Type"],
                         documented_headers["Content-Type"])
        self.assertRegex(response.headers["x-amzn-RequestId"],
                         r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


if __name__ == "__main__":
    unittest.main()
