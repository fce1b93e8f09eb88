"""A task runner over gRPC. Usage: grpc_runner.py HOST:PORT WORKER_GROUP [--once]

Needs grpcio and the stubs of proto/holdline/v1 on PYTHONPATH (see README.md). As
holdline does, it takes HOLDLINE_TLS_AUTHORITIES, the path of certificates to
believe, HOLDLINE_ACCESS_KEY, HOLDLINE_SECRET and HOLDLINE_SESSION_TOKEN.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time

import grpc
from holdline.v1 import data_pipeline_pb2 as pb
from holdline.v1 import data_pipeline_pb2_grpc as services


def caller():
    """What each call says who makes it with. The commands are not to know it."""
    told = {name: os.environ.pop(f"HOLDLINE_{name}", "")
            for name in ("ACCESS_KEY", "SECRET", "SESSION_TOKEN")}
    if not told["ACCESS_KEY"]:
        return ()
    metadata = [("authorization", f"Bearer {told['ACCESS_KEY']}:{told['SECRET']}")]
    if told["SESSION_TOKEN"]:
        metadata.append(("x-amz-security-token", told["SESSION_TOKEN"]))
    return tuple(metadata)


CALLER = caller()
# The server restarts, or is busy: the same call will be answered later.
LATER = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED,
         grpc.StatusCode.CANCELLED, grpc.StatusCode.RESOURCE_EXHAUSTED)


def ask(method, request, timeout=10):
    """Calls until there is an answer."""
    while True:
        try:
            return method(request, timeout=timeout, wait_for_ready=True, metadata=CALLER)
        except grpc.RpcError as error:
            if error.code() not in LATER:
                raise
            time.sleep(random.random())


def channel(address):
    authorities = os.environ.get("HOLDLINE_TLS_AUTHORITIES")
    options = [("grpc.max_reconnect_backoff_ms", 1000)]
    if not authorities:
        return grpc.insecure_channel(address, options)  # to this machine only
    with open(authorities, "rb") as file:
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()), options)


def fields(task):
    values = {}  # Each field may have several.
    for field in task.objects[task.attempt_id].fields:
        values.setdefault(field.key, []).append(field.string_value)
    return values


def refusal(told):
    """Why nobody could perform the task as it is. Nothing if this runner can."""
    if told["type"] != ["ShellCommandActivity"] or "command" not in told:
        return "This runner performs ShellCommandActivity with a command only."
    if told.get("stage", ["false"]) != ["false"]:
        return "This runner does not stage data."


def perform(service, task):
    report = pb.ReportTaskProgressInput(task_id=task.task_id)
    canceled = lambda: ask(service.ReportTaskProgress, report).canceled
    if canceled():  # The first report says that the task has arrived.
        return
    told = fields(task)
    status = pb.SetTaskStatusInput(task_id=task.task_id, task_status="FAILED")
    if why := refusal(told):
        status.error_id, status.error_message = "UnsupportedTask", why
        status.do_not_retry = True
        return ask(service.SetTaskStatus, status)
    command = ["/bin/sh", "-c", told["command"][0], "sh", *told.get("scriptArgument", [])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    errors = None
    while errors is None:
        try:
            errors = process.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            if canceled():
                return os.killpg(process.pid, signal.SIGKILL)
    if process.returncode == 0:
        status.task_status = pb.SetTaskStatusInput.FINISHED
    else:
        status.error_id = f"ExitCode{process.returncode}"
        status.error_message = errors[-4096:].decode(errors="replace")
    ask(service.SetTaskStatus, status)


def main(address, worker_group, *options):
    service = services.DataPipelineStub(channel(address))
    host = socket.gethostname()
    poll = pb.PollForTaskInput(worker_group=worker_group, hostname=host,
                               taskrunner_id=f"{host}-{os.getpid()}")
    done = False
    while not done:
        answer = ask(service.PollForTask, poll, timeout=100)
        done = answer.terminate    # an operator drains this runner
        if answer.HasField("task_object"):
            perform(service, answer.task_object)
            done = "--once" in options


main(*sys.argv[1:])
