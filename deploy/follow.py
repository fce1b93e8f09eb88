"""Shows each step of a task's life as it happens.

Usage: follow.py HOLDLINE ADDRESS TASK OUTPUT_FOLDER

HOLDLINE is the command line, which asks the broker at ADDRESS. Exits with 0
once the task has finished, with 1 if it failed or was cancelled, or if it has
not ended within a minute.
"""

import json
import pathlib
import subprocess
import sys
import time

FINAL = {"FINISHED", "FAILED", "CANCELED"}
PATIENCE_SECONDS = 60


def get(holdline, address, name):
    answer = subprocess.run(
        [holdline, "--address", address, "--json", "get", name],
        stdout=subprocess.PIPE, check=True)
    return json.loads(answer.stdout)


def steps(task):
    """Returns (time, text) of all that has happened to a task, in order."""
    found = [(task["submitTime"], f"submitted as {task['name']}")]
    for attempt in task.get("attempts", []):
        which = f"attempt {attempt['number']}"
        if "startTime" in attempt:
            found.append((attempt["startTime"], f"{which} handed out to "
                          f"{attempt.get('hostname', 'a runner')}"))
        if "acknowledgeTime" in attempt:
            found.append((attempt["acknowledgeTime"],
                          f"{which} acknowledged by the runner"))
        if "endTime" in attempt:
            found.append((attempt["endTime"],
                          f"{which} ended: {attempt['outcome']}"))
    if "endTime" in task:
        found.append((task["endTime"], f"{task['name']} is {task['state']}"))
    return found


def show(left, right):
    print(f"  {left:12}  {right}", flush=True)


def show_output(folder, name):
    # The runner keeps output in a folder that is named for the task.
    for path in sorted(pathlib.Path(folder, name).rglob("std*")):
        for line in path.read_text(errors="replace").splitlines():
            show(path.name, line)


def main():
    holdline, address, name, folder = sys.argv[1:]
    shown = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        task = get(holdline, address, name)
        happened = steps(task)
        for when, what in happened[shown:]:
            show(when[11:23], what)
        shown = len(happened)
        if task["state"] in FINAL:
            show_output(folder, name)
            return 0 if task["state"] == "FINISHED" else 1
        time.sleep(0.05)
    print(f"{name} has not ended within {PATIENCE_SECONDS} s.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
