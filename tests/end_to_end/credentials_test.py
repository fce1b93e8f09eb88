"""The credentials file, from `holdline credentials` to the running server."""

import base64
import http.client
import json
import os
import ssl
import subprocess
import unittest

from certificate import write_certificate
from server_process import (
    HOLDLINE, PATIENCE_SECONDS, SERVER, Server, eventually, new_folder)
from signed_requests import keys, send, signed

ACCOUNT = "123456789012"


def holdline(*arguments, file):
    """Runs a verb of `holdline credentials` and returns what it prints."""
    result = subprocess.run(
        [HOLDLINE, "--json", "credentials", *arguments, "--file", file],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=PATIENCE_SECONDS)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def create(file, *roles, more=()):
    options = [word for role in roles for word in ("--role", role)]
    return holdline("create", "--account", ACCOUNT, "--user", "tester",
                    *options, *more, file=file)[0]


def refusal(*options):
    """Starts a server that must not start, and returns what it says."""
    result = subprocess.run(
        [SERVER, "--store", "memory", "--grpc-address", "127.0.0.1:0",
         "--http-address", "127.0.0.1:0", "--metrics-address", "127.0.0.1:0",
         *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=PATIENCE_SECONDS)
    assert result.returncode != 0 and "ready" not in result.stdout, options
    return result.stderr


class CredentialsTest(unittest.TestCase):

    def setUp(self):
        self.file = os.path.join(new_folder("credentials"), "credentials.json")

    def outcome(self, server, credential):
        """Lists the tasks with a credential: what is said of it, or `OK`."""
        headers = signed(
            server.endpoint, "TaskQueue.ListTasks",
            credentials=keys(credential["accessKey"], credential["secret"],
                             credential.get("sessionToken")))
        status, _, output = send(server.endpoint, headers)
        return "OK" if status == 200 else output["__type"]

    def expect(self, server, credential, outcome):
        eventually(lambda: self.outcome(server, credential) == outcome,
                   f"{credential['accessKey']} is told {outcome}")

    def test_the_server_follows_what_is_created_disabled_and_deleted(self):
        first = create(self.file, "operator")
        with Server("--credentials-file", self.file) as server:
            self.assertEqual(self.outcome(server, first), "OK")
            second = create(self.file, "operator")
            self.expect(server, second, "OK")
            holdline("disable", first["accessKey"], file=self.file)
            self.expect(server, first, "UnrecognizedClientException")
            holdline("enable", first["accessKey"], file=self.file)
            self.expect(server, first, "OK")
            rotated = holdline("rotate", first["accessKey"],
                               "--keep-old", "0", file=self.file)[0]
            self.expect(server, first, "UnrecognizedClientException")
            self.expect(server, rotated, "OK")
            holdline("delete", second["accessKey"], file=self.file)
            self.expect(server, second, "UnrecognizedClientException")

    def test_a_bad_file_is_refused_and_the_old_one_stays(self):
        credential = create(self.file, "operator")
        with Server("--credentials-file", self.file) as server:
            with open(self.file, "r+") as file:
                file.truncate(40)
            eventually(lambda: "credentials_refused" in server.log(),
                       "the file is refused")
            self.assertEqual(self.outcome(server, credential), "OK")
            self.assertNotIn(credential["secret"], server.log())

    def test_temporary_credentials_need_their_token_and_expire(self):
        credential = create(self.file, "operator", more=["--expires-in", "3s"])
        with Server("--credentials-file", self.file) as server:
            without = {**credential}
            del without["sessionToken"]
            self.assertEqual(self.outcome(server, without),
                             "UnrecognizedClientException")
            self.expect(server, credential, "ExpiredTokenException")

    def test_protected_secrets_need_their_key(self):
        key = os.path.join(new_folder("key"), "key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(os.urandom(32))
        credential = create(self.file, "operator", more=["--key-file", key])
        with open(self.file) as file:
            self.assertNotIn(credential["secret"], file.read())
        self.assertIn("credentials[0].protectedSecret needs",
                      refusal("--credentials-file", self.file))
        with Server("--credentials-file", self.file,
                    "--credentials-key-file", key) as server:
            self.assertEqual(self.outcome(server, credential), "OK")


class BeyondLoopbackTest(unittest.TestCase):
    """Listens on every address of the machine, and calls over loopback."""

    def test_without_credentials_nothing_listens_there(self):
        for option in ("--grpc-address", "--http-address", "--metrics-address"):
            said = refusal(option, "0.0.0.0:0")
            self.assertIn(option[2:] + ' "0.0.0.0:0" is beyond loopback', said)
            self.assertIn("holdline credentials create", said)
            self.assertIn("--credentials-file", said)

    def test_a_file_that_others_may_read_is_no_start(self):
        file = os.path.join(new_folder("credentials"), "credentials.json")
        create(file, "operator")
        os.chmod(file, 0o644)
        self.assertIn("chmod 600", refusal("--credentials-file", file))

    def test_the_metrics_page_asks_who_looks(self):
        folder = new_folder("tls")
        file = os.path.join(folder, "credentials.json")
        operator = create(file, "operator")
        runner = create(file, "runner", more=["--worker-group", "*"])
        certificate, key = write_certificate(folder)
        self.assertIn("--tls-certificate-file",
                      refusal("--credentials-file", file,
                              "--metrics-address", "0.0.0.0:0"))
        with Server("--credentials-file", file,
                    "--tls-certificate-file", certificate,
                    "--tls-private-key-file", key,
                    "--metrics-address", "0.0.0.0:0") as server:
            port = int(server.metrics.rsplit(":", 1)[1])
            scrape = lambda who: self.scrape(port, certificate, who)
            self.assertEqual(scrape(None)[0], 401)
            self.assertEqual(scrape(runner)[0], 401)
            self.assertEqual(scrape({**operator, "secret": "x" * 40})[0], 401)
            status, page = scrape(operator)
            self.assertEqual(status, 200)
            self.assertIn("\nholdline_store_up 1\n", page)

    def scrape(self, port, certificate, credential):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=PATIENCE_SECONDS,
            context=ssl.create_default_context(cafile=certificate))
        headers = {}
        if credential:
            shown = f"{credential['accessKey']}:{credential['secret']}"
            headers["Authorization"] = (
                "Basic " + base64.b64encode(shown.encode()).decode())
        connection.request("GET", "/metrics", headers=headers)
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        return response.status, page


if __name__ == "__main__":
    unittest.main()
