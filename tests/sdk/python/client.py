"""One step of a task runner for each line, with boto3.

../README.md says what the lines are.
"""

import socket
import sys

import boto3
import botocore.exceptions

service = boto3.client("datapipeline")  # Endpoint, region, keys: environment.


def poll(worker_group):
    task = service.poll_for_task(workerGroup=worker_group,
                                 hostname=socket.gethostname()).get("taskObject")
    if not task:
        return ["none"]
    fields = task["objects"][task["attemptId"]]["fields"]
    return ["task", task["taskId"],
            next(f["stringValue"] for f in fields if f["key"] == "command")]


def report(task_id, percent):
    answer = service.report_task_progress(
        taskId=task_id,
        fields=[{"key": "percentComplete", "stringValue": percent}])
    return ["canceled" if answer["canceled"] else "continue"]


def finish(task_id):
    service.set_task_status(taskId=task_id, taskStatus="FINISHED")
    return ["ok"]


def fail(task_id, error_id, message):
    service.set_task_status(taskId=task_id, taskStatus="FAILED",
                            errorId=error_id, errorMessage=message)
    return ["ok"]


def heartbeat(runner_id):
    answer = service.report_task_runner_heartbeat(
        taskrunnerId=runner_id, hostname=socket.gethostname())
    return ["terminate" if answer["terminate"] else "continue"]


STEPS = {step.__name__: step for step in (poll, report, finish, fail, heartbeat)}


def failure(kind, error):
    return [kind, error.response["Error"]["Code"],
            error.response["ResponseMetadata"]["HTTPStatusCode"],
            error.response["ResponseMetadata"]["RequestId"],
            error.response["Error"]["Message"]]


for line in sys.stdin:
    step, *members = line.rstrip("\n").split("\t")
    try:
        answer = STEPS[step](*members)
    except service.exceptions.TaskNotFoundException as error:
        answer = failure("gone", error)
    except botocore.exceptions.ClientError as error:
        answer = failure("error", error)
    except botocore.exceptions.BotoCoreError as error:
        answer = ["broken", type(error).__name__, "", "", error]
    print(*answer, sep="\t", flush=True)
