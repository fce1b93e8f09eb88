"""The server dies, stops or stands still at random moments while it runs
pipelines, and neither skips nor repeats anything.

Four pipelines have everything due at once: a backfill, a cascade that is run
again, one that an operator interferes with at random, and one that a real
runner performs. Other runners fail, vanish and lose their answers. Between two
lives of the server minutes pass, so that leases run out and retries come due.
Then the test lets what is left come to rest and compares the server's books
with what its callers were told.
"""

import argparse
import collections
import random
import sys
import time
import unittest

from grpc_client import Client
from pipeline_objects import (activate, create, definition, query, set_status,
                              state)
from server_process import Server, new_folder
from webhook import Webhook

import pipelines
import shell
from crashes import crash
from downtime import pass_time
from run_books import AT_WORK, Books
from run_ledger import RunLedger
from run_workers import Mender, Operator, PipelineRunner

RUNNERS = 8
TASKS_OF_A_REAL_RUNNER = 4
# Between two crashes, at most.
LIFE_SECONDS = 2.5
# Of the server's, while nobody works.
DOWNTIMES = (0, 0, 70, 200)
# How long the pipelines may stand still before time is made to pass.
STILL_SECONDS = 2
ROUNDS_MAX = 20

options = argparse.Namespace(seconds=25, seed=1, intervals=192)


class PipelinesKillTest(unittest.TestCase):

    def test_nothing_is_skipped_and_nothing_is_done_twice(self):
        self.chance = random.Random(options.seed)
        self.data = new_folder()
        self.ledger = RunLedger()
        # Some posts are refused for now.
        refused = random.Random(options.seed)
        self.webhook = Webhook(
            lambda alarm: 200 if refused.random() < 0.8 else 503)
        self.addCleanup(self.webhook.close)
        self.server = None
        self.start_server()
        self.addCleanup(lambda: self.server.kill())
        self.activate_all()
        self.start_workers()
        self.crash_again_and_again()
        self.come_to_rest()
        print(dict(self.ledger.counts), flush=True)
        with Client(self.server.grpc) as client:
            self.check_books(client)
        self.check_alarms()

    def start_server(self):
        address = {"grpc": self.server.grpc} if self.server else {}
        self.server = Server(
            "--hold-max", "500ms", "--drain-spread", "200ms",
            "--restart-grace", "1s", *self.webhook.options, data=self.data,
            **address)

    def activate_all(self):
        """Makes and activates the pipelines, each shortly before a death."""
        few = max(4, options.intervals // 16)
        self.definitions = {
            "backfill": pipelines.backfill(options.intervals),
            "wide": pipelines.wide(few),
            "chain": pipelines.chain(4 * few),
            "performed": pipelines.performed(few, new_folder("marks"))}
        self.ids = {}
        for name, objects in self.definitions.items():
            with Client(self.server.grpc) as client:
                self.ids[name] = create(client, name, definition(**objects))
                activate(client, self.ids[name])
            time.sleep(self.chance.random() * 0.1)
            self.server.kill()
            self.start_again(0)

    def start_workers(self):
        def start(kind, number, *more):
            worker = kind(self.server.grpc, self.ledger,
                          f"{options.seed}-{kind.__name__}-{number}", *more)
            worker.start()
            return worker

        self.operators = [start(Operator, 0, self.ids["chain"])]
        self.workers = [start(PipelineRunner, number)
                        for number in range(RUNNERS)]
        self.workers.append(start(Mender, 0, self.ids["wide"]))
        shell.start_runner(self, self.server, 0, TASKS_OF_A_REAL_RUNNER)
        self.addCleanup(lambda: self.stop(self.operators + self.workers))

    def stop(self, workers):
        for worker in workers:
            worker.stopping.set()
        for worker in workers:
            worker.join()
        for worker in workers:
            if worker.error:
                raise worker.error

    def crash_again_and_again(self):
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            time.sleep(self.chance.random() * LIFE_SECONDS)
            if crash(self.server, self.chance, self.ledger):
                self.start_again(self.chance.choice(DOWNTIMES))

    def start_again(self, downtime):
        if downtime:
            pass_time(self.data, downtime)
            self.ledger.pass_time(downtime)
        self.start_server()
        self.ledger.note("deaths")

    def come_to_rest(self):
        """Troubles nobody any more, until all that can be done is done."""
        self.stop(self.operators)
        PipelineRunner.chances.end()
        for _ in range(ROUNDS_MAX):
            if self.work_on():
                break
            self.server.kill()
            self.start_again(200)
        else:
            self.fail("the pipelines do not come to rest")
        self.stop(self.workers)
        with Client(self.server.grpc) as client:
            for name in ("wide", "chain"):
                ends = query(client, self.ids[name], "INSTANCE",
                             componentParent=["Open"])
                set_status(client, self.ids[name], ends, "MARK_FINISHED")

    def work_on(self):
        """Waits while things go on. Returns whether nothing is left to do."""
        with Client(self.server.grpc) as client:
            last = None
            since = time.monotonic()
            while time.monotonic() < since + STILL_SECONDS:
                now = self.at_work(client)
                if now != last:
                    last, since = now, time.monotonic()
                elif now == (len(self.ids) * ((),), (), True):
                    return True
                time.sleep(0.1)
        return False

    def at_work(self, client):
        """What is to be done; what is to be mended; and whether all is there."""
        at_work = tuple(
            tuple(name for name in
                  query(client, pipeline_id, "INSTANCE", status=AT_WORK)
                  if not pipelines.is_open_end(name))
            for pipeline_id in self.ids.values())
        to_mend = tuple(query(client, self.ids["wide"], "INSTANCE",
                              status=["FAILED", "CANCELED"]))
        complete = all(
            len(query(client, self.ids[name], "INSTANCE")) >=
            len(pipelines.instances_of(objects))
            for name, objects in self.definitions.items())
        return at_work, to_mend, complete

    def check_books(self, client):
        complaints = list(self.ledger.violations)
        self.books = {}
        for name, objects in self.definitions.items():
            books = self.books[name] = Books(client, self.ids[name])
            books.check_intervals(pipelines.instances_of(objects))
            books.check_attempts()
            books.check_rests()
            books.check_tries(self.ledger)
            books.check_ledger(self.ledger)
            complaints += [f"{name}: {what}" for what in books.complaints]
            statuses = collections.Counter(
                books.status(instance) for instance in books.instances)
            print(name, state(client, self.ids[name]), dict(statuses), flush=True)
        self.assertEqual(complaints, [])
        # What failed in the cascade was mended, and all that followed from it.
        self.assertEqual(state(client, self.ids["wide"]), "FINISHED")
        for instance in self.books["wide"].instances:
            self.assertEqual(self.books["wide"].status(instance), "FINISHED")
        self.assertEqual({
            (fields["@componentParent"][0], fields["@status"][0])
            for fields in self.books["performed"].instances.values()},
            set(pipelines.PERFORMED_ENDS.items()))

    def check_alarms(self):
        """There is one for each success of Report and each failure of Root."""
        expected = collections.Counter()
        for name, status in (("backfill", "FINISHED"), ("wide", "FAILED")):
            component = {"backfill": "Report", "wide": "Root"}[name]
            for fields in self.books[name].attempts.values():
                if (fields["@componentParent"] == [component] and
                        fields["@status"] == [status]):
                    expected[fields["@scheduledStartTime"][0]] += 1

        def told():
            return collections.Counter(alarm["Message"] for alarm in
                                       list(self.webhook.alarms.values()))

        deadline = time.monotonic() + 60
        while told() != expected and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(told(), expected)
        self.assertEqual(self.webhook.complaints, [])
        print("alarms", expected.total(), "arrivals",
              self.webhook.arrivals.total(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=options.seconds)
    parser.add_argument("--seed", type=int, default=options.seed)
    parser.add_argument("--intervals", type=int, default=options.intervals)
    options, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
