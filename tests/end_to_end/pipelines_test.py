"""Pipelines and definitions with the AWS CLI and boto3, on the real server."""

import json
import unittest

from pipeline_client import DEFINITION, HOUR, PipelineTestCase, definition_for


class PipelinesTest(PipelineTestCase):

    def test_the_smoke_script(self):
        pipeline = self.create()
        self.assertRegex(pipeline, "^df-[0-9A-Z]{20}$")
        self.assertEqual(self.create(), pipeline)
        self.assertEqual(
            self.put(pipeline, definition_for("smoke")),
            {"errored": False, "validationErrors": [],
             "validationWarnings": []})
        self.assertEqual(self.state(pipeline), "PENDING")
        self.aws_ok("activate-pipeline", "--pipeline-id", pipeline)
        self.assertEqual(self.state(pipeline), "SCHEDULED")

        task = self.poll("smoke")
        attempt = task["objects"][task["attemptId"]]
        self.assertEqual(task["pipelineId"], pipeline)
        self.assertEqual(task["attemptId"], f"@Collect_{HOUR}_Attempt=1")
        commands = [f["stringValue"] for f in attempt["fields"]
                    if f["key"] == "command"]
        self.assertEqual(commands, [f"echo {HOUR} hello"])
        self.assertEqual(self.runs(pipeline), {
            f"@Collect_{HOUR}": "RUNNING",
            f"@Report_{HOUR}": "WAITING_ON_DEPENDENCIES"})
        self.finish(task)
        self.finish(self.poll("smoke"))
        table = self.aws_text("list-runs", "--pipeline-id", pipeline)
        self.assertEqual(table.count("FINISHED"), 2, table)
        self.assertIn(f"@Report_{HOUR}", table)
        self.assertEqual(self.state(pipeline), "FINISHED")

        self.assertEqual(
            self.aws_text("delete-pipeline", "--pipeline-id", pipeline), "")
        self.expect_aws_error("PipelineDeletedException", "describe-pipelines",
                              "--pipeline-ids", pipeline)
        self.expect_aws_error("PipelineNotFoundException", "delete-pipeline",
                              "--pipeline-id", pipeline)

    def test_a_definition_file_comes_back_as_it_was(self):
        pipeline = self.create()
        self.put(pipeline, DEFINITION)
        back = self.aws_ok("get-pipeline-definition", "--pipeline-id", pipeline)
        for item in back["objects"]:
            if item["name"] == item["id"]:
                del item["name"]
        self.assertEqual(back, DEFINITION)
        self.assertEqual(
            self.aws_ok("get-pipeline-definition", "--pipeline-id", pipeline,
                        "--pipeline-version", "active"),
            {"objects": [], "parameters": [], "values": {}})

    def test_parameters_come_from_everywhere(self):
        pipeline = self.create()
        without = {"objects": DEFINITION["objects"]}
        self.put(pipeline, without,
                 "--parameter-objects",
                 self.file({"parameters": DEFINITION["parameters"]}),
                 "--parameter-values", "myGroup=put", "myList=b", "myList=a")
        self.assertEqual(self.values(pipeline),
                         {"myGroup": "put", "myList": ["b", "a"]})
        self.put(pipeline, {**without, "parameters": DEFINITION["parameters"]},
                 "--parameter-values-uri",
                 self.file({"values": {"myGroup": "by uri"}}))
        self.assertEqual(self.values(pipeline), {"myGroup": "by uri"})
        self.aws_ok("activate-pipeline", "--pipeline-id", pipeline,
                    "--parameter-values", "myGroup=inline",
                    "myGreeting=good day")
        self.assertEqual(self.values(pipeline),
                         {"myGroup": "inline", "myGreeting": "good day"})
        task = self.poll("inline")
        self.assertIn({"key": "command",
                       "stringValue": f"echo {HOUR} good day"},
                      task["objects"][task["attemptId"]]["fields"])

    def values(self, pipeline):
        return self.aws_ok("get-pipeline-definition",
                           "--pipeline-id", pipeline)["values"]

    def test_a_missing_value_keeps_a_pipeline_from_being_activated(self):
        pipeline = self.create()
        answer = self.put(pipeline, {**DEFINITION, "values": {}})
        self.assertFalse(answer["errored"], answer)
        self.assertTrue(answer["validationWarnings"])
        self.expect_aws_error("InvalidRequestException", "activate-pipeline",
                              "--pipeline-id", pipeline)
        self.aws_ok("activate-pipeline", "--pipeline-id", pipeline,
                    "--parameter-values-uri",
                    self.file({"values": {"myGroup": "missing"}}))
        self.poll("missing")

    def test_a_definition_is_validated(self):
        pipeline = self.create()
        objects = [
            {"id": "Hourly", "name": "Hourly", "fields": [
                {"key": "type", "stringValue": "Schedule"},
                {"key": "period", "stringValue": "1 hour"},
                {"key": "startDateTime", "stringValue": "tomorrow"}]}]
        answer = self.aws_ok(
            "validate-pipeline-definition", "--pipeline-id", pipeline,
            "--pipeline-objects", json.dumps(objects))
        self.assertTrue(answer["errored"])
        self.assertEqual(
            answer["validationErrors"],
            [{"id": "Hourly", "errors": [
                "INVALID_FIELD_VALUE: 'startDateTime' value must be a literal "
                "datetime value."]}])
        objects[0]["fields"][2]["stringValue"] = ""
        self.expect_boto_error(
            "InvalidRequestException", self.boto.put_pipeline_definition,
            pipelineId=pipeline, pipelineObjects=objects)
        self.assertEqual(
            self.aws_ok("get-pipeline-definition", "--pipeline-id", pipeline),
            {"objects": [], "parameters": [], "values": {}})

    def test_tags(self):
        pipeline = self.create(None, "--tags", "key=team,value=a",
                               "--description", "what for")
        self.aws_ok("add-tags", "--pipeline-id", pipeline, "--tags",
                    "key=team,value=b", "key=empty,value=")
        found = self.boto.describe_pipelines(
            pipelineIds=[pipeline])["pipelineDescriptionList"][0]
        self.assertEqual(found["description"], "what for")
        self.assertEqual(found["tags"], [{"key": "team", "value": "b"},
                                         {"key": "empty", "value": ""}])
        self.aws_ok("remove-tags", "--pipeline-id", pipeline,
                    "--tag-keys", "team", "empty", "nobody")
        found = self.boto.describe_pipelines(
            pipelineIds=[pipeline])["pipelineDescriptionList"][0]
        self.assertEqual(found["tags"], [])
        self.expect_boto_error(
            "InvalidRequestException", self.boto.create_pipeline, name="x",
            uniqueId="x", tags=[{"key": str(i), "value": ""}
                                for i in range(11)])

    def test_the_paginators_of_boto3(self):
        ids = [self.boto.create_pipeline(name="page", uniqueId=str(i))
               ["pipelineId"] for i in range(150)]
        listed = list(self.boto.get_paginator("list_pipelines").paginate())
        self.assertGreater(len(listed), 1)
        self.assertTrue(all("hasMoreResults" in page for page in listed))
        found = [pipeline["id"] for page in listed
                 for pipeline in page["pipelineIdList"]
                 if pipeline["name"] == "page"]
        self.assertEqual(found, ids)

        pipeline = self.activated("pages")
        self.poll("pages")
        pages = list(self.boto.get_paginator("query_objects").paginate(
            pipelineId=pipeline, sphere="INSTANCE",
            PaginationConfig={"PageSize": 1}))
        self.assertEqual([page["ids"] for page in pages if page["ids"]],
                         [[f"@Collect_{HOUR}"], [f"@Report_{HOUR}"]])
        self.assertIs(pages[-1]["hasMoreResults"], False)
        described = self.boto.get_paginator("describe_objects").paginate(
            pipelineId=pipeline, objectIds=["Hourly"] * 100).build_full_result()
        self.assertEqual(len(described["pipelineObjects"]), 100)
        self.expect_boto_error(
            "InvalidRequestException", self.boto.describe_objects,
            pipelineId=pipeline, objectIds=["Hourly"] * 101)
        self.expect_boto_error(
            "InvalidRequestException", self.boto.describe_pipelines,
            pipelineIds=[pipeline] * 26)


if __name__ == "__main__":
    unittest.main()
