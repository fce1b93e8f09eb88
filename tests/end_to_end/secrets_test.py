"""No secret finds its way into the log, the metrics, an error or a core dump."""

import json
import os
import resource
import signal
import subprocess
import unittest
import urllib.request

import grpc


from grpc_client import Client, pipeline, queue
from server_process import HOLDLINE, PATIENCE_SECONDS, Server
from signed_requests import (
    ACCOUNT, LONG_AGO, FAR_AHEAD, credentials_file, keys, send, signed)

# What must be found nowhere. Each is long and odd enough to be no accident.
SECRET = "planted-secret-wJalrXUtnFEMI"
WRONG_SECRET = "planted-wrong-secret-K7MDENG"
TOKEN = "planted-session-token-bPxRfi"
WRONG_TOKEN = "planted-wrong-token-CYEXAMPLE"
FIELD = "planted-field-value-hunter2"
PARAMETER = "planted-parameter-value-correct-horse"

# One word, so that it is a name where it stands in an expression.
WORD = "plantedWordHunter2"

# Expressions that fail over a secret, by its name in FIELDS.
FAILING = ("#{*secret - 1}", "#{year(*secret)}", "#{format(*secret, 'YYYY')}",
           "#{minusDays('2012-12-12', *secret)}", "#{-*secret}",
           "#{('a' + *secret) * 2}", "#{inTimeZone(*secret, 'UTC')}",
           "#{plusPeriod('2012-12-12', *secret) - *secret}")

CREDENTIALS = [
    {"accessKey": "AKIDTEST", "secret": SECRET, **ACCOUNT},
    {"accessKey": "AKIDTEMPORARY", "secret": SECRET, "sessionToken": TOKEN,
     "expires": FAR_AHEAD, **ACCOUNT},
    {"accessKey": "AKIDEXPIRED", "secret": SECRET, "sessionToken": TOKEN,
     "expires": LONG_AGO, **ACCOUNT},
    {"accessKey": "AKIDRUNNER", "secret": SECRET, **ACCOUNT,
     "roles": ["runner"]},
]


def item(name, **fields):
    """An object of a definition; `star_` stands for the `*` of a name."""
    return {"id": name, "name": name, "fields": [
        {"key": key.replace("star_", "*"), "stringValue": value}
        for key, value in fields.items()]}


class SecretsTest(unittest.TestCase):

    def setUp(self):
        self.file = credentials_file(CREDENTIALS)
        self.server = Server("--log-level", "debug", "--hold-max", "300ms",
                             "--credentials-file", self.file)
        self.addCleanup(self.server.kill)
        self.said = []          # what callers were told
        self.signatures = []

    def call(self, target, members, access_key="AKIDTEST", secret=SECRET,
             token=None, **change):
        """Makes a signed call over HTTP, notes what is said, and returns it."""
        body = json.dumps(members)
        headers = signed(self.server.endpoint, target, body,
                         credentials=keys(access_key, secret, token))
        self.signatures.append(headers["Authorization"].split("Signature=")[1])
        headers.update(change)
        status, _, output = send(self.server.endpoint, headers, body)
        if status != 200:
            self.said.append(json.dumps(output))
        return output

    def call_by_grpc(self, bearer, token=None):
        metadata = [("authorization", bearer)]
        if token:
            metadata.append(("x-amz-security-token", token))
        with Client(self.server.grpc) as client:
            try:
                client.queue.ListTasks(queue.ListTasksRequest(),
                                       metadata=metadata,
                                       timeout=PATIENCE_SECONDS)
            except grpc.RpcError as error:
                self.said.append(f"{error} {error.trailing_metadata()}")

    def make_every_kind_of_call(self):
        """Good ones, and every way to be refused that shows a secret."""
        target = "TaskQueue.ListTasks"
        self.call(target, {})
        self.call(target, {}, "AKIDTEMPORARY", token=TOKEN)
        self.call(target, {}, "AKIDEXPIRED", token=TOKEN)
        self.call(target, {}, "AKIDTEMPORARY", token=WRONG_TOKEN)
        self.call(target, {}, secret=WRONG_SECRET)
        self.call(target, {}, "AKIDNOBODY")
        self.call(target, {}, "AKIDRUNNER")
        self.call(target, {}, Authorization=f"Bearer AKIDTEST:{SECRET}")
        self.call(target, {}, Authorization=f"{SECRET} is no signature")
        self.call(target, {}, **{"X-Amz-Target": f"TaskQueue.{SECRET}"})
        for bearer, token in (
                (f"Bearer AKIDTEST:{SECRET}", None),
                (f"Bearer AKIDTEMPORARY:{SECRET}", TOKEN),
                (f"Bearer AKIDTEMPORARY:{SECRET}", WRONG_TOKEN),
                (f"Bearer AKIDEXPIRED:{SECRET}", TOKEN),
                (f"Bearer AKIDTEST:{WRONG_SECRET}", None),
                (f"Bearer AKIDRUNNER:{SECRET}", None),
                (f"Bearer AKIDTEST{SECRET}", None),
                (f"Basic {SECRET}", None)):
            self.call_by_grpc(bearer, token)

    def run_a_pipeline(self):
        """Secrets in fields and parameters, in one that runs and is handed
        out, and in some that are refused."""
        made = self.call("DataPipeline.CreatePipeline",
                         {"name": "secretive", "uniqueId": "1"})
        members = {
            "pipelineId": made["pipelineId"],
            "parameterObjects": [{"id": "*myPassword", "attributes": [
                {"key": "type", "stringValue": "String"}]}],
            "parameterValues": [
                {"id": "*myPassword", "stringValue": PARAMETER}],
            "pipelineObjects": [
                item("Default", scheduleType="ondemand", workerGroup="g"),
                item("Run", type="ShellCommandActivity", command="true",
                     star_myPassword=FIELD,
                     star_myOther="#{*myPassword}")]}
        self.call("DataPipeline.PutPipelineDefinition", members)
        self.call("DataPipeline.ActivatePipeline",
                  {"pipelineId": made["pipelineId"]})
        task = self.call("DataPipeline.PollForTask", {"workerGroup": "g"})
        self.assertIn(FIELD, json.dumps(task))
        self.call("DataPipeline.SetTaskStatus",
                  {"taskId": task["taskObject"]["taskId"],
                   "taskStatus": "FAILED", "errorMessage": "by hand"})
        fields = members["pipelineObjects"][1]["fields"]
        for value in (f"#{{{FIELD}", f"#{{'{FIELD}' + }}", f"#{{{FIELD}(1)}}",
                      f"{FIELD}" + "x" * 11000):
            fields[2]["stringValue"] = value
            for action in ("Validate", "Put"):
                answer = self.call(
                    f"DataPipeline.{action}PipelineDefinition", members)
                self.said.append(json.dumps(answer))
        self.call("TaskQueue.SubmitTasks", {"tasks": [{
            "workerGroup": "g", "type": "T", "fields": [
                {"key": "*password", "stringValue": FIELD + "x" * 2000000}]}]})
        self.call("TaskQueue.SubmitTasks", {"tasks": [{
            "workerGroup": "g", "type": "T", "fields": [
                {"key": "*password", "stringValue": FIELD},
                {"key": "*password", "refValue": FIELD}]}]})

    def definition(self, **fields):
        return {"pipelineObjects": [
            item("Default", scheduleType="ondemand", workerGroup="h"),
            item("Run", type="ShellCommandActivity", **fields)]}

    def fail_over_secrets(self):
        """Expressions that have no value because a secret in them is a text,
        be it a field or a parameter: asked for, and in pipelines that run."""
        for number, text in enumerate(FAILING):
            made = self.call("DataPipeline.CreatePipeline",
                             {"name": "failing", "uniqueId": str(number)})
            by_field = text.replace("*secret", "*password")
            by_parameter = text.replace("*secret", "*mySecret")
            members = {
                **made, **self.definition(
                    command="true", star_password=WORD, myOne=by_field,
                    myTwo=by_parameter, myThree="#{myOne}"),
                "parameterValues": [
                    {"id": "*mySecret", "stringValue": WORD}]}
            self.said.append(json.dumps(self.call(
                "DataPipeline.PutPipelineDefinition", members)))
            self.call("DataPipeline.ActivatePipeline", made)
            for expression in (by_field, by_parameter, "#{myTwo - 1}"):
                output = self.call("DataPipeline.EvaluateExpression", {
                    **made, "objectId": "Run", "expression": expression})
                self.assertIn("expression at character", json.dumps(output))
            ids = self.call("DataPipeline.QueryObjects",
                            {**made, "sphere": "INSTANCE"})["ids"]
            run = self.call("DataPipeline.DescribeObjects",
                            {**made, "objectIds": ids})["pipelineObjects"][0]
            fields = {field["key"]: field.get("stringValue")
                      for field in run["fields"]}
            self.assertEqual(fields["@status"], "FAILED", fields)
            self.said.append(fields["errorMessage"])

    def refuse_secret_parameters(self):
        """Values of secret parameters that are not what they must be, and
        secrets that are no expressions."""
        made = self.call("DataPipeline.CreatePipeline",
                         {"name": "refused", "uniqueId": "1"})
        for attributes, value in (
                ([("type", "Integer")], WORD), ([("type", "Double")], WORD),
                ([("type", "AWS::S3::ObjectKey")], WORD),
                ([("allowedValues", WORD + "1"),
                  ("allowedValues", WORD + "2")], WORD),
                ([], "#{" + WORD + "(1)}"), ([], "#{'" + WORD),
                ([], "#{" + WORD + " + }")):
            members = {
                **made, **self.definition(
                    command="run #{*mySecret} #{'a' + *mySecret}",
                    star_password="#{" + WORD + "(1)}"),
                "parameterObjects": [{"id": "*mySecret", "attributes": [
                    {"key": key, "stringValue": text}
                    for key, text in attributes]}],
                "parameterValues": [
                    {"id": "*mySecret", "stringValue": value}]}
            for action in ("Validate", "Put"):
                answer = self.call(
                    f"DataPipeline.{action}PipelineDefinition", members)
                self.assertTrue(answer["errored"], answer)
                self.said.append(json.dumps(answer))
            self.call("DataPipeline.ActivatePipeline", made)

    def list_credentials(self):
        return subprocess.run(
            [HOLDLINE, "credentials", "list", "--file", self.file],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=True, timeout=PATIENCE_SECONDS).stdout

    def test_secrets_are_found_nowhere(self):
        self.make_every_kind_of_call()
        self.run_a_pipeline()
        self.fail_over_secrets()
        self.refuse_secret_parameters()
        with open(self.file, "r+") as file:
            file.truncate(200)
        metrics = urllib.request.urlopen(
            f"http://{self.server.metrics}/metrics",
            timeout=PATIENCE_SECONDS).read().decode()
        self.assertEqual(self.server.stop(), 0)
        places = {"the log": self.server.log(), "the metrics": metrics,
                  "what callers were told": "\n".join(self.said)}
        for name in ("AccessDenied", "ExpiredTokenException",
                     "IncompleteSignatureException",
                     "InvalidSignatureException",
                     "UnrecognizedClientException", "UNAUTHENTICATED"):
            self.assertIn(name, places["what callers were told"])
        for event in (" audit ", "call_refused", "access_key=AKIDTEST"):
            self.assertIn(event, places["the log"])
        for place, text in places.items():
            for planted in (SECRET, WRONG_SECRET, TOKEN, WRONG_TOKEN, FIELD,
                            PARAMETER, WORD, *self.signatures):
                self.assertNotIn(planted, text, f"in {place}")

    def test_they_are_not_listed(self):
        listed = self.list_credentials()
        self.assertIn("AKIDTEMPORARY", listed)
        for planted in (SECRET, TOKEN):
            self.assertNotIn(planted, listed)

    def test_a_crash_dumps_no_core(self):
        _, most = resource.prlimit(self.server.process.pid,
                                   resource.RLIMIT_CORE)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_CORE,
                         (most, most))
        self.server.process.send_signal(signal.SIGABRT)
        _, status = os.waitpid(self.server.process.pid, 0)
        self.server.process.returncode = -os.WTERMSIG(status)
        self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
        self.assertFalse(os.WCOREDUMP(status))


if __name__ == "__main__":
    unittest.main()
