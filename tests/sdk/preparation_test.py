"""Whose fault it is that a client cannot be tested."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import clients
from clients import Client, Tool
from preparation import Outcome, prepare

GOOD = (("true",),)
BAD = (("false",),)


def shell(script):
    return (("sh", "-c", script),)


class PreparationTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name) / "cache"
        sources = pathlib.Path(folder.name) / "sources"
        (sources / "sample").mkdir(parents=True)
        (sources / "sample/source").write_text("text")
        for name, value in (("CACHE", self.cache), ("HERE", sources)):
            replaced = mock.patch.object(clients, name, value)
            replaced.start()
            self.addCleanup(replaced.stop)

    def expect(self, outcome, why="", **members):
        """Prepares such a client, and returns it."""
        client = Client(**{"folder": "sample", "sdk": "Sample", "run": (),
                           "fetch": GOOD, "ask": GOOD, "build": GOOD,
                           **members})
        told, reason = prepare(client)
        self.assertEqual(told, outcome, reason)
        self.assertIn(why, reason)
        self.assertEqual(client.place().exists(), outcome == Outcome.READY)
        # Nothing half made is left.
        left = os.listdir(self.cache) if self.cache.exists() else []
        self.assertEqual(left, [client.place().name]
                         if outcome == Outcome.READY else [])
        return client

    def test_what_was_fetched_and_built_is_in_its_place(self):
        client = self.expect(Outcome.READY, fetch=shell("echo 1 >fetched"),
                             build=shell("cat source fetched >built"))
        self.assertEqual((client.place() / "built").read_text(), "text1\n")

    def test_what_is_there_is_not_made_again(self):
        only_once = shell(f"mkdir {self.cache.parent}/made")
        for _ in range(2):
            self.expect(Outcome.READY, build=only_once)

    def test_a_missing_tool_leaves_it_out(self):
        self.expect(Outcome.LEFT_OUT, "no such-tool 1",
                    tools=(Tool("such-tool", "1"),))
        self.expect(Outcome.LEFT_OUT, "no sh 2", build=BAD,
                    tools=(Tool("sh", "2", "-c"),))

    def test_a_registry_that_does_not_answer_leaves_it_out(self):
        self.expect(Outcome.LEFT_OUT, "does not answer", fetch=BAD, ask=BAD)

    def test_a_registry_that_answers_and_has_it_not_is_an_error(self):
        self.expect(Outcome.FAILED, "false", fetch=BAD)

    def test_a_network_that_fails_for_a_moment_does_not_matter(self):
        self.expect(Outcome.READY, fetch=shell("test -e again || ! touch again"))

    def test_what_does_not_build_is_an_error_whatever_the_network_does(self):
        for ask in (GOOD, BAD):
            self.expect(Outcome.FAILED, "false", build=BAD, ask=ask)

    def test_a_tool_that_cannot_be_run_is_an_error(self):
        self.expect(Outcome.FAILED, "nowhere", build=(("./nowhere",),))


if __name__ == "__main__":
    unittest.main()
