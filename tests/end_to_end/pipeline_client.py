"""Pipelines with the AWS CLI and boto3: what the tests have in common."""

import json
import os

from aws_client import AwsTestCase
from server_process import eventually, new_folder

HOUR = "2012-12-12T00:00:00"

# In the form of the AWS CLI, with the features that its translator has.
DEFINITION = {
    "objects": [
        {"id": "Default", "name": "all of them", "scheduleType": "cron",
         "schedule": {"ref": "Hourly"}, "workerGroup": "#{myGroup}",
         "pipelineLogUri": "s3://logs/"},
        {"id": "Hourly", "type": "Schedule", "period": "1 hour",
         "startDateTime": HOUR, "occurrences": "1"},
        {"id": "Collect", "type": "ShellCommandActivity",
         "command": "echo #{@scheduledStartTime} #{myGreeting}",
         "scriptArgument": ["second", "first"], "myNote": "a \"b\" \u00e4 <&>",
         "maximumRetries": "0"},
        {"id": "Report", "type": "ShellCommandActivity", "command": "true",
         "dependsOn": {"ref": "Collect"}},
    ],
    "parameters": [
        {"id": "myGroup", "type": "String", "description": "who does it"},
        {"id": "myGreeting", "default": "hello", "type": "String"},
        {"id": "myList", "isArray": "true", "default": ["1", "2"]},
    ],
    "values": {"myGroup": "wg", "myList": ["b", "a"]},
}


def definition_for(group, **changes):
    return {**DEFINITION, "values": {**DEFINITION["values"], "myGroup": group},
            **changes}


class PipelineTestCase(AwsTestCase):

    def file(self, content):
        path = os.path.join(new_folder("definition"), "content.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
        return "file://" + path

    def create(self, name=None, *options):
        return self.aws_ok("create-pipeline", "--name", name or self.id(),
                           "--unique-id", "1", *options)["pipelineId"]

    def put(self, pipeline, definition, *options):
        return self.aws_ok(
            "put-pipeline-definition", "--pipeline-id", pipeline,
            "--pipeline-definition", self.file(definition), *options)

    def activated(self, group, **changes):
        """A new pipeline that offers its work to the group."""
        pipeline = self.boto.create_pipeline(
            name=self.id(), uniqueId=group)["pipelineId"]
        self.assertFalse(
            self.put(pipeline, definition_for(group, **changes))["errored"])
        self.boto.activate_pipeline(pipelineId=pipeline)
        return pipeline

    def poll(self, group):
        return eventually(
            lambda: self.boto.poll_for_task(
                workerGroup=group, hostname="here").get("taskObject"),
            "there is a task for " + group)

    def finish(self, task, status="FINISHED"):
        self.boto.report_task_progress(taskId=task["taskId"])
        self.boto.set_task_status(taskId=task["taskId"], taskStatus=status)

    def state(self, pipeline):
        answer = self.aws_ok("describe-pipelines", "--pipeline-ids", pipeline)
        fields = answer["pipelineDescriptionList"][0]["fields"]
        return {f["key"]: f["stringValue"] for f in fields}["@pipelineState"]

    def runs(self, pipeline, *options):
        """The ids that list-runs tells of, and their statuses."""
        runs = self.aws_ok("list-runs", "--pipeline-id", pipeline,
                           "--output", "json", *options)
        return {run["@id"]: run["@status"] for run in runs}
