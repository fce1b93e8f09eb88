"""Files of the store are deleted, damaged or shared: nothing is lost silently.

While the server runs, what it acknowledged is saved; before a start, what is
lost is said, and only --accept-loss goes on.
"""

import os
import pathlib
import subprocess
import unittest

import grpc

from grpc_client import Client, queue
from server_process import PATIENCE_SECONDS, SERVER, Server, eventually, new_folder


def names(client):
    return {task.name for task in client.queue.ListTasks(
        queue.ListTasksRequest(page_size=1000)).tasks}


class LostFilesTest(unittest.TestCase):

    def setUp(self):
        self.data = new_folder()
        self.database = pathlib.Path(self.data, "holdline.db")
        self.log = pathlib.Path(self.data, "holdline.db-wal")
        self.index = pathlib.Path(self.data, "holdline.db-shm")

    def start(self, *options):
        server = Server("--store-retry-min", "1ms", *options, data=self.data)
        self.addCleanup(server.kill)
        return server

    def refused(self, *options, data=None):
        """Starts a server that must end by itself, and returns what it said."""
        ended = subprocess.run(
            [SERVER, "--data-dir", data or self.data, "--grpc-address",
             "127.0.0.1:0", "--http-address", "", "--metrics-address", "",
             *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""), ended.stderr)
        return ended.stderr

    def submit(self, server, count):
        with Client(server.grpc) as client:
            return {client.submit("group") for _ in range(count)}

    def kept(self, server):
        with Client(server.grpc) as client:
            return names(client)

    def killed_with_tasks(self, count=20):
        server = self.start()
        submitted = self.submit(server, count)
        server.kill()
        return submitted

    def test_a_log_that_is_deleted_under_load_takes_nothing_with_it(self):
        server = self.start()
        acknowledged = self.submit(server, 5)
        with Client(server.grpc) as client:
            for _ in range(3):
                self.log.unlink()
                # The first is refused at most; what follows is safe again.
                while not self.log.exists():
                    try:
                        acknowledged.add(client.submit("group"))
                    except grpc.RpcError as error:
                        self.assertEqual(error.code(),
                                         grpc.StatusCode.UNAVAILABLE)
                        self.assertIn("The store cannot be used now",
                                      error.details())
                acknowledged.add(eventually(lambda: self.try_submit(client),
                                            "the store serves again"))
        server.kill()
        self.assertLessEqual(acknowledged, self.kept(self.start()))

    def try_submit(self, client):
        try:
            return client.submit("group")
        except grpc.RpcError:
            return None

    def test_a_log_that_is_deleted_while_nobody_calls_is_missed_soon(self):
        server = self.start()
        acknowledged = self.submit(server, 5)
        self.log.unlink()
        eventually(self.log.exists, "the log is there again")
        server.kill()
        self.assertEqual(self.kept(self.start()), acknowledged)

    def test_a_folder_that_is_moved_away_is_missed_and_found_again(self):
        server = self.start()
        acknowledged = self.submit(server, 5)
        os.rename(self.data, self.data + ".away")
        with Client(server.grpc) as client:
            with self.assertRaises(grpc.RpcError) as refused:
                client.submit("group")
            self.assertIn("deleted, moved or replaced", refused.exception.details())
            os.rename(self.data + ".away", self.data)
            acknowledged.add(eventually(lambda: self.try_submit(client),
                                        "the store serves again"))
        server.kill()
        self.assertLessEqual(acknowledged, self.kept(self.start()))

    def test_a_folder_serves_one_server_whatever_is_deleted_in_it(self):
        server = self.start()
        self.submit(server, 1)
        pathlib.Path(self.data, "holdline.lock").unlink()
        self.assertIn("is in use by another process", self.refused())
        with Client(server.grpc) as client:
            self.assertIsNotNone(client.poll("group"))

    def test_a_start_without_the_database_is_refused(self):
        self.killed_with_tasks()
        for remains in ("nothing", "an empty file"):
            self.database.unlink()
            if remains == "an empty file":
                self.database.touch(0o600)
            said = self.refused()
            self.assertIn(f"{self.database} is", said)
            self.assertIn("--accept-loss", said)
            self.assertTrue(self.log.exists(), "a refusal changes nothing")
            self.database.touch()
        self.database.unlink()
        server = self.start("--accept-loss")
        self.assertIn("loss accepted: the database", server.log())
        self.assertEqual(self.kept(server), set())
        self.assertTrue(pathlib.Path(f"{self.log}.lost").exists())

    def test_a_database_that_is_gone_after_an_orderly_end_is_missed(self):
        server = self.start()
        self.submit(server, 3)
        self.assertEqual(server.stop(), 0)
        self.assertFalse(self.log.exists())
        aside = self.database.rename(self.data + "/aside")
        self.assertIn(f"{self.database} is missing", self.refused())
        aside.rename(self.database)
        self.assertEqual(len(self.kept(self.start())), 3)

    def test_a_start_without_the_log_is_refused(self):
        acknowledged = self.killed_with_tasks()
        log = self.log.read_bytes()
        index = self.index.read_bytes()
        self.log.unlink()
        self.assertIn(f"the log {self.log} is missing", self.refused())
        self.index.unlink()
        self.assertIn(f"the log {self.log} is missing", self.refused())
        self.log.write_bytes(log)
        self.index.write_bytes(index)
        self.assertEqual(self.kept(self.start()), acknowledged)

    def test_a_start_with_a_damaged_log_says_what_is_lost(self):
        acknowledged = self.killed_with_tasks()
        log = bytearray(self.log.read_bytes())
        log[len(log) // 2] ^= 1
        self.log.write_bytes(log)
        said = self.refused()
        self.assertRegex(said, r"is damaged: at least \d+ commits \(\d+ frames\)")
        self.assertIn("--accept-loss", said)
        server = self.start("--accept-loss")
        self.assertIn("loss accepted", server.log())
        kept = self.kept(server)
        self.assertLess(kept, acknowledged)
        self.assertTrue(kept)
        self.assertEqual(pathlib.Path(f"{self.log}.lost").read_bytes(), log)
        kept |= self.submit(server, 1)
        server.kill()
        # The loss was accepted once; it is not told again.
        self.assertEqual(self.kept(self.start()), kept)

    def test_an_index_that_is_deleted_costs_nothing(self):
        server = self.start()
        acknowledged = self.submit(server, 3)
        self.index.unlink()
        acknowledged |= self.submit(server, 3)
        server.kill()
        self.assertEqual(self.kept(self.start()), acknowledged)


if __name__ == "__main__":
    unittest.main()
