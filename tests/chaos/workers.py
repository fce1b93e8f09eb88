"""Submitters and runners that keep on through a server's deaths."""

import random
import threading
import time

from google.protobuf import duration_pb2
import grpc
from grpc_client import Client, pipeline, queue

GROUP = "chaos"
# From a hand-out to the report that acknowledges it, at most.
LEASE_SECONDS = 15
CALL_SECONDS = 20
# The server is gone or going: the outcome of the call is not known. It never
# cancels a call.
UNKNOWN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


class Worker(threading.Thread):
    """Calls the server at an address, where it is again after each restart."""

    def __init__(self, address, ledger, seed):
        super().__init__()
        self._client = Client(address)
        self.ledger = ledger
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.error = None

    def attempt(self, call):
        """Returns the answer of `call(client)`, or None if it is not known."""
        try:
            return call(self._client)
        except grpc.RpcError as error:
            if error.code() not in UNKNOWN:
                raise
            self.ledger.note("unknown outcome")
            self.stopping.wait(0.02)
            return None

    def until_known(self, call):
        """Repeats a call until the server has answered it."""
        while True:
            answer = self.attempt(call)
            if answer is not None:
                return answer

    def run(self):
        try:
            while not self.stopping.is_set():
                self.work()
        except Exception as error:  # Shown by the test.
            self.error = error
        finally:
            self._client.channel.close()


class Submitter(Worker):

    def work(self):
        request_id = f"{self.name}-{self.random.getrandbits(64):x}"
        count = self.random.randint(1, 3)
        request = queue.SubmitTasksRequest(
            request_id=request_id, tasks=[self.new_task()] * count)
        answer = self.until_known(
            lambda client: client.queue.SubmitTasks(request,
                                                    timeout=CALL_SECONDS))
        self.ledger.acknowledge_submission(request_id, answer.names)
        self.rest()

    def new_task(self):
        return queue.NewTask(
            worker_group=GROUP, type="ShellCommandActivity",
            acknowledge_timeout=duration_pb2.Duration(seconds=LEASE_SECONDS),
            retry_policy=queue.RetryPolicy(
                attempts=2, delay=duration_pb2.Duration()),
            fields=[pipeline.Field(key="command", string_value="x" * 100)])

    def rest(self):
        self.stopping.wait(self.random.random() * 0.02)


class Runner(Worker):

    def work(self):
        polled_at = time.monotonic()
        answer = self.attempt(
            lambda client: client.pipeline.PollForTask(
                pipeline.PollForTaskInput(worker_group=GROUP,
                                          hostname=self.name),
                timeout=CALL_SECONDS))
        if answer is None or not answer.HasField("task_object"):
            return
        self.perform(answer.task_object, polled_at)

    def perform(self, task, polled_at):
        name = task.pipeline_id
        held_until = polled_at + LEASE_SECONDS
        self.ledger.hold(name, task.task_id, held_until)
        report = self.until_known(
            lambda client: client.pipeline.ReportTaskProgress(
                pipeline.ReportTaskProgressInput(task_id=task.task_id),
                timeout=CALL_SECONDS))
        if report.canceled:
            self.ledger.note("lease over")
            if time.monotonic() < held_until:
                self.ledger.blame(f"{name}: a live lease was revoked")
            return
        chance = self.random.random()
        if chance < 0.1:
            self.ledger.let_go(name, task.task_id)
            self.until_known(lambda client: client.queue.ReleaseTask(
                queue.ReleaseTaskRequest(task_id=task.task_id),
                timeout=CALL_SECONDS))
            self.ledger.note("released")
            return
        self.ledger.let_go(name, task.task_id)
        if chance < 0.2:
            self.fail(task.task_id)
            return
        self.until_known(lambda client: client.pipeline.SetTaskStatus(
            pipeline.SetTaskStatusInput(task_id=task.task_id,
                                        task_status="FINISHED"),
            timeout=CALL_SECONDS))
        self.ledger.acknowledge_end(name)

    def fail(self, task_id):
        try:
            self.until_known(lambda client: client.pipeline.SetTaskStatus(
                pipeline.SetTaskStatusInput(task_id=task_id,
                                            task_status="FAILED"),
                timeout=CALL_SECONDS))
        except grpc.RpcError as error:
            # A repeat, while the next attempt is with another runner.
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
        self.ledger.note("failed")
