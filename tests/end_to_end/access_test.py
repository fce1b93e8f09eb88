"""The programs and a runner in Python over gRPC with TLS, as somebody."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from cryptography import x509

from certificate import write_certificate
from server_process import (
    HOLDLINE, PATIENCE_SECONDS, RUNNER, Server, eventually, new_folder)
from signed_requests import call, credential, credentials_file, keys

ACCOUNT = "123456789012"
SECRETS = {user: f"a-secret-of-the-{user}-which-is-in-no-log"
           for user in ("submitter", "runner", "operator", "stranger")}
NAME = "runner.example"


def user(name, **members):
    return credential(f"KEY{name.upper()}", secret=SECRETS[name], user=name,
                      roles=[name], **members)


def write_credentials():
    path = credentials_file([
        user("submitter"), user("operator"),
        user("runner", workerGroups=["demo*"])])
    with open(path) as file:
        content = json.load(file)
    content["certificates"] = [{
        "name": NAME, "account": ACCOUNT, "user": "by-certificate",
        "roles": ["runner"], "workerGroups": ["certified"]}]
    with open(path, "w") as file:
        json.dump(content, file)
    return path


class AccessTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.certificate, key = write_certificate(new_folder("server"))
        cls.shown = write_certificate(new_folder("runner"), "runner",
                                      x509.DNSName(NAME))
        cls.server = Server("--credentials-file", write_credentials(),
                            "--tls-certificate-file", cls.certificate,
                            "--tls-private-key-file", key,
                            "--tls-client-authorities-file", cls.shown[0])

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def environment(self, user=None):
        told = {name: value for name, value in os.environ.items()
                if not name.startswith("HOLDLINE_")}
        told.update(HOLDLINE_ADDRESS=self.server.grpc,
                    HOLDLINE_TLS_AUTHORITIES=self.certificate)
        if user:
            told.update(HOLDLINE_ACCESS_KEY=f"KEY{user.upper()}",
                        HOLDLINE_SECRET=SECRETS[user])
        return told

    def run_as(self, user, *command, code=0, **environment):
        """Runs a program and returns what it said."""
        done = subprocess.run(
            command, env={**self.environment(user), **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=PATIENCE_SECONDS)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def holdline(self, user, *arguments, **how):
        return self.run_as(user, HOLDLINE, *arguments, **how)

    def submit(self, group, command="echo hello"):
        return self.holdline(
            "submitter", "submit", "--worker-group", group, "--type",
            "ShellCommandActivity", "--field", f"command={command}").strip()

    def run_one(self, user, group, *options, code=0):
        return self.run_as(user, RUNNER, "--worker-group", group, "--once",
                           "--log-dir", new_folder("output"), *options,
                           code=code)

    def expect_finished(self, name):
        self.holdline("submitter", "wait", name)

    def test_each_does_what_its_role_allows(self):
        name = self.submit("demo")
        self.run_one("runner", "demo")
        self.expect_finished(name)
        self.assertIn(name, self.holdline("operator", "list"))
        self.holdline("operator", "groups")

    def test_nobody_does_more_than_that(self):
        for user, *command in (
                ("runner", "list"), ("operator", "cancel", "task-1"),
                ("submitter", "groups"),
                ("runner", "submit", "--worker-group", "demo", "--type", "T")):
            said = self.holdline(user, *command, code=4)
            self.assertRegex(
                said, f"AccessDenied: User: arn:aws:iam::{ACCOUNT}:user/{user} "
                "is not authorized to perform: ")

    def test_a_runner_serves_its_groups_only(self):
        for group, code in (("demo-2", 3), ("other", 4)):
            self.holdline("runner", "poll", "--worker-group", group,
                          "--timeout", "3s", code=code)

    def test_strangers_are_told_what_is_missing(self):
        self.assertIn("HOLDLINE_ACCESS_KEY",
                      self.holdline(None, "list", code=4))
        self.assertIn("UnrecognizedClientException",
                      self.holdline("stranger", "list", code=4))

    def test_who_speaks_no_tls_gets_no_answer(self):
        self.holdline("submitter", "list", code=5, HOLDLINE_TLS_AUTHORITIES="")

    def test_a_secret_is_not_sent_in_the_clear(self):
        said = self.holdline(
            "submitter", "--address", "broker.example:7070", "list", code=2,
            HOLDLINE_TLS_AUTHORITIES="")
        self.assertIn("unencrypted", said)

    def test_an_access_key_may_be_in_a_file(self):
        path = os.path.join(new_folder("key"), "key.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump({"accessKey": "KEYSUBMITTER",
                       "secret": SECRETS["submitter"]}, file)
        self.holdline(None, "--access-key-file", path, "list")
        os.chmod(path, 0o644)
        self.assertIn("chmod 600", self.holdline(
            None, "list", code=2, HOLDLINE_ACCESS_KEY_FILE=path))

    def test_a_runner_may_show_a_certificate(self):
        name = self.submit("certified")
        self.run_one(None, "certified", "--tls-certificate", self.shown[0],
                     "--tls-private-key", self.shown[1])
        self.expect_finished(name)

    def test_a_runner_in_python_has_an_access_key_too(self):
        name = self.submit("demo-python")
        self.run_as("runner", sys.executable, "client/python/grpc_runner.py",
                    self.server.grpc, "demo-python", "--once",
                    PYTHONPATH=os.pathsep.join(sys.path))
        self.expect_finished(name)

    def test_a_runner_that_is_refused_says_so_and_exits(self):
        for user, group, why in (
                (None, "demo", "MissingAuth.*HOLDLINE_ACCESS_KEY"),
                ("stranger", "demo", "UnrecognizedClientException"),
                ("submitter", "demo", "is not authorized to perform"),
                ("runner", "other", "is not authorized to perform")):
            self.assertRegex(self.run_one(user, group, code=4),
                             f"gives up: .*{why}")

    def test_a_command_does_not_learn_the_runners_secret(self):
        folder = new_folder("output")
        look = "env; tr '\\0' '\\n' < /proc/$PPID/environ; ls /proc/$$/fd"
        name = self.submit("demo-nosy", look)
        self.run_as("runner", RUNNER, "--worker-group", "demo-nosy", "--once",
                    "--log-dir", folder)
        self.expect_finished(name)
        [output] = pathlib.Path(folder).rglob("stdout")
        said = output.read_text()
        self.assertIn("HOLDLINE_ATTEMPT_ID=", said)
        self.assertIn("HOLDLINE_ADDRESS=", said)
        self.assertNotIn("KEYRUNNER", said)
        self.assertNotIn(SECRETS["runner"], said)

    def test_the_audit_log_says_where_callers_of_the_gateway_are(self):
        name = self.submit("demo-gateway")
        url = f"https://{self.server.http}"
        call(url, "TaskQueue.CancelTask", {"name": name},
             authorities=self.certificate,
             credentials=keys("KEYSUBMITTER", SECRETS["submitter"]))
        eventually(lambda: re.search(
            r"action=TaskQueue/CancelTask \S+ user=submitter "
            rf"access_key=KEYSUBMITTER peer=127.0.0.1 resource={name} "
            "outcome=done", self.server.log()), "the cancellation is logged")

    def test_the_audit_log_says_who_did_what(self):
        name = self.submit("demo-audit")
        self.run_one("runner", "demo-audit")
        self.expect_finished(name)
        self.holdline("runner", "cancel", name, code=4)

        def lines():
            return [line for line in self.server.log().splitlines()
                    if " audit " in line]

        def about(user, method, outcome):
            pattern = (rf"action=\w+/{method} account={ACCOUNT} user={user} "
                       rf"access_key=KEY{user.upper()} peer=ipv4:127\.\S+ "
                       rf"(resource={name} )?outcome={outcome}")
            return any(re.search(pattern, line) for line in lines())

        for who, method, outcome in (
                ("submitter", "SubmitTasks", "done"),
                ("runner", "PollForTask", "done"),
                ("runner", "ReportTaskProgress", "done"),
                ("runner", "SetTaskStatus", "done"),
                ("runner", "CancelTask", "refused code=PERMISSION_DENIED")):
            eventually(lambda: about(who, method, outcome),
                       f"{who} {method} {outcome}")
        for secret in SECRETS.values():
            self.assertNotIn(secret, self.server.log())


if __name__ == "__main__":
    unittest.main()
