"""One step of a task runner for each line, with a call of the AWS CLI.

../README.md says what the lines are. The AWS CLI tells neither the HTTP status
nor the request id of an error.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys

AWS = pathlib.Path(sys.executable).with_name("aws")
HOST = ("--hostname", socket.gethostname())


class Refused(Exception):
    pass


def aws(*arguments):
    done = subprocess.run([sys.executable, AWS, "datapipeline", *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr)
    return json.loads(done.stdout or "{}")


def poll(worker_group):
    task = aws("poll-for-task", "--worker-group", worker_group,
               *HOST).get("taskObject")
    if not task:
        return ["none"]
    fields = task["objects"][task["attemptId"]]["fields"]
    return ["task", task["taskId"],
            next(f["stringValue"] for f in fields if f["key"] == "command")]


def report(task_id, percent):
    answer = aws("report-task-progress", "--task-id", task_id, "--fields",
                 f"key=percentComplete,stringValue={percent}")
    return ["canceled" if answer["canceled"] else "continue"]


def finish(task_id):
    aws("set-task-status", "--task-id", task_id, "--task-status", "FINISHED")
    return ["ok"]


def fail(task_id, error_id, message):
    aws("set-task-status", "--task-id", task_id, "--task-status", "FAILED",
        "--error-id", error_id, "--error-message", message)
    return ["ok"]


def heartbeat(runner_id):
    answer = aws("report-task-runner-heartbeat", "--taskrunner-id", runner_id,
                 *HOST)
    return ["terminate" if answer["terminate"] else "continue"]


STEPS = {step.__name__: step for step in (poll, report, finish, fail, heartbeat)}


def failure(text):
    told = re.search(r"An error occurred \((\w+)\) .*? operation.*?: (.*)", text)
    if not told:
        return ["broken", "", "", "", " ".join(text.split())]
    kind = "gone" if told[1] == "TaskNotFoundException" else "error"
    return [kind, told[1], "", "", told[2]]


for line in sys.stdin:
    step, *members = line.rstrip("\n").split("\t")
    try:
        answer = STEPS[step](*members)
    except Refused as refused:
        answer = failure(str(refused))
    print(*answer, sep="\t", flush=True)
