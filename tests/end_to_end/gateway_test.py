"""The gateway as a process of its own, before a broker elsewhere."""

import json
import subprocess
import unittest
import urllib.error
import urllib.request

from grpc_client import Client
from server_process import PATIENCE_SECONDS, PROGRAMS, Server

GATEWAY = PROGRAMS / "server/gateway/holdline-gateway"


class GatewayTest(unittest.TestCase):

    def start(self, broker, *options):
        gateway = subprocess.Popen(
            [GATEWAY, "--http-address", "127.0.0.1:0", "--broker", broker, *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(gateway.stdout.close)
        self.addCleanup(lambda: gateway.poll() is None and gateway.kill())
        ready = gateway.stdout.readline()
        self.assertRegex(ready, r"^ready http=\S+\n$")
        return gateway, "http://" + ready.strip().split("=")[1]

    def call(self, url, action, members):
        request = urllib.request.Request(
            url, json.dumps(members).encode(),
            {"X-Amz-Target": f"DataPipeline.{action}",
             "Content-Type": "application/x-amz-json-1.1"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def test_a_task_is_performed_through_it(self):
        with Server() as server, Client(server.grpc) as client:
            gateway, url = self.start(server.grpc)
            name = client.submit("afar")
            task = self.call(url, "PollForTask",
                             {"workerGroup": "afar"})["taskObject"]
            self.call(url, "ReportTaskProgress", {"taskId": task["taskId"]})
            self.call(url, "SetTaskStatus", {"taskId": task["taskId"],
                                             "taskStatus": "FINISHED"})
            self.assertEqual(client.state(name), "FINISHED")
            gateway.terminate()
            self.assertEqual(gateway.wait(PATIENCE_SECONDS), 0)

    def test_without_a_broker_it_says_so(self):
        with Server() as server:
            gone = server.grpc
        _, url = self.start(gone)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.call(url, "PollForTask", {"workerGroup": "afar"})
        with caught.exception as answer:
            self.assertEqual(answer.code, 503)
            self.assertEqual(json.load(answer)["__type"], "ServiceUnavailable")


if __name__ == "__main__":
    unittest.main()
