"""The server dies, stops or stands still at random moments under load, and
forgets nothing.

Submitters with request ids and runners, some of them real ones, keep on while
the server goes and comes back. Then the test drains what is left and compares
the server's books with what its callers were told: every acknowledged submission
is in exactly one state, every acknowledged end is still so, no task was held by
two, no command was run twice for one attempt.
"""

import argparse
import random
import sys
import time
import unittest

from grpc_client import Client, queue
from server_process import Server, eventually, new_folder

import shell
from crashes import crash
from ledger import Ledger
from workers import LEASE_SECONDS, Runner, Submitter

SUBMITTERS = 3
RUNNERS = 6
REAL_RUNNERS = 2
TASKS_OF_A_REAL_RUNNER = 3
# Between two crashes, at most.
LIFE_SECONDS = 2.0

LIVE = (queue.Task.READY, queue.Task.DELAYED, queue.Task.LEASED)

options = argparse.Namespace(seconds=30, seed=1)


class KillTest(unittest.TestCase):

    def test_nothing_that_was_acknowledged_is_lost(self):
        self.data = new_folder()
        self.runs = new_folder("runs")
        self.server = None
        self.start_server()
        self.addCleanup(lambda: self.server.kill())
        self.ledger = Ledger()
        submitters = self.start_workers(Submitter, SUBMITTERS)
        submitters += self.start_workers(shell.ShellSubmitter, 1, self.runs)
        runners = self.start_workers(Runner, RUNNERS)
        for number in range(REAL_RUNNERS):
            shell.start_runner(self, self.server, number,
                               TASKS_OF_A_REAL_RUNNER)
        self.crash_again_and_again(random.Random(options.seed))
        self.stop_workers(submitters)
        with Client(self.server.grpc) as client:
            eventually(lambda: not self.tasks(client, states=LIVE),
                       "all tasks have ended")
            self.stop_workers(runners)
            print(dict(self.ledger.counts), flush=True)
            self.assertEqual(self.ledger.violations, [])
            self.check_books(client)

    def start_server(self):
        address = {"grpc": self.server.grpc} if self.server else {}
        self.server = Server(
            "--hold-max", "1s", "--drain-spread", "200ms", "--restart-grace",
            f"{LEASE_SECONDS}s", data=self.data, **address)

    def start_workers(self, kind, count, *more):
        workers = [kind(self.server.grpc, self.ledger,
                        f"{options.seed}-{kind.__name__}-{number}", *more)
                   for number in range(count)]
        for worker in workers:
            worker.start()
        return workers

    def stop_workers(self, workers):
        for worker in workers:
            worker.stopping.set()
        for worker in workers:
            worker.join()
            if worker.error:
                raise worker.error

    def crash_again_and_again(self, chance):
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            time.sleep(chance.random() * LIFE_SECONDS)
            if crash(self.server, chance, self.ledger):
                self.start_server()

    def tasks(self, client, **which):
        """All such tasks, over all pages."""
        found = []
        token = None
        while True:
            answer = client.queue.ListTasks(queue.ListTasksRequest(
                page_size=1000, page_token=token, **which))
            found += answer.tasks
            if not answer.HasField("next_page_token"):
                return found
            token = answer.next_page_token

    def check_books(self, client):
        expected = [name for names in self.ledger.submitted.values()
                    for name in names]
        self.assertEqual(len(expected), len(set(expected)))
        self.assertTrue(expected)
        by_state = {
            state: [task.name for task in self.tasks(client, states=[state])]
            for state in queue.Task.State.values() if state}
        everything = [name for names in by_state.values() for name in names]
        self.assertEqual(len(everything), len(set(everything)),
                         "a task is in two states")
        self.assertEqual(set(expected) - set(everything), set(), "lost")
        self.assertEqual(
            set(self.ledger.ended) - set(by_state[queue.Task.FINISHED]), set(),
            "acknowledged as finished, and no longer so")
        commands = self.tasks(client, worker_group=shell.GROUP)
        self.assertTrue(commands)
        self.assertEqual(shell.complaints(self.runs, commands), [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
