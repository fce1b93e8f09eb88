"""A task runner over gRPC: runs ShellCommandActivity tasks, one at a time.

Usage: grpc_runner.py HOST:PORT WORKER_GROUP [--once]
Needs grpcio and the stubs of proto/holdline/v1 on PYTHONPATH (see README.md).
"""

import os
import signal
import socket
import subprocess
import sys

import grpc
from holdline.v1 import data_pipeline_pb2 as pb
from holdline.v1 import data_pipeline_pb2_grpc as services

REPORT_SECONDS = 60


def fields(task):
    """The task's fields, each a list of its values."""
    values = {}
    for field in task.objects[task.attempt_id].fields:
        values.setdefault(field.key, []).append(field.string_value)
    return values


def perform(service, task):
    def canceled():
        report = pb.ReportTaskProgressInput(task_id=task.task_id)
        return service.ReportTaskProgress(report, timeout=10).canceled

    if canceled():  # The first report says that the task has arrived.
        return
    told = fields(task)
    command = ["/bin/sh", "-c", told.get("command", ["exit 127"])[0], "sh"]
    process = subprocess.Popen(command + told.get("scriptArgument", []),
                               stderr=subprocess.PIPE, start_new_session=True)
    while True:
        try:
            errors = process.communicate(timeout=REPORT_SECONDS)[1]
            break
        except subprocess.TimeoutExpired:
            if canceled():
                os.killpg(process.pid, signal.SIGKILL)
                return
    status = pb.SetTaskStatusInput(task_id=task.task_id, task_status="FINISHED")
    if process.returncode != 0:
        status.task_status = pb.SetTaskStatusInput.FAILED
        status.error_id = f"ExitCode{process.returncode}"
        status.error_message = errors[-4096:].decode(errors="replace")
    service.SetTaskStatus(status, timeout=10)


def main(address, worker_group, *options):
    service = services.DataPipelineStub(grpc.insecure_channel(address))
    poll = pb.PollForTaskInput(worker_group=worker_group, hostname=socket.gethostname())
    while True:
        answer = service.PollForTask(poll, timeout=100, wait_for_ready=True)
        if answer.HasField("task_object"):
            perform(service, answer.task_object)
            if "--once" in options:
                return


main(*sys.argv[1:])
