"""A task runner over boto3: runs ShellCommandActivity tasks, one at a time.

Usage: boto3_runner.py URL WORKER_GROUP [--once]
"""

import os
import signal
import socket
import subprocess
import sys

import boto3
from botocore.config import Config

REPORT_SECONDS = 60


def fields(task):
    """The task's fields, each a list of its values."""
    values = {}
    for field in task["objects"][task["attemptId"]]["fields"]:
        values.setdefault(field["key"], []).append(field.get("stringValue"))
    return values


def perform(service, task):
    def canceled():
        return service.report_task_progress(taskId=task["taskId"])["canceled"]

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
    status = {"taskId": task["taskId"], "taskStatus": "FINISHED"}
    if process.returncode != 0:
        status.update(taskStatus="FAILED",
                      errorId=f"ExitCode{process.returncode}",
                      errorMessage=errors[-4096:].decode(errors="replace"))
    service.set_task_status(**status)


def main(url, worker_group, *options):
    # A poll is held up to 90 s: longer than boto3 waits by itself.
    service = boto3.client("datapipeline", endpoint_url=url, config=Config(read_timeout=100))
    host = socket.gethostname()
    while True:
        answer = service.poll_for_task(workerGroup=worker_group, hostname=host)
        if answer.get("taskObject"):
            perform(service, answer["taskObject"])
            if "--once" in options:
                return


main(*sys.argv[1:])
