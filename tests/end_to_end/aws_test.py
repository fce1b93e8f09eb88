"""The AWS CLI and boto3 work against the real server unchanged."""

import json
import unittest
import urllib.request

from aws_client import AwsTestCase


class AwsTest(AwsTestCase):

    def submit(self, group, **members):
        """Submits through the gateway, as an HTTP client without an SDK."""
        body = json.dumps({"tasks": [{
            "workerGroup": group, "type": "ShellCommandActivity",
            "fields": [{"key": "command", "stringValue": "echo hello"}],
            **members}]})
        request = urllib.request.Request(
            self.server.endpoint, body.encode(),
            {"X-Amz-Target": "TaskQueue.SubmitTasks",
             "Content-Type": "application/x-amz-json-1.1"})
        with urllib.request.urlopen(request, timeout=100) as answer:
            return json.load(answer)["names"][0]

    def test_the_aws_cli_performs_a_task(self):
        self.assertNotIn("taskObject", self.aws_ok(
            "poll-for-task", "--worker-group", "cli"))
        self.submit("cli")
        task = self.aws_ok("poll-for-task", "--worker-group", "cli",
                           "--hostname", "here")["taskObject"]
        fields = {f["key"]: f.get("stringValue")
                  for f in task["objects"][task["attemptId"]]["fields"]}
        self.assertEqual(fields["command"], "echo hello")
        progress = self.aws_ok(
            "report-task-progress", "--task-id", task["taskId"],
            "--fields", "key=percentComplete,stringValue=50")
        self.assertEqual(progress, {"canceled": False})
        for _ in range(2):
            self.aws_ok("set-task-status", "--task-id", task["taskId"],
                        "--task-status", "FINISHED")

    def test_the_aws_cli_shows_errors(self):
        self.expect_aws_error("TaskNotFoundException", "report-task-progress",
                              "--task-id", "garbage")

    def test_the_aws_cli_sends_heartbeats(self):
        self.assertEqual(
            self.aws_ok("report-task-runner-heartbeat",
                        "--taskrunner-id", "runner-1", "--worker-group", "cli"),
            {"terminate": False})

    def test_boto3_performs_a_task(self):
        self.assertNotIn("taskObject",
                         self.boto.poll_for_task(workerGroup="boto"))
        self.submit("boto")
        task = self.boto.poll_for_task(
            workerGroup="boto", hostname="here",
            instanceIdentity={"document": "d", "signature": "s"})["taskObject"]
        answer = self.boto.report_task_progress(
            taskId=task["taskId"],
            fields=[{"key": "percentComplete", "stringValue": "50"}])
        self.assertIs(answer["canceled"], False)
        self.boto.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
        self.boto.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
        self.assertIs(
            self.boto.report_task_progress(taskId=task["taskId"])["canceled"],
            True)
        self.expect_boto_error("TaskNotFoundException",
                               self.boto.set_task_status,
                               taskId=task["taskId"], taskStatus="FAILED")

    def test_boto3_fails_a_task_with_a_long_trace(self):
        self.submit("boto failure", retryPolicy={"attempts": 1})
        task = self.boto.poll_for_task(workerGroup="boto failure")["taskObject"]
        self.boto.set_task_status(
            taskId=task["taskId"], taskStatus="FAILED", errorId="Oops",
            errorMessage="it broke", errorStackTrace="line\n" * 5000)
        self.assertNotIn("taskObject",
                         self.boto.poll_for_task(workerGroup="boto failure"))

    def test_boto3_learns_that_its_lease_was_given_to_another(self):
        self.submit("boto lease", acknowledgeTimeout="1s")
        first = self.boto.poll_for_task(workerGroup="boto lease")["taskObject"]
        second = None
        while second is None:
            second = self.boto.poll_for_task(
                workerGroup="boto lease").get("taskObject")
        self.assertIs(
            self.boto.report_task_progress(taskId=first["taskId"])["canceled"],
            True)
        self.expect_boto_error("TaskNotFoundException",
                               self.boto.set_task_status,
                               taskId=first["taskId"], taskStatus="FINISHED")
        self.boto.set_task_status(taskId=second["taskId"], taskStatus="FINISHED")

    def test_boto3_gets_errors_by_their_names(self):
        self.expect_boto_error("TaskNotFoundException",
                               self.boto.report_task_progress, taskId="garbage")
        self.expect_boto_error("InvalidRequestException",
                               self.boto.poll_for_task, workerGroup="")
        self.expect_boto_error("InvalidRequestException",
                               self.boto.poll_for_task, workerGroup="g" * 1025)

    def test_boto3_gets_a_request_id(self):
        answer = self.boto.report_task_runner_heartbeat(taskrunnerId="runner-2")
        self.assertIs(answer["terminate"], False)
        self.assertTrue(answer["ResponseMetadata"]["RequestId"])


if __name__ == "__main__":
    unittest.main()
