"""Each AWS SDK, unchanged, leads the life of a task runner.

Usage: sdk_test.py CLIENT, a name in `clients.py`.
"""

import sys
import unittest

from authority import Authority
from clients import CLIENTS
from sdk_case import BOUND, STRANGER, TEMPORARY, TOKEN, SdkCase
from server_process import eventually, new_folder

# What must survive the way through JSON and the signature.
TEXT = "echo 'Grüße, 世界 \U0001f600' \"$HOME\" \\ & </>"

FAKE_TIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class LifeTest(SdkCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sdk = cls.start()
        cls.addClassCleanup(cls.sdk.stop)

    def expect(self, answer, *step):
        self.assertEqual(self.sdk.ask(*step), answer)

    def polls(self, group):
        """Returns how many polls are held for a worker group."""
        return sum(int(shown["parkedCalls"]) for shown in self.holdline("groups")
                   if shown["workerGroup"] == group)

    def test_performs_a_task(self):
        name = self.submit("performs", TEXT)
        task, command = self.take(self.sdk, "performs")
        self.assertEqual(command, TEXT)
        self.expect(["continue"], "report", task, "0")
        self.expect(["continue"], "report", task, "50")
        self.expect(["ok"], "finish", task)
        self.expect(["ok"], "finish", task)  # As after a lost answer.
        self.assertEqual(self.task(name)["state"], "FINISHED")

    def test_learns_that_there_is_no_work(self):
        self.expect(["none"], "poll", "no work")

    def test_holds_the_line_until_there_is_work(self):
        self.sdk.begin("poll", "held")
        eventually(lambda: self.polls("held"), "the poll is held")
        self.submit("held")
        answer = self.sdk.answer()
        task = answer[1] if answer != ["none"] else self.take(self.sdk, "held")[0]
        self.expect(["ok"], "finish", task)

    def test_fails_a_task(self):
        name = self.submit("fails", "false", "--attempts", "1")
        task, _ = self.take(self.sdk, "fails")
        self.expect(["continue"], "report", task, "0")
        self.expect(["ok"], "fail", task, "ExitCode1", TEXT)
        failed = self.task(name)
        self.assertEqual(failed["state"], "FAILED")
        self.assertEqual(failed["attempts"][0]["errorId"], "ExitCode1")
        self.assertEqual(failed["attempts"][0]["errorMessage"], TEXT)

    def test_sees_that_its_task_was_cancelled(self):
        name = self.submit("cancelled")
        task, _ = self.take(self.sdk, "cancelled")
        self.expect(["continue"], "report", task, "0")
        self.holdline("cancel", name)
        self.expect(["canceled"], "report", task, "10")
        self.expect(["ok"], "finish", task)
        self.assertEqual(self.task(name)["state"], "CANCELED")

    def test_sends_heartbeats_until_it_is_told_to_end(self):
        self.expect(["continue"], "heartbeat", "runner-1")
        self.holdline("drain-runner", "runner-1")
        self.expect(["terminate"], "heartbeat", "runner-1")

    def test_knows_that_a_task_is_gone(self):
        for step in (("report", "garbage", "0"), ("finish", "garbage")):
            self.check_failure(self.sdk.ask(*step), "gone",
                               "TaskNotFoundException", 400)

    def test_gets_errors_by_their_names(self):
        message = self.check_failure(self.sdk.ask("poll", "g" * 1025), "error",
                                     "InvalidRequestException", 400)
        self.assertIn("workerGroup", message)


class CallerTest(SdkCase):

    def refused(self, sdk, name):
        return self.check_failure(sdk.ask("poll", "group"), "error", name, 403)

    def test_is_refused_with_a_wrong_secret(self):
        self.refused(self.runner(secret="guessed"), "InvalidSignatureException")

    def test_is_refused_if_it_is_not_known(self):
        self.refused(self.runner(access_key="AKIDNOBODY"),
                     "UnrecognizedClientException")

    def test_has_temporary_credentials(self):
        sdk = self.runner(access_key=TEMPORARY, session_token=TOKEN)
        self.assertEqual(sdk.ask("heartbeat", "runner-2"), ["continue"])
        self.refused(self.runner(access_key=TEMPORARY, session_token="wrong"),
                     "UnrecognizedClientException")

    def test_is_refused_the_tasks_of_others(self):
        bound = self.runner(access_key=BOUND)
        self.submit("bound")
        self.assertEqual(bound.ask("finish", self.take(bound, "bound")[0]),
                         ["ok"])
        self.assertIn("is not authorized to perform: datapipeline:PollForTask",
                      self.refused(bound, "AccessDenied"))

    def test_sees_nothing_of_another_account(self):
        stranger = self.runner(access_key=STRANGER)
        sdk = self.runner()
        name = self.submit("ours")
        self.assertEqual(stranger.ask("poll", "ours"), ["none"])
        task, _ = self.take(sdk, "ours")
        for step in (("report", task, "0"), ("finish", task)):
            self.check_failure(stranger.ask(*step), "gone",
                               "TaskNotFoundException", 400)
        self.assertEqual(sdk.ask("finish", task), ["ok"])
        self.assertEqual(self.task(name)["state"], "FINISHED")

    def check_clock(self, there, complaint):
        """Expects what the SDK does if the clock is another at the gateway."""
        # What it waits for with a clock that is behind is over at once, again
        # and again. That is not to keep the SDK from its work.
        sdk = self.runner("http://" + self.gateway(
            before=("nice", "-n", "19"),
            environment={"LD_PRELOAD": FAKE_TIME, "FAKETIME": there,
                         "FAKETIME_DONT_FAKE_MONOTONIC": "1"}))
        if self.client.corrects_its_clock:
            self.assertEqual(sdk.ask("heartbeat", "runner-3"), ["continue"])
            name = self.submit(there)
            self.assertEqual(sdk.ask("finish", self.take(sdk, there)[0]), ["ok"])
            self.assertEqual(self.task(name)["state"], "FINISHED")
        else:
            self.assertIn(complaint,
                          self.refused(sdk, "InvalidSignatureException"))

    def test_learns_that_its_clock_is_slow(self):
        self.check_clock("+20m", "Signature expired: ")

    def test_learns_that_its_clock_is_fast(self):
        self.check_clock("-20m", "Signature not yet current: ")

    def test_performs_a_task_over_tls(self):
        authority = Authority(new_folder("authority"))
        endpoint = "https://" + self.gateway(
            "--tls-certificate-file", authority.server_certificate,
            "--tls-private-key-file", authority.server_key)
        self.assertEqual(self.runner(endpoint).ask("poll", "tls").kind, "broken")
        sdk = self.runner(endpoint, environment=authority.environment())
        name = self.submit("tls", TEXT)
        task, command = self.take(sdk, "tls")
        self.assertEqual(command, TEXT)
        self.assertEqual(sdk.ask("finish", task), ["ok"])
        self.assertEqual(self.task(name)["state"], "FINISHED")


if __name__ == "__main__":
    SdkCase.client = CLIENTS[sys.argv.pop(1)]
    unittest.main()
