"""The pipelines that run while the server is killed, as fields by id.

All of their intervals are due at once: they lie in the past.
"""

import datetime

from shell import GROUP as SHELL_GROUP

GROUP = "chaos"
START = datetime.datetime(2020, 1, 1)
QUARTER = datetime.timedelta(minutes=15)
# Quarters of an hour in an hour.
QUARTERS = 4
LEAVES = 60


def ref(*ids):
    return [{"ref": name} for name in ids]


def quarterly(intervals, **default):
    """Default and the schedule: so many intervals of a quarter of an hour."""
    return {
        "Default": {
            "scheduleType": "cron", "schedule": ref("Quarterly"),
            "workerGroup": GROUP, "pipelineLogUri": "s3://logs/",
            "maximumRetries": "2", "retryDelay": "1 minute",
            "reportProgressTimeout": "1 minute", **default},
        "Quarterly": schedule("15 minutes", intervals)}


def schedule(period, intervals):
    return {"type": "Schedule", "period": period,
            "startDateTime": START.isoformat(), "occurrences": str(intervals)}


def shell(**fields):
    return {"type": "ShellCommandActivity", "command": "true", **fields}


def open_end():
    """Keeps a pipeline from being finished, in which nothing could be steered."""
    return {"Once": schedule("1 hour", 1),
            "Open": shell(schedule=ref("Once"), workerGroup="nobody")}


def is_open_end(instance_id):
    return instance_id.startswith("@Open_")


def alarm(message):
    return {"type": "SnsAlarm", "topicArn": "arn:aws:sns:us-east-1:1:chaos",
            "role": "role", "subject": "chaos", "message": message}


def backfill(intervals):
    """Data nodes, a precondition, dependencies and a roll-up."""
    return {
        **quarterly(intervals),
        "Hourly": schedule("1 hour", intervals // QUARTERS),
        "Landed": {"type": "ShellCommandPrecondition", "command": "true"},
        "Raw": {"type": "S3DataNode", "filePath": "s3://data/raw",
                "precondition": ref("Landed")},
        "Extract": shell(output=ref("Staged")),
        "Staged": {"type": "S3DataNode", "filePath":
                   "s3://data/#{format(@scheduledStartTime,'YYYY-MM-dd-HH-mm')}"},
        "Load": shell(input=ref("Raw", "Staged"), dependsOn=ref("Extract")),
        "Report": shell(schedule=ref("Hourly"), dependsOn=ref("Load"),
                        onSuccess=ref("Told")),
        "Told": alarm("#{node.@scheduledStartTime}"),
    }


def wide(intervals):
    """Many wait for one, which fails at first, and fail with it."""
    leaves = {f"Leaf{number}": shell(dependsOn=ref("Root"))
              for number in range(LEAVES)}
    return {
        **quarterly(intervals, failureAndRerunMode="cascade"),
        **open_end(),
        "Root": shell(maximumRetries="0", onFail=ref("Told")),
        "Told": alarm("#{node.@scheduledStartTime}"),
        **leaves,
        "Total": shell(dependsOn=ref(*leaves)[:20]),
    }


def chain(intervals):
    """What operators interfere with."""
    return {
        **quarterly(intervals, failureAndRerunMode="cascade"),
        **open_end(),
        "First": shell(output=ref("Between")),
        "Between": {"type": "S3DataNode", "filePath": "s3://data/between"},
        "Second": shell(input=ref("Between")),
        "Third": shell(dependsOn=ref("Second")),
    }


def performed(intervals, folder):
    """What real runners perform: Again fails at first, and Never succeeds."""
    mark = f"{folder}/#{{format(@scheduledStartTime,'YYYY-MM-dd-HH-mm')}}"
    return {
        **quarterly(intervals, failureAndRerunMode="cascade",
                    workerGroup=SHELL_GROUP, maximumRetries="5"),
        "Again": shell(
            command=f"test -e {mark} || {{ touch {mark}; exit 1; }}"),
        "After": shell(dependsOn=ref("Again")),
        "Never": shell(command="exit 1", maximumRetries="0"),
        "Cascade": shell(dependsOn=ref("Never")),
    }


PERFORMED_ENDS = {"Again": "FINISHED", "After": "FINISHED", "Never": "FAILED",
                  "Cascade": "CASCADE_FAILED"}


def instances_of(objects):
    """The ids of all instances but those of preconditions."""
    ids = set()
    for name, fields in objects.items():
        if fields.get("type") not in ("ShellCommandActivity", "S3DataNode"):
            continue
        every = objects[fields.get("schedule", ref("Quarterly"))[0]["ref"]]
        length = QUARTER if every["period"] == "15 minutes" else 4 * QUARTER
        for number in range(int(every["occurrences"])):
            start = START + number * length
            ids.add(f"@{name}_{start.isoformat()}")
    return ids
