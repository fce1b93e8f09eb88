"""What pipelines run, with the AWS CLI and boto3, on the real server."""

import datetime
import json
import unittest

from pipeline_client import DEFINITION, HOUR, PipelineTestCase, definition_for
from server_process import eventually


class PipelineRunsTest(PipelineTestCase):

    def test_list_runs_in_all_its_forms(self):
        pipeline = self.activated("runs")
        self.finish(self.poll("runs"))
        report = self.poll("runs")
        both = {f"@Collect_{HOUR}": "FINISHED", f"@Report_{HOUR}": "RUNNING"}
        self.assertEqual(self.runs(pipeline), both)
        for status, count in (("finished", 1), ("running,finished", 2),
                              ("cancelled", 0), ("failed", 0), ("pending", 0),
                              ("waiting", 0), ("shutting_down", 0)):
            self.assertEqual(
                len(self.runs(pipeline, "--status", status)), count, status)
        for interval, count in (("2012-12-12,2012-12-13", 2),
                                (f"{HOUR},{HOUR}", 2),
                                ("2012-12-13,2012-12-14", 0),
                                ("2012-12-11, 2012-12-12", 2)):
            self.assertEqual(
                len(self.runs(pipeline, "--schedule-interval", interval)),
                count, interval)
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        interval = f"{(now - day):%Y-%m-%d},{(now + day):%Y-%m-%d}"
        self.assertEqual(
            self.runs(pipeline, "--start-interval", interval), both)
        self.assertEqual(
            self.runs(pipeline, "--start-interval", interval,
                      "--schedule-interval", "2012-12-12,2012-12-13",
                      "--status", "finished"),
            {f"@Collect_{HOUR}": "FINISHED"})
        self.aws_ok("set-status", "--pipeline-id", pipeline,
                    "--object-ids", f"@Report_{HOUR}",
                    "--status", "TRY_CANCEL")
        self.assertIs(self.boto.report_task_progress(
            taskId=report["taskId"])["canceled"], True)
        self.assertEqual(self.runs(pipeline, "--status", "cancelled"),
                         {f"@Report_{HOUR}": "CANCELED"})

    def test_waiting_runs_are_listed_from_their_creation(self):
        pipeline = self.activated("waiting")
        eventually(lambda: self.runs(pipeline, "--status", "waiting") == {
            f"@Collect_{HOUR}": "WAITING_FOR_RUNNER",
            f"@Report_{HOUR}": "WAITING_ON_DEPENDENCIES"}, "both wait")
        self.assertEqual(
            self.runs(pipeline, "--status", "waiting_for_runner"),
            {f"@Collect_{HOUR}": "WAITING_FOR_RUNNER"})
        self.assertEqual(
            self.runs(pipeline, "--status", "waiting_on_dependencies"),
            {f"@Report_{HOUR}": "WAITING_ON_DEPENDENCIES"})

    def test_objects_are_described_and_queried(self):
        pipeline = self.activated("objects")
        self.poll("objects")
        answer = self.aws_ok(
            "describe-objects", "--pipeline-id", pipeline, "--object-ids",
            "Collect", f"@Collect_{HOUR}", f"@Collect_{HOUR}_Attempt=1",
            "--evaluate-expressions")
        spheres = [
            {f["key"]: f.get("stringValue") for f in found["fields"]}["@sphere"]
            for found in answer["pipelineObjects"]]
        self.assertEqual(spheres, ["COMPONENT", "INSTANCE", "ATTEMPT"])
        self.assertEqual(
            self.aws_ok("query-objects", "--pipeline-id", pipeline,
                        "--sphere", "COMPONENT", "--page-size", "1")["ids"],
            ["Default", "Hourly", "Collect", "Report"])
        query = {"selectors": [
            {"fieldName": "@componentParent",
             "operator": {"type": "REF_EQ", "values": ["Collect"]}},
            {"fieldName": "@status",
             "operator": {"type": "EQ", "values": ["RUNNING"]}}]}
        for sphere, found in (("INSTANCE", f"@Collect_{HOUR}"),
                              ("ATTEMPT", f"@Collect_{HOUR}_Attempt=1")):
            self.assertEqual(
                self.aws_ok("query-objects", "--pipeline-id", pipeline,
                            "--sphere", sphere,
                            "--objects-query", json.dumps(query))["ids"],
                [found])
        self.assertEqual(
            self.aws_ok("query-objects", "--pipeline-id", pipeline,
                        "--sphere", "INSTANCE", "--objects-query",
                        '{"selectors": [{"fieldName": "@status", "operator": '
                        '{"type": "EQ", "values": ["FAILED"]}}]}'),
            {"ids": []})
        self.expect_aws_error(
            "InvalidRequestException", "describe-objects", "--pipeline-id",
            pipeline, "--object-ids", "Nobody")

    def test_expressions_are_evaluated(self):
        pipeline = self.activated("expressions")
        self.poll("expressions")
        for place, expression, value in (
                ("Hourly", "from #{startDateTime}", f"from {HOUR}"),
                (f"@Collect_{HOUR}", "#{format(@scheduledStartTime,'YYYY')}",
                 "2012"),
                (f"@Collect_{HOUR}_Attempt=1", "#{hostname}", "here")):
            self.assertEqual(
                self.aws_ok("evaluate-expression", "--pipeline-id", pipeline,
                            "--object-id", place, "--expression", expression),
                {"evaluatedExpression": value})
        for name, place, expression in (
                ("InvalidRequestException", "Hourly", "#{nobody}"),
                ("InvalidRequestException", "Nobody", "x"),
                ("TaskNotFoundException", f"@Nobody_{HOUR}", "x")):
            self.expect_boto_error(
                name, self.boto.evaluate_expression, pipelineId=pipeline,
                objectId=place, expression=expression)

    def test_components_are_paused_and_instances_steered(self):
        pipeline = self.activated("steered")
        self.assertEqual(
            self.aws_text("set-status", "--pipeline-id", pipeline,
                          "--object-ids", "Report", "--status", "pause"), "")
        self.finish(self.poll("steered"), "FAILED")
        self.assertEqual(self.runs(pipeline, "--status", "failed"),
                         {f"@Collect_{HOUR}": "FAILED"})
        self.aws_ok("set-status", "--pipeline-id", pipeline, "--object-ids",
                    f"@Collect_{HOUR}", "--status", "RERUN")
        again = self.poll("steered")
        self.assertEqual(again["attemptId"], f"@Collect_{HOUR}_Attempt=2")
        self.finish(again)
        self.assertEqual(
            self.runs(pipeline)[f"@Report_{HOUR}"], "WAITING_ON_DEPENDENCIES")
        self.aws_ok("set-status", "--pipeline-id", pipeline,
                    "--object-ids", "Report", "--status", "RESUME")
        eventually(lambda: self.runs(pipeline)[f"@Report_{HOUR}"]
                   == "WAITING_FOR_RUNNER", "the component goes on")
        self.aws_ok("set-status", "--pipeline-id", pipeline, "--object-ids",
                    f"@Report_{HOUR}", "--status", "MARK_FINISHED")
        self.assertEqual(self.state(pipeline), "FINISHED")
        self.expect_aws_error(
            "InvalidRequestException", "set-status", "--pipeline-id", pipeline,
            "--object-ids", f"@Report_{HOUR}", "--status", "RERUN")

    def test_pipelines_are_deactivated_and_go_on(self):
        for option, canceled in (("--cancel-active", True),
                                 ("--no-cancel-active", False)):
            group = "stop" + option
            pipeline = self.activated(group)
            task = self.poll(group)
            self.aws_ok("deactivate-pipeline", "--pipeline-id", pipeline,
                        option)
            self.assertEqual(self.state(pipeline),
                             "INACTIVE" if canceled else "DEACTIVATING")
            self.assertIs(self.boto.report_task_progress(
                taskId=task["taskId"])["canceled"], canceled)
            self.finish(task)
            self.assertEqual(self.state(pipeline), "INACTIVE")

    def test_a_start_timestamp_skips_what_lies_before_it(self):
        pipeline = self.create()
        hourly = {**DEFINITION["objects"][1], "occurrences": "3"}
        self.put(pipeline, definition_for("skip", objects=[
            DEFINITION["objects"][0], hourly, *DEFINITION["objects"][2:]]))
        self.aws_ok("activate-pipeline", "--pipeline-id", pipeline,
                    "--start-timestamp", "2012-12-12T01:00:00Z")
        self.poll("skip")
        runs = eventually(
            lambda: len(self.runs(pipeline)) == 6 and self.runs(pipeline),
            "all runs are there")
        self.assertEqual(runs[f"@Collect_{HOUR}"], "SKIPPED")
        self.assertEqual(runs["@Collect_2012-12-12T01:00:00"], "RUNNING")


if __name__ == "__main__":
    unittest.main()
