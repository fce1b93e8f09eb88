"""Certificates are renewed on both sides, and nobody is started anew."""

import json
import os
import subprocess
import unittest

from cryptography import x509

from certificate import write_certificate
from server_process import (
    HOLDLINE, PATIENCE_SECONDS, RUNNER, Server, eventually, new_folder)
from signed_requests import SECRET, credential, credentials_file

NAME = "runner.example"
GROUP = "certified"


def new_pair(name="test", **alternative):
    return write_certificate(new_folder(name), name, **alternative)


def new_runner_pair():
    return new_pair("runner", alternative=x509.DNSName(NAME))


def put(source, target):
    """Puts the content of a file in the place of another's."""
    with open(source, "rb") as file:
        content = file.read()
    next_path = f"{target}.next"
    with open(os.open(next_path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(content)
    os.rename(next_path, target)


def write_credentials():
    path = credentials_file([credential(
        "KEYSUBMITTER", user="submitter", roles=["submitter"])])
    with open(path) as file:
        content = json.load(file)
    content["certificates"] = [{
        "name": NAME, "account": content["credentials"][0]["account"],
        "user": "by-certificate", "roles": ["runner"], "workerGroups": [GROUP]}]
    with open(path, "w") as file:
        json.dump(content, file)
    return path


def run(program, *arguments, **variables):
    """Runs a program that has nothing but these variables of Holdline."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("HOLDLINE_")}
    return subprocess.run(
        [program, *arguments], env={**environment, **variables},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=PATIENCE_SECONDS)


class RotationTest(unittest.TestCase):

    def setUp(self):
        """Starts a server that lets no connection grow old, and a runner."""
        self.served = new_pair()
        self.shown = new_runner_pair()
        folder = new_folder("runner-files")
        self.believed, self.client_authorities = (
            os.path.join(folder, name) for name in ("server.pem", "clients.pem"))
        put(self.served[0], self.believed)
        put(self.shown[0], self.client_authorities)
        self.server = Server(
            "--hold-max", "300ms", "--connection-age-max", "1s",
            "--connection-age-grace", "1s",
            "--credentials-file", write_credentials(),
            "--tls-certificate-file", self.served[0],
            "--tls-private-key-file", self.served[1],
            "--tls-client-authorities-file", self.client_authorities)
        self.addCleanup(self.server.kill)
        self.runner = subprocess.Popen(
            [RUNNER, "--address", self.server.grpc, "--worker-group", GROUP,
             "--log-dir", new_folder("output"),
             "--tls-authorities", self.believed,
             "--tls-certificate", self.shown[0],
             "--tls-private-key", self.shown[1]],
            stderr=subprocess.DEVNULL)
        self.addCleanup(self.runner.wait)
        self.addCleanup(self.runner.kill)

    def holdline(self, *arguments, authorities=None):
        return run(HOLDLINE, "--address", self.server.grpc, *arguments,
                   HOLDLINE_TLS_AUTHORITIES=authorities or self.believed,
                   HOLDLINE_ACCESS_KEY="KEYSUBMITTER", HOLDLINE_SECRET=SECRET)

    def expect_a_task_is_performed(self):
        submitted = self.holdline("submit", "--worker-group", GROUP, "--type",
                                  "ShellCommandActivity", "--field",
                                  "command=true")
        self.assertEqual(submitted.returncode, 0, submitted.stdout)
        waited = self.holdline("wait", submitted.stdout.strip())
        self.assertEqual(waited.returncode, 0, waited.stdout)

    def poll_with(self, pair):
        """Polls with a client certificate; returns the exit code."""
        return run(HOLDLINE, "--address", self.server.grpc, "poll",
                   "--worker-group", GROUP, "--timeout", "1s",
                   "--tls-authorities", self.believed, "--tls-certificate",
                   pair[0], "--tls-private-key", pair[1]).returncode

    def test_a_runner_shows_its_new_certificate_and_believes_the_servers(self):
        self.expect_a_task_is_performed()
        old_shown = tuple(f"{path}.old" for path in self.shown)
        old_believed = f"{self.believed}.old"
        for path in (*self.shown, self.believed):
            put(path, f"{path}.old")

        served, shown = new_pair(), new_runner_pair()
        put(shown[0], self.client_authorities)
        for renewed, paths in ((served, self.served), (shown, self.shown)):
            for source, target in zip(renewed, paths):
                put(source, target)
        put(served[0], self.believed)

        # What was good before is good no more, on either side.
        eventually(lambda: self.poll_with(old_shown) == 5,
                   "the server refuses the old certificate")
        self.assertEqual(
            self.holdline("list", authorities=old_believed).returncode, 5)
        self.expect_a_task_is_performed()
        self.assertIsNone(self.runner.poll())


class UnusableFilesTest(unittest.TestCase):

    def expect(self, words, authorities, certificate, key):
        for program, *arguments in (
                [HOLDLINE, "list"], [RUNNER, "--worker-group", GROUP]):
            done = run(program, *arguments, "--address", "127.0.0.1:1",
                       HOLDLINE_TLS_AUTHORITIES=authorities,
                       HOLDLINE_TLS_CERTIFICATE=certificate,
                       HOLDLINE_TLS_PRIVATE_KEY=key)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(words, done.stdout)

    def test_files_that_cannot_be_used_are_told_at_once(self):
        certificate, key = new_pair()
        other = new_pair("other")[1]
        self.expect(f"The file {key} cannot be read, or holds no certificate",
                    key, "", "")
        self.expect("The file nowhere.pem cannot be read", "nowhere.pem", "", "")
        self.expect("The file nowhere.pem cannot be read", certificate,
                    "nowhere.pem", key)
        self.expect("The file nowhere.key cannot be read", certificate,
                    certificate, "nowhere.key")
        self.expect(f"The file {other} is not the key of the certificate in "
                    f"{certificate}", certificate, certificate, other)
        self.expect("--tls-certificate and --tls-private-key go together",
                    certificate, certificate, "")


if __name__ == "__main__":
    unittest.main()
