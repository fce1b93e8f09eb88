"""Launches resources. Usage: resource_launcher.py URL COMMAND...

For each resource COMMAND is started with its worker group as the last argument,
such as docker run --rm IMAGE holdline-runner --address HOST:7070 --worker-group
"""

import socket
import subprocess
import sys
import threading

import boto3
from botocore.config import Config


def tend(service, task, command):
    told = task["objects"][task["attemptId"]]["fields"]
    group = next(field["stringValue"] for field in told if field["key"] == "workerGroup")
    machine = None
    while not service.report_task_progress(taskId=task["taskId"])["canceled"]:
        machine = machine or subprocess.Popen([*command, group])
        try:
            lost = f"The command ended with {machine.wait(timeout=5)}."
        except subprocess.TimeoutExpired:
            continue
        return service.set_task_status(taskId=task["taskId"], taskStatus="FAILED",
                                       errorId="MachineLost", errorMessage=lost)
    if machine:
        machine.terminate()
        machine.wait()


def main(url, *command):
    # A poll is held up to 90 s: longer than boto3 waits by itself.
    service = boto3.client("datapipeline", endpoint_url=url,
                           config=Config(read_timeout=100, max_pool_connections=100))
    while True:
        answer = service.poll_for_task(workerGroup="holdline.resources",
                                       hostname=socket.gethostname())
        if answer.get("taskObject"):
            threading.Thread(target=tend, args=(service, answer["taskObject"], command)).start()


main(*sys.argv[1:])
