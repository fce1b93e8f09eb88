"""A gateway of its own process, which calls the broker for those who sign."""

import json
import os
import subprocess
import unittest

from certificate import write_certificate
from server_process import PATIENCE_SECONDS, PROGRAMS, Server, new_folder
from signed_requests import (
    CREDENTIALS, SECRET, call, credential, credentials_file, keys, send, signed)

GATEWAY = PROGRAMS / "server/gateway/holdline-gateway"
LIST = "Operator.ListGroups"


class SigningGatewayTest(unittest.TestCase):

    def setUp(self):
        self.certificate, self.key = write_certificate(new_folder("tls"))
        self.credentials = credentials_file(
            CREDENTIALS + [credential("AKIDGATEWAY", roles=["gateway"]),
                           credential("AKIDRUNNER", roles=["runner"],
                                      workerGroups=["other"])])

    def key_file(self, content):
        path = os.path.join(new_folder("key"), "key")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(content)
        return path

    def start_server(self):
        server = Server("--hold-max", "300ms",
                        "--credentials-file", self.credentials,
                        "--tls-certificate-file", self.certificate,
                        "--tls-private-key-file", self.key)
        self.addCleanup(server.kill)
        return server

    def run_gateway(self, *options, address="127.0.0.1:0"):
        gateway = subprocess.Popen(
            [GATEWAY, "--http-address", address, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(gateway.stderr.close)
        self.addCleanup(gateway.stdout.close)
        self.addCleanup(gateway.wait)
        self.addCleanup(gateway.kill)
        return gateway

    def start_gateway(self, broker, access_key):
        gateway = self.run_gateway(
            "--broker", broker, "--credentials-file", self.credentials,
            "--broker-access-key-file", self.key_file(f"{access_key}\n"),
            "--broker-authorities-file", self.certificate,
            "--tls-certificate-file", self.certificate,
            "--tls-private-key-file", self.key)
        ready = gateway.stdout.readline()
        self.assertRegex(ready, r"^ready http=\S+\n$")
        return "https://" + ready.strip().split("=")[1]

    def expect_error(self, url, name, status, target, members, **how):
        body = json.dumps(members)
        code, _, output = send(url, signed(url, target, body, **how), body,
                               authorities=self.certificate)
        self.assertEqual((code, output.get("__type")), (status, name), output)

    def test_calls_are_those_of_who_signed_them(self):
        server = self.start_server()
        url = self.start_gateway(server.grpc, f"AKIDGATEWAY:{SECRET}")
        task = {"workerGroup": "afar", "type": "T"}
        call(url, "TaskQueue.SubmitTasks", {"tasks": [task]},
             authorities=self.certificate)
        groups = lambda **how: call(
            url, LIST, {}, authorities=self.certificate, **how)["groups"]
        self.assertEqual(len(groups()), 1)
        self.assertEqual(groups(credentials=keys("AKIDOTHER")), [])
        self.expect_error(url, "AccessDenied", 403, "DataPipeline.PollForTask",
                          {"workerGroup": "afar"},
                          credentials=keys("AKIDRUNNER"))
        self.expect_error(url, "InvalidSignatureException", 403, LIST, {},
                          credentials=keys(secret="guessed"))
        self.assertIn("taskObject", call(
            url, "DataPipeline.PollForTask", {"workerGroup": "afar"},
            authorities=self.certificate))

    def test_a_gateway_without_that_role_calls_for_nobody(self):
        server = self.start_server()
        url = self.start_gateway(server.grpc, f"AKIDTEST:{SECRET}")
        self.expect_error(url, "AccessDenied", 403, LIST, {})

    def test_what_would_not_be_safe_is_refused_at_the_start(self):
        key = self.key_file(f"AKIDGATEWAY:{SECRET}")
        self.expect_refusal(self.run_gateway(address="0.0.0.0:0"), 1,
                            "needs credentials")
        for options, code, what in (
                (("--credentials-file", self.credentials), 2, "go together"),
                (("--tls-certificate-file", self.certificate), 2,
                 "go together"),
                (("--credentials-file", self.credentials,
                  "--broker-access-key-file", key,
                  "--broker", "broker.example:7070"), 2,
                 "without broker-authorities-file"),
                (("--credentials-file", self.credentials,
                  "--broker-access-key-file", self.key_file("nothing")), 1,
                 "ACCESSKEY:SECRET")):
            self.expect_refusal(self.run_gateway(*options), code, what)

    def test_it_takes_the_options_of_the_server_under_the_same_names(self):
        told = subprocess.run(
            [GATEWAY, "--print-config", "--http-idle-timeout", "7s"],
            env={"HOLDLINE_LOG_FORMAT": "json"}, capture_output=True, text=True,
            timeout=PATIENCE_SECONDS, check=True).stdout
        self.assertIn('http-idle-timeout = "7s"\n', told)
        self.assertIn('log-format = "json"\n', told)
        path = os.path.join(new_folder("settings"), "gateway.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(told)
        again = subprocess.run(
            [GATEWAY, "--print-config", "--config", path], env={},
            capture_output=True, text=True, timeout=PATIENCE_SECONDS,
            check=True).stdout
        self.assertEqual(again, told)

    def expect_refusal(self, gateway, code, what):
        self.assertEqual(gateway.wait(PATIENCE_SECONDS), code)
        message = gateway.stderr.read()
        self.assertIn(what, message)
        self.assertNotIn(SECRET, message)


if __name__ == "__main__":
    unittest.main()
