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


def fields(task):
    values = {}  # Each field may have several.
    for field in task["objects"][task["attemptId"]]["fields"]:
        values.setdefault(field["key"], []).append(field.get("stringValue"))
    return values


def perform(service, task):
    canceled = lambda: service.report_task_progress(taskId=task["taskId"])["canceled"]
    if canceled():  # The first report says that the task has arrived.
        return
    told = fields(task)
    command = ["/bin/sh", "-c", told["command"][0], "sh", *told.get("scriptArgument", [])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    errors = None
    while errors is None:
        try:
            errors = process.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            if canceled():
                return os.killpg(process.pid, signal.SIGKILL)
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
    done = False
    while not done:
        answer = service.poll_for_task(workerGroup=worker_group, hostname=host)
        if answer.get("taskObject"):
            perform(service, answer["taskObject"])
            done = "--once" in options


main(*sys.argv[1:])
