"""Runners and operators of pipelines that keep on through a server's deaths."""

import dataclasses

import grpc
from grpc_client import pipeline, queue
from pipeline_objects import (activate, deactivate, describe, fields_of, query,
                              set_status)

from pipelines import GROUP, is_open_end
from run_ledger import number_of
from workers import CALL_SECONDS, Worker

# From a hand-out to the report that acknowledges it, at most.
LEASE_SECONDS = 120
ENDED = {"FINISHED", "FAILED", "CASCADE_FAILED", "CANCELED"}


@dataclasses.dataclass
class Chances:
    """How often a runner is in trouble; none of them once things are to end."""
    of_lost_polls: float = 0.1
    of_silence: float = 0.02
    of_silence_after_a_report: float = 0.02
    of_release: float = 0.05
    of_failure: float = 0.1

    def end(self):
        for field in dataclasses.fields(self):
            setattr(self, field.name, 0)


class PipelineRunner(Worker):

    chances = Chances()

    def work(self):
        polled_at = self.ledger.now()
        answer = self.attempt(self.poll)
        if answer is not None and answer.HasField("task_object"):
            self.perform(answer.task_object, polled_at)

    def poll(self, client):
        request = pipeline.PollForTaskInput(worker_group=GROUP,
                                            hostname=self.name)
        call = client.pipeline.PollForTask.future(request, timeout=CALL_SECONDS)
        if not self.happens(self.chances.of_lost_polls):
            return call.result()
        try:
            return call.result(timeout=self.random.random() * 0.02)
        except grpc.FutureTimeoutError:
            call.cancel()
            self.ledger.note("polls that were lost")
            return None

    def happens(self, chance):
        return self.random.random() < chance

    def perform(self, task, polled_at):
        lease = (task.pipeline_id, task.attempt_id, task.task_id)
        fields = fields_of(task.objects[task.attempt_id])
        self.ledger.hold(*lease, polled_at, LEASE_SECONDS)
        if self.happens(self.chances.of_silence):
            self.ledger.note("runners that vanished")
            return
        if not self.report(lease, fields):
            return
        if self.happens(self.chances.of_silence_after_a_report):
            self.ledger.note("runners that vanished after a report")
            return
        self.ledger.let_go(*lease)
        if self.happens(self.chances.of_release):
            self.release(task.task_id)
        else:
            self.end(lease, self.status_for(fields, task.attempt_id))

    def report(self, lease, fields):
        """Returns whether to go on."""
        minutes = int(fields["reportProgressTimeout"][0].split()[0])
        self.ledger.keep(*lease, self.ledger.now() + 60 * minutes)
        answer = self.until_known(
            lambda client: client.pipeline.ReportTaskProgress(
                pipeline.ReportTaskProgressInput(task_id=lease[2]),
                timeout=CALL_SECONDS))
        if answer.canceled:
            self.ledger.note("leases that were over")
            if self.ledger.is_held(*lease):
                self.ledger.blame(f"{lease[1]}: a live lease was revoked")
            return False
        return True

    def release(self, task_id):
        try:
            self.until_known(lambda client: client.queue.ReleaseTask(
                queue.ReleaseTaskRequest(task_id=task_id), timeout=CALL_SECONDS))
            self.ledger.note("released")
        except grpc.RpcError as error:
            self.expect_late(error)

    def status_for(self, fields, attempt_id):
        component = fields["@componentParent"][0]
        if component == "Root" and number_of(attempt_id) == 1:
            return "FAILED"
        if not self.happens(self.chances.of_failure):
            return "FINISHED"
        return "FALSE" if component == "Landed" else "FAILED"

    def end(self, lease, status):
        try:
            self.until_known(lambda client: client.pipeline.SetTaskStatus(
                pipeline.SetTaskStatusInput(task_id=lease[2], task_status=status),
                timeout=CALL_SECONDS))
            self.ledger.acknowledge_end(lease[0], lease[1], status)
        except grpc.RpcError as error:
            self.expect_late(error)

    def expect_late(self, error):
        """Takes it that the lease was over, or the call a repeat of a repeat."""
        if error.code() != grpc.StatusCode.NOT_FOUND:
            raise error
        self.ledger.note("came too late")


class Steersman(Worker):
    """Tells the instances of one pipeline what to do, and alone does so."""

    def __init__(self, address, ledger, seed, pipeline_id):
        super().__init__(address, ledger, seed)
        self.pipeline_id = pipeline_id

    def call(self, function, *arguments):
        """Repeats a call for the pipeline until the server has answered it."""
        return self.until_known(lambda client: [
            function(client, self.pipeline_id, *arguments)])[0]

    def instances(self, **equal):
        return self.until_known(lambda client: [
            query(client, self.pipeline_id, "INSTANCE", **equal)])[0]

    def steer(self, instance_id, verb):
        self.ledger.begin_steering(self.pipeline_id, instance_id)
        self.call(set_status, [instance_id], verb)
        seen = self.call(describe, [instance_id])[instance_id]
        status = seen["@status"][0]
        if verb == "TRY_CANCEL" and status not in ENDED:
            self.ledger.blame(f"{instance_id} is {status}, although cancelled")
        if verb == "MARK_FINISHED" and status != "FINISHED":
            self.ledger.blame(f"{instance_id} is {status}, although marked")
        self.ledger.acknowledge_steering(self.pipeline_id, instance_id, verb, seen)


class Operator(Steersman):
    """Interferes at random."""

    VERBS = ("TRY_CANCEL", "RERUN", "RERUN", "MARK_FINISHED")
    COMPONENTS = ("First", "Second", "Third")

    def work(self):
        self.stopping.wait(self.random.random() * 0.1)
        chance = self.random.random()
        ids = [name for name in self.instances() if not is_open_end(name)]
        if chance < 0.1:
            self.pause(self.random.choice(self.COMPONENTS))
        elif chance < 0.15:
            self.rest()
        elif ids:
            self.steer(self.random.choice(ids), self.random.choice(self.VERBS))

    def pause(self, component):
        self.call(set_status, [component], "PAUSE")
        self.stopping.wait(self.random.random() * 0.5)
        self.call(set_status, [component], "RESUME")
        self.ledger.note("PAUSE and RESUME")

    def rest(self):
        """Lets nothing begin for a while."""
        self.call(deactivate, False)
        self.stopping.wait(self.random.random() * 0.5)
        self.call(activate)
        self.ledger.note("deactivated and activated")


class Mender(Steersman):
    """Runs again what has failed at the root of a cascade."""

    def work(self):
        self.stopping.wait(self.random.random() * 0.2)
        ids = self.instances(status=["FAILED", "CANCELED"])
        if ids:
            self.steer(self.random.choice(ids), "RERUN")
