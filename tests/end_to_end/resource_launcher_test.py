"""Activities run on what the example of a launcher launches."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

import boto3

from server_process import PROGRAMS, RUNNER, Server, eventually, new_folder

LAUNCHER = PROGRAMS / "client/python/resource_launcher.py"

DEFINITION = [
    ("Default", {"scheduleType": "ondemand", "role": "r", "resourceRole": "r"}),
    ("Machine", {"type": "Ec2Resource", "terminateAfter": "1 hour"}),
    ("Work", {"type": "ShellCommandActivity", "command": "true",
              "runsOn": {"ref": "Machine"}}),
]


def wire(name, fields):
    return {"id": name, "name": name, "fields": [
        {"key": key, "refValue": value["ref"]} if isinstance(value, dict)
        else {"key": key, "stringValue": value}
        for key, value in fields.items()]}


class ResourceLauncherTest(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.kill)
        self.service = boto3.client(
            "datapipeline", endpoint_url=self.server.endpoint,
            region_name="us-east-1", aws_access_key_id="any",
            aws_secret_access_key="any")

    def launch(self):
        launcher = subprocess.Popen(
            [sys.executable, LAUNCHER, self.server.endpoint,
             RUNNER, "--address", self.server.grpc, "--worker-group"],
            cwd=new_folder(), start_new_session=True, env={
                "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_DEFAULT_REGION": "us-east-1",
                "PYTHONPATH": ":".join(sys.path)})
        self.addCleanup(launcher.wait)
        # With what it has launched.
        self.addCleanup(os.killpg, launcher.pid, signal.SIGKILL)
        return launcher

    @staticmethod
    def has_children(process):
        threads = pathlib.Path(f"/proc/{process.pid}/task")
        try:
            return any((thread / "children").read_text(encoding="utf-8")
                       for thread in threads.iterdir())
        except FileNotFoundError:  # a thread that has ended meanwhile
            return True

    def statuses(self, pipeline):
        ids = self.service.query_objects(
            pipelineId=pipeline, sphere="INSTANCE")["ids"]
        if not ids:
            return {}
        objects = self.service.describe_objects(
            pipelineId=pipeline, objectIds=ids)["pipelineObjects"]
        return {field["refValue"]: status["stringValue"]
                for told in objects
                for field in told["fields"] if field["key"] == "@componentParent"
                for status in told["fields"] if status["key"] == "@status"}

    def test_a_machine_is_launched_used_and_stopped(self):
        pipeline = self.service.create_pipeline(
            name="machines", uniqueId="1")["pipelineId"]
        answer = self.service.put_pipeline_definition(
            pipelineId=pipeline,
            pipelineObjects=[wire(*told) for told in DEFINITION])
        self.assertFalse(answer["errored"], answer)
        launcher = self.launch()
        self.service.activate_pipeline(pipelineId=pipeline)
        eventually(lambda: self.statuses(pipeline) ==
                   {"Machine": "FINISHED", "Work": "FINISHED"},
                   "the work and its machine have finished")
        eventually(lambda: not self.has_children(launcher), "it is stopped")

    def test_the_page_shows_the_example(self):
        source = LAUNCHER.read_text(encoding="utf-8")
        shown = source[source.index("def tend"):source.index("\n\ndef main")]
        page = pathlib.Path("server/pipeline/RESOURCES.md")
        self.assertIn(shown.rstrip(), page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
