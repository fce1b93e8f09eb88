"""What is wrong on the wire ends in the contract's error or a closed connection.

After each wrong the server goes on serving others.
"""

import contextlib
import http.client
import json
import resource
import socket
import struct
import unittest
import urllib.request

import raw_socket
from grpc_client import Client
from server_process import PATIENCE_SECONDS, Server

JSON = "application/x-amz-json-1.1"
POLL = "DataPipeline.PollForTask"
SUBMIT = "TaskQueue.SubmitTasks"
# Connections to the gateway and to gRPC that say nothing.
IDLE_HTTP = 9000
IDLE_GRPC = 1000
# Besides them, what the test and the server have open.
FILES_SPARE = 500


class MalformedTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "100ms")
        cls.client = Client(cls.server.grpc)

    @classmethod
    def tearDownClass(cls):
        cls.client.channel.close()
        cls.server.kill()

    def tearDown(self):
        self.assertIsNone(self.server.process.poll(), self.server.log())
        self.assertIsNone(self.client.poll("anybody else"))
        status, _ = self.post(POLL, b'{"workerGroup": "anybody else"}')
        self.assertEqual(status, 200)

    def connect(self, address=None):
        connection = raw_socket.connect(address or self.server.http)
        self.addCleanup(connection.close)
        return connection

    def exchange(self, data, address=None):
        """Sends bytes, ends sending, and returns all that comes back."""
        connection = self.connect(address)
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:  # It was closed meanwhile.
            pass
        return raw_socket.read_all(connection)

    def post(self, target, body, **headers):
        connection = http.client.HTTPConnection(self.server.http,
                                                timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", "/", body, {
                "Content-Type": JSON, "X-Amz-Target": target, **headers})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or "{}")
        finally:
            connection.close()

    def expect_error(self, name, target, body, status=400):
        code, answer = self.post(target, body)
        self.assertEqual((code, answer.get("__type")), (status, name), answer)
        self.assertTrue(answer["message"])
        return answer["message"]

    def test_what_is_not_http(self):
        for noise in (b"\x00" * 1000, b"\xff\xfe\xfd", b"hello\r\n\r\n",
                      b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00",
                      b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            answer = self.exchange(noise)
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1."),
                            answer[:100])
            self.assertFalse(answer.startswith(b"HTTP/1.1 200"), noise)

    def test_what_is_not_http2_on_the_grpc_port(self):
        for noise in (b"\x00" * 1000, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100):
            self.exchange(noise, self.server.grpc)

    def test_what_is_not_http_on_the_metrics_port(self):
        for noise in (b"\x00" * 1000, b"hello\r\n\r\n"):
            answer = self.exchange(noise, self.server.metrics)
            self.assertFalse(answer.startswith(b"HTTP/1.1 200"), noise)

    def test_a_request_that_breaks_off(self):
        whole = (f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {POLL}\r\n"
                 f"Content-Type: {JSON}\r\nContent-Length: 25\r\n\r\n"
                 '{"workerGroup": "nobody"}').encode()
        for length in (1, 10, len(whole) // 2, len(whole) - 1):
            answer = self.exchange(whole[:length])
            self.assertFalse(answer.startswith(b"HTTP/1.1 200"), answer[:100])

    def test_headers_without_end(self):
        answer = self.exchange(b"POST / HTTP/1.1\r\n"
                               + b"X-Header: " + b"x" * 100_000 + b"\r\n\r\n")
        self.assertFalse(answer.startswith(b"HTTP/1.1 200"))

    def test_a_length_that_is_no_length(self):
        for length in ("-1", "abc", "99999999999999999999", "1e3"):
            answer = self.exchange(
                f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {POLL}\r\n"
                f"Content-Length: {length}\r\n\r\n{{}}".encode())
            self.assertFalse(answer.startswith(b"HTTP/1.1 200"), answer[:100])

    def test_what_is_not_json(self):
        for body in (b"{", b"[]", b'"text"', b"null", b"{'a': 1}", b"\xff\xfe",
                     b'{"workerGroup": "\xc3"}', b'{"workerGroup": "a"} x',
                     b"[" * 100_000):
            self.expect_error("SerializationException", POLL, body)

    def test_members_of_a_wrong_type(self):
        for body in ({"workerGroup": 1}, {"workerGroup": ["a"]},
                     {"workerGroup": {"a": "b"}},
                     {"workerGroup": "a", "instanceIdentity": "me"}):
            self.expect_error("SerializationException", POLL,
                              json.dumps(body))
        self.expect_error("SerializationException", SUBMIT,
                          json.dumps({"tasks": "all of them"}))
        self.expect_error("SerializationException", SUBMIT,
                          json.dumps({"tasks": [None]}))

    def test_members_beyond_their_limits(self):
        message = self.expect_error("InvalidRequestException", POLL, b"{}")
        self.assertIn("workerGroup", message)
        message = self.expect_error(
            "InvalidRequestException", POLL,
            json.dumps({"workerGroup": "g" * 1025}))
        self.assertIn("1024", message)
        self.expect_error("InvalidRequestException", POLL,
                          json.dumps({"workerGroup": "a\u0001b"}))
        self.expect_error("InvalidRequestException",
                          "DataPipeline.ReportTaskProgress",
                          json.dumps({"taskId": "x" * 2049}))
        self.expect_error(
            "InvalidRequestException", SUBMIT,
            json.dumps({"tasks": [{
                "workerGroup": "g", "type": "t",
                "fields": [{"key": "k", "stringValue": "v" * 10241}]}]}))

    def test_members_that_nobody_knows_are_ignored(self):
        status, answer = self.post(
            POLL, json.dumps({"workerGroup": "a", "colour": {"red": [1, 2]},
                              "hostname": None}))
        self.assertEqual((status, answer), (200, {}))

    def test_a_body_beyond_the_limit(self):
        connection = http.client.HTTPConnection(self.server.http,
                                                timeout=PATIENCE_SECONDS)
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/")
        connection.putheader("X-Amz-Target", POLL)
        connection.putheader("Content-Length", str(1 << 30))
        connection.endheaders()
        response = connection.getresponse()
        self.assertIn(response.status, (400, 413))

    def test_unknown_targets(self):
        for target in ("", "DataPipeline", "DataPipeline.", ".PollForTask",
                       "DataPipeline.NoSuchAction", "Elsewhere.PollForTask",
                       "DataPipeline.PollForTask.More", "../../etc/passwd",
                       "DataPipeline.pollfortask"):
            self.expect_error("UnknownOperationException", target, b"{}")

    def test_other_methods_and_paths(self):
        for method, path in (("PUT", "/"), ("DELETE", "/"), ("POST", "/x"),
                             ("GET", "/etc/passwd")):
            connection = http.client.HTTPConnection(self.server.http,
                                                    timeout=PATIENCE_SECONDS)
            connection.request(method, path, b"{}", {"X-Amz-Target": POLL})
            self.assertGreaterEqual(connection.getresponse().status, 400,
                                    (method, path))
            connection.close()

    def test_a_caller_that_resets_its_connection_loses_no_task(self):
        with Server("--hold-max", "20s") as server, \
                Client(server.grpc) as client:
            body = b'{"workerGroup": "reset"}'
            for _ in range(20):
                connection = self.connect(server.http)
                connection.sendall(
                    f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {POLL}\r\n"
                    f"Content-Type: {JSON}\r\nContent-Length: {len(body)}"
                    "\r\n\r\n".encode() + body)
                # A reset, not a farewell.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
                connection.close()
            name = client.submit("reset")
            task = client.poll("reset")
            self.assertIsNotNone(task)
            client.finish(task.task_id)
            self.assertEqual(client.state(name), "FINISHED")

    def test_ten_thousand_idle_connections_keep_nobody_out(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most < IDLE_HTTP + IDLE_GRPC + FILES_SPARE:
            self.skipTest(f"this machine lets a process open {most} files only")
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with Server() as server, Client(server.grpc) as client, \
                contextlib.ExitStack() as idle:
            for address, count in ((server.http, IDLE_HTTP),
                                   (server.grpc, IDLE_GRPC)):
                for _ in range(count):
                    idle.enter_context(raw_socket.connect(address))
            half = idle.enter_context(raw_socket.connect(server.http))
            half.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n")
            name = client.submit("busy")
            answer = urllib.request.urlopen(urllib.request.Request(
                server.endpoint, b'{"workerGroup": "busy"}',
                {"X-Amz-Target": POLL, "Content-Type": JSON}),
                timeout=PATIENCE_SECONDS)
            task = json.load(answer)["taskObject"]
            client.finish(task["taskId"])
            self.assertEqual(client.state(name), "FINISHED")


if __name__ == "__main__":
    unittest.main()
