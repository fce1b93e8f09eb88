"""A webhook that receives the alarms of the real server."""

import collections
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

from server_process import new_folder

KEY = b"a key of the tests, in one file"


class Webhook:
    """Receives from construction until `close`, in threads of its own.

    `answer(alarm)` chooses the status that a post is answered with; 200 unless
    told. What was answered so has arrived.
    """

    def __init__(self, answer=lambda alarm: 200):
        # The alarms that have arrived, by MessageId, and how often each has.
        self.alarms = {}
        self.arrivals = collections.Counter()
        # What was wrong with posts.
        self.complaints = []
        self._answer = answer
        self._lock = threading.Lock()
        key_file = os.path.join(new_folder("key"), "alarm.key")
        with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as key:
            key.write(KEY + b"\n")
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        # What the server is to be started with.
        self.options = [
            "--alarm-webhook-url",
            f"http://127.0.0.1:{self._server.server_port}/hook",
            "--alarm-webhook-key-file", key_file]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self):
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(webhook.receive(self.headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def receive(self, headers, body):
        """Returns the status of the answer."""
        alarm = json.loads(body)
        with self._lock:
            if not is_genuine(headers["x-holdline-signature"], body):
                self.complaints.append(f"is not signed: {headers} {body}")
            if headers["x-amz-sns-message-id"] != alarm["MessageId"]:
                self.complaints.append(f"has another id: {headers} {body}")
            status = self._answer(alarm)
            if status == 200:
                self.arrivals[alarm["MessageId"]] += 1
                earlier = self.alarms.setdefault(alarm["MessageId"], alarm)
                if earlier != alarm:
                    self.complaints.append(f"says what it did not: {alarm}")
            return status


def is_genuine(signature, body):
    """Whether `x-holdline-signature` is right and of now."""
    parts = dict(part.split("=", 1) for part in signature.split(","))
    expected = hmac.new(KEY, parts["t"].encode() + b"." + body,
                        hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(parts["t"])) < 300
    return fresh and hmac.compare_digest(expected, parts["v1"])
