"""No SDK's own time-out cuts a poll short that nobody has work for.

Tries all that `install` has built, at once: the longest poll takes 90 seconds.
"""

import re
import unittest
import urllib.request

from clients import CLIENTS
from sdk_process import SdkProcess
from server_process import Server, eventually


class DefaultTimeoutsTest(unittest.TestCase):

    def ended(self, result):
        """Returns how many polls have ended so."""
        with urllib.request.urlopen(
                f"http://{self.server.metrics}/metrics") as page:
            found = re.search(
                f'holdline_poll_results_total{{[^}}]*result="{result}"[^}}]*}} (\\d+)',
                page.read().decode())
        return int(found[1]) if found else 0

    def test_an_idle_runner_sees_no_error_and_calls_once(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        runners = {}
        for client in CLIENTS.values():
            if client.place().exists():
                runners[client.sdk] = SdkProcess(
                    client, self.server.endpoint, "any", "any")
                self.addCleanup(runners[client.sdk].stop)
        for runner in runners.values():
            runner.begin("poll", "idle")
        for sdk, runner in runners.items():
            with self.subTest(sdk=sdk):
                self.assertEqual(runner.answer(), ["none"])
        eventually(lambda: self.ended("empty") >= len(runners),
                   "every poll is counted")
        self.assertEqual(self.ended("empty"), len(runners))
        self.assertEqual(self.ended("cancelled"), 0)


if __name__ == "__main__":
    unittest.main()
