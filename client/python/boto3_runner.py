"""A task runner over boto3. Usage: boto3_runner.py URL WORKER_GROUP [--once]

Runs ShellCommandActivity tasks, one at a time.
"""

import os
import signal
import socket
import subprocess
import sys

import boto3
from botocore.config import Config


# What the commands get: not the access key with which this runner calls.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                               "AWS_SESSION_TOKEN")}


def fields(task):
    values = {}  # Each field may have several.
    for field in task["objects"][task["attemptId"]]["fields"]:
        values.setdefault(field["key"], []).append(field.get("stringValue"))
    return values


def refusal(told):
    """Why nobody could perform the task as it is. Nothing if this runner can."""
    if told["type"] != ["ShellCommandActivity"] or "command" not in told:
        return "This runner performs ShellCommandActivity with a command only."
    if told.get("stage", ["false"]) != ["false"]:
        return "This runner does not stage data."


def perform(service, task):
    canceled = lambda: service.report_task_progress(taskId=task["taskId"])["canceled"]
    if canceled():  # The first report says that the task has arrived.
        return
    told = fields(task)
    status = {"taskId": task["taskId"], "taskStatus": "FAILED"}
    if why := refusal(told):  # By its beginning, the errorId says to try no more.
        status.update(errorId="DoNotRetry_UnsupportedTask", errorMessage=why)
        return service.set_task_status(**status)
    command = ["/bin/sh", "-c", told["command"][0], "sh", *told.get("scriptArgument", [])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True,
                               env=ENVIRONMENT)
    errors = None
    while errors is None:
        try:
            errors = process.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            if canceled():
                return os.killpg(process.pid, signal.SIGKILL)
    if process.returncode == 0:
        status["taskStatus"] = "FINISHED"
    else:
        status.update(errorId=f"ExitCode{process.returncode}",
                      errorMessage=errors[-4096:].decode(errors="replace"))
    service.set_task_status(**status)


def main(url, worker_group, *options):
    # A poll is held up to 90 s: longer than boto3 waits by itself. A service that
    # restarts is asked again for some five minutes.
    service = boto3.client("datapipeline", endpoint_url=url, config=Config(
        read_timeout=100, retries={"mode": "standard", "total_max_attempts": 20}))
    host = socket.gethostname()
    done = False
    while not done:
        answer = service.poll_for_task(workerGroup=worker_group, hostname=host)
        if answer.get("taskObject"):
            perform(service, answer["taskObject"])
            done = "--once" in options


main(*sys.argv[1:])
