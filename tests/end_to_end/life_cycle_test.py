"""The real server starts, stops, dies and comes back."""

import concurrent.futures
import os
import subprocess
import time
import unittest

import grpc
from grpc_health.v1 import health_pb2
from grpc_health.v1 import health_pb2_grpc

from holdline.v1 import operator_pb2

from grpc_client import Client
from server_process import SERVER, Server, eventually, new_folder

# How many polls are held while the server is told to stop.
PARKED = 50


class LifeCycleTest(unittest.TestCase):

    def test_tasks_and_leases_outlive_a_stop(self):
        self.check_restart(Server.stop)

    def test_tasks_and_leases_outlive_a_kill(self):
        self.check_restart(Server.kill)

    def check_restart(self, end):
        data = new_folder()
        with Server(data=data) as server, Client(server.grpc) as client:
            leased = client.submit("kept")
            task_id = client.poll("kept").task_id
            client.report(task_id)
            ready = client.submit("kept")
            finished = client.submit("done")
            client.finish(client.poll("done").task_id)
            end(server)
        with Server(data=data) as server, Client(server.grpc) as client:
            self.assertEqual(client.state(leased), "LEASED")
            self.assertEqual(client.state(ready), "READY")
            self.assertEqual(client.state(finished), "FINISHED")
            self.assertFalse(client.report(task_id))
            client.finish(task_id)
            self.assertEqual(client.state(leased), "FINISHED")
            client.finish(client.poll("kept").task_id)
            self.assertEqual(client.state(ready), "FINISHED")

    def test_a_second_server_on_the_same_folder_is_refused(self):
        with Server() as server:
            second = subprocess.run(
                [SERVER, "--data-dir", server.data,
                 "--grpc-address", "127.0.0.1:0",
                 "--http-address", "127.0.0.1:0",
                 "--metrics-address", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                timeout=60)
            self.assertNotEqual(second.returncode, 0)
            self.assertNotIn("ready", second.stdout)
            self.assertIn(server.data, second.stderr)
            with Client(server.grpc) as client:
                client.submit("still served")

    def test_an_address_that_is_taken_is_refused(self):
        with Server() as server:
            second = subprocess.run(
                [SERVER, "--data-dir", new_folder(),
                 "--grpc-address", server.grpc,
                 "--http-address", "127.0.0.1:0",
                 "--metrics-address", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                timeout=60)
            self.assertNotEqual(second.returncode, 0)
            self.assertIn(server.grpc, second.stderr)

    def test_it_listens_on_loopback_only(self):
        refused = subprocess.run(
            [SERVER, "--data-dir", new_folder(),
             "--grpc-address", "0.0.0.0:0", "--http-address", "127.0.0.1:0",
             "--metrics-address", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=60)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("loopback", refused.stderr)

    def test_a_stop_answers_held_polls_empty_and_exits_with_0(self):
        with Server() as server, Client(server.grpc) as client:
            with concurrent.futures.ThreadPoolExecutor(PARKED) as pool:
                polls = [pool.submit(client.poll, "parked")
                         for _ in range(PARKED)]
                eventually(lambda: parked_calls(client) == PARKED,
                           "all polls are held")
                begin = time.monotonic()
                self.assertEqual(server.stop(), 0, server.log())
                self.assertLess(time.monotonic() - begin, 30)
                # Each was answered, and none with an error.
                self.assertEqual([poll.result() for poll in polls],
                                 [None] * PARKED)

    def test_a_stop_tells_those_who_watch_its_health(self):
        with Server("--drain-spread", "2s") as server, \
                Client(server.grpc) as client:
            watch = health_pb2_grpc.HealthStub(client.channel).Watch(
                health_pb2.HealthCheckRequest())
            self.assertEqual(next(watch).status,
                             health_pb2.HealthCheckResponse.SERVING)
            server.process.terminate()
            try:
                self.assertEqual(next(watch).status,
                                 health_pb2.HealthCheckResponse.NOT_SERVING)
            except grpc.RpcError as error:
                self.fail(f"ended without NOT_SERVING: {error}")
            watch.cancel()
            self.assertEqual(server.wait(), 0, server.log())

    def test_help_is_for_people(self):
        answer = subprocess.run([SERVER, "--help"], stdout=subprocess.PIPE,
                                text=True, check=True, timeout=60)
        for option in ("--data-dir", "--grpc-address", "--http-address",
                       "--metrics-address", "--hold-max"):
            self.assertIn(option, answer.stdout)
        self.assertLessEqual(
            max(len(line) for line in answer.stdout.splitlines()), 80)

    def test_a_wrong_option_is_named(self):
        answer = subprocess.run([SERVER, "--hold-max", "soon"],
                                stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("hold-max", answer.stderr)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_cannot_be_written_is_refused(self):
        folder = new_folder()
        os.chmod(folder, 0o500)
        answer = subprocess.run(
            [SERVER, "--data-dir", folder, "--grpc-address", "127.0.0.1:0",
             "--http-address", "127.0.0.1:0",
             "--metrics-address", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn(folder, answer.stderr)


def parked_calls(client):
    return client.operator.GetGroup(
        operator_pb2.GetGroupRequest(worker_group="parked")).parked_calls


if __name__ == "__main__":
    unittest.main()
