"""What the cloud did for pipelines: machines, preconditions, alarms."""

import os
import signal
import subprocess
import sys
import unittest
from unittest import mock

import boto3
from moto.server import ThreadedMotoServer

from downtime import pass_time
from grpc_client import Client
from pipeline_objects import (activate, create, definition, describe, query,
                              state)
from server_process import PROGRAMS, RUNNER, Server, eventually, new_folder
from webhook import Webhook

LAUNCHER = PROGRAMS / "client/python/resource_launcher.py"
CHECKER = PROGRAMS / "client/python/precondition_runner.py"

DEFAULT = {"scheduleType": "ondemand", "workerGroup": "here", "role": "role",
           "resourceRole": "role", "failureAndRerunMode": "cascade",
           "maximumRetries": "0", "retryDelay": "1 minute"}
WORK = {"type": "ShellCommandActivity", "command": "true"}


class ResourcesTest(unittest.TestCase):

    def setUp(self):
        self.data = new_folder()
        self.webhook = Webhook()
        self.addCleanup(self.webhook.close)
        self.programs = []
        self.addCleanup(self.end_programs)
        self.start_server()
        self.addCleanup(lambda: self.server.kill())

    def start_server(self):
        self.server = Server(*self.webhook.options, data=self.data)
        self.client = Client(self.server.grpc)
        self.addCleanup(self.client.channel.close)

    def start_program(self, *command):
        self.programs.append(subprocess.Popen(
            [sys.executable, *command], cwd=new_folder(),
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path),
                 "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
                 "AWS_DEFAULT_REGION": "us-east-1"}))

    def end_programs(self):
        while self.programs:
            program = self.programs.pop()
            # With what it has started.
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def activated(self, **objects):
        pipeline_id = create(self.client, self.id(),
                             definition(Default=DEFAULT, **objects))
        activate(self.client, pipeline_id)
        return pipeline_id

    def run_of(self, pipeline_id, component):
        """The fields of the instance of a component, once it is there."""
        ids = query(self.client, pipeline_id, "INSTANCE",
                    componentParent=[component])
        return describe(self.client, pipeline_id, ids).get(ids[0] if ids else "")

    def await_status(self, pipeline_id, component, status):
        def has_it():
            run = self.run_of(pipeline_id, component)
            return run and run["@status"] == [status] and run
        return eventually(has_it, f"{component} is {status}")

    def finish_work(self, status="FINISHED", **error):
        task = eventually(lambda: self.client.poll("here"), "there is work")
        self.assertFalse(self.client.report(task.task_id))
        self.client.finish(task.task_id, status, **error)

    def test_a_machine_that_ends_at_once_takes_its_work_with_it(self):
        pipeline_id = self.activated(
            Machine={"type": "Ec2Resource", "terminateAfter": "1 hour"},
            Work={**WORK, "runsOn": {"ref": "Machine"}})
        self.start_program(LAUNCHER, self.server.endpoint, "false")
        machine = self.await_status(pipeline_id, "Machine", "FAILED")
        self.assertEqual(machine["errorId"], ["MachineLost"])
        self.assertEqual(machine["@failureReason"], ["The command ended with 1."])
        self.await_status(pipeline_id, "Work", "CANCELED")

    def test_two_activities_share_a_machine_one_after_the_other(self):
        pipeline_id = self.activated(
            Machine={"type": "Ec2Resource", "terminateAfter": "1 hour"},
            First={**WORK, "runsOn": {"ref": "Machine"}},
            Second={**WORK, "runsOn": {"ref": "Machine"},
                    "dependsOn": {"ref": "First"}})
        self.start_program(LAUNCHER, self.server.endpoint, RUNNER,
                           "--address", self.server.grpc, "--worker-group")
        for component in ("Second", "Machine"):
            run = self.await_status(pipeline_id, component, "FINISHED")
        self.assertEqual(run["@attemptCount"], ["1"])
        self.assertEqual(state(self.client, pipeline_id), "FINISHED")

    def test_a_precondition_is_checked_until_it_holds(self):
        cloud = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cloud.start()
        self.addCleanup(cloud.stop)
        url = "http://%s:%d" % cloud.get_host_and_port()
        environment = mock.patch.dict(os.environ, AWS_ENDPOINT_URL_S3=url)
        environment.start()
        self.addCleanup(environment.stop)
        storage = boto3.client("s3", region_name="us-east-1",
                               aws_access_key_id="any",
                               aws_secret_access_key="any")
        storage.create_bucket(Bucket="data")
        pipeline_id = self.activated(
            Landed={"type": "S3KeyExists", "s3Key": "s3://data/_SUCCESS"},
            Input={"type": "S3DataNode", "directoryPath": "s3://data/",
                   "precondition": {"ref": "Landed"}},
            Work={**WORK, "input": {"ref": "Input"}})
        self.start_program(CHECKER, self.server.endpoint)
        eventually(lambda: (self.run_of(pipeline_id, "Landed") or {}).get(
            "currentRetryCount") == ["1"], "it was found to be false")
        run = self.run_of(pipeline_id, "Input")
        self.assertEqual(run["@status"], ["WAITING_ON_DEPENDENCIES"])

        storage.put_object(Bucket="data", Key="_SUCCESS", Body=b"")
        self.end_programs()
        self.server.stop()
        pass_time(self.data, 60)
        self.start_server()
        self.start_program(CHECKER, self.server.endpoint)
        self.await_status(pipeline_id, "Input", "FINISHED")
        self.assertEqual(
            self.run_of(pipeline_id, "Landed")["@attemptCount"], ["2"])
        self.finish_work()
        self.assertEqual(state(self.client, pipeline_id), "FINISHED")

    def test_alarms_arrive_signed(self):
        topic = {"type": "SnsAlarm", "role": "role",
                 "topicArn": "arn:aws:sns:us-east-1:123456789012:runs"}
        pipeline_id = self.activated(
            Work={**WORK, "onSuccess": {"ref": "Done"}, "onFail": {"ref": "Bad"}},
            Done={**topic, "subject": "Done",
                  "message": "#{node.name} since #{node.@scheduledStartTime}"},
            Bad={**topic, "subject": "Bad",
                 "message": "#{node.errorId}: #{node.errorMessage}"})
        self.finish_work("FAILED", error_id="ExitCode3",
                         error_message="not today \u00e4")
        activate(self.client, pipeline_id)
        self.finish_work()
        eventually(lambda: len(self.webhook.alarms) == 2, "both have arrived")
        self.assertEqual(self.webhook.complaints, [])
        runs = sorted(query(self.client, pipeline_id, "INSTANCE"))
        done, bad = sorted(self.webhook.alarms.values(),
                           key=lambda alarm: alarm["Subject"], reverse=True)
        self.assertEqual(bad["Message"], "ExitCode3: not today \u00e4")
        self.assertEqual(done["Message"],
                         f"{runs[1]} since {runs[1].removeprefix('@Work_')}")
        for alarm in (done, bad):
            self.assertEqual(alarm["TopicArn"], topic["topicArn"])
            self.assertEqual(alarm["Type"], "Notification")


if __name__ == "__main__":
    unittest.main()
