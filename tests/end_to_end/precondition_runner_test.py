"""The runner of preconditions, against the real server and an S3 and a
DynamoDB that live in this process."""

import http.server
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

import boto3
import precondition_runner
from moto.server import ThreadedMotoServer

import signed_requests
from grpc_client import Client, pipeline, queue
from server_process import PATIENCE_SECONDS, Server, eventually

ANY_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
                   "AWS_DEFAULT_REGION": "us-east-1"}


def setUpModule():
    cloud = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    cloud.start()
    unittest.addModuleCleanup(cloud.stop)
    url = "http://%s:%d" % cloud.get_host_and_port()
    environment = mock.patch.dict(os.environ, {
        **ANY_CREDENTIALS,
        "AWS_ENDPOINT_URL_S3": url, "AWS_ENDPOINT_URL_DYNAMODB": url})
    environment.start()
    unittest.addModuleCleanup(environment.stop)
    fill(boto3.client("s3"), boto3.client("dynamodb"))
    make_table(boto3.client("dynamodb", region_name="eu-west-1"), "european")


def fill(s3, dynamodb):
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="2012/12/12/_SUCCESS", Body=b"")
    make_table(dynamodb, "empty")
    make_table(dynamodb, "full")
    for item in ("1", "2"):
        dynamodb.put_item(TableName="full", Item={"id": {"S": item}})


def make_table(dynamodb, name):
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])


class CheckTest(unittest.TestCase):

    def expect(self, status, **fields):
        self.assertEqual(precondition_runner.check(fields),
                         {"taskStatus": status}, fields)

    def expect_failed(self, error, **fields):
        status = precondition_runner.check(fields)
        self.assertEqual((status["taskStatus"], status["errorId"]),
                         ("FAILED", error), status)
        return status["errorMessage"]

    def test_a_key_exists(self):
        for path, status in {
                "s3://data/2012/12/12/_SUCCESS": "FINISHED",
                "s3://data/2012/12/12/": "FALSE",
                "s3://data/2012/12/13/_SUCCESS": "FALSE",
                "s3://nowhere/2012/12/12/_SUCCESS": "FALSE"}.items():
            self.expect(status, type="S3KeyExists", s3Key=path)

    def test_a_prefix_is_not_empty(self):
        for path, status in {
                "s3://data/2012/12/12/": "FINISHED",
                "s3://data/2012/12/1": "FINISHED",
                "s3://data": "FINISHED",
                "s3://data/2012/12/13/": "FALSE",
                "s3://nowhere/": "FALSE"}.items():
            self.expect(status, type="S3PrefixNotEmpty", s3Prefix=path)

    def test_a_table_exists(self):
        exists = {"type": "DynamoDBTableExists"}
        self.expect("FINISHED", tableName="empty", **exists)
        self.expect("FALSE", tableName="nowhere", **exists)

    def test_a_table_has_data(self):
        has_data = {"type": "DynamoDBDataExists"}
        self.expect("FINISHED", tableName="full", **has_data)
        self.expect("FALSE", tableName="empty", **has_data)
        self.expect("FALSE", tableName="nowhere", **has_data)

    def test_a_table_is_looked_for_in_its_region(self):
        european = {"type": "DynamoDBTableExists", "tableName": "european"}
        self.expect("FINISHED", region="eu-west-1", **european)
        self.expect("FALSE", **european)

    def test_what_cannot_be_checked_has_failed(self):
        said = self.expect_failed("ValueError", type="S3KeyExists")
        self.assertIn("has no s3Key", said)
        said = self.expect_failed("ValueError", type="S3PrefixNotEmpty",
                                  s3Prefix="data/2012")
        self.assertIn("s3://BUCKET/KEY", said)
        self.expect_failed("ParamValidationError", type="S3KeyExists",
                           s3Key="s3://data/")
        self.expect_failed("UnsupportedTask", type="Exists")

    def test_without_a_connection_the_check_has_failed(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            url = "http://127.0.0.1:%d" % closed.getsockname()[1]
        precondition_runner.client.cache_clear()
        self.addCleanup(precondition_runner.client.cache_clear)
        with mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL_S3": url}):
            self.expect_failed("EndpointConnectionError", type="S3KeyExists",
                               s3Key="s3://data/2012/12/12/_SUCCESS")


class SlowStorage:
    """Has every key, but does not say so before `answer` is set."""

    def __init__(self):
        self.asked = threading.Event()
        self.answer = threading.Event()
        slow = self

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_HEAD(self):
                slow.asked.set()
                slow.answer.wait(PATIENCE_SECONDS)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever).start()

    def close(self):
        self.answer.set()
        self._server.shutdown()
        self._server.server_close()


class RunnerTest(unittest.TestCase):

    def setUp(self):
        self.start_server()

    def start_server(self, *options):
        self.server = Server(*options)
        self.addCleanup(self.server.kill)
        self.client = Client(self.server.grpc)
        self.addCleanup(self.client.channel.close)

    def start_runner(self, **environment):
        self.log = tempfile.TemporaryFile(mode="w+")
        self.addCleanup(self.log.close)
        self.runner = subprocess.Popen(
            [sys.executable, "client/python/precondition_runner.py",
             self.server.endpoint, "--checks", "2"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path),
                 **environment},
            stderr=self.log)
        self.addCleanup(self.runner.wait)
        self.addCleanup(self.runner.kill)

    def submit(self, kind, **fields):
        return self.client.submit(
            "holdline.preconditions", type=kind,
            retry_policy=queue.RetryPolicy(attempts=1),
            fields=[pipeline.Field(key=key, string_value=value)
                    for key, value in fields.items()])

    def end_of(self, name):
        def ended():
            task = self.client.queue.GetTask(queue.GetTaskRequest(name=name))
            return task.state in (queue.Task.FINISHED, queue.Task.FAILED) and task
        return eventually(ended, f"the end of {name}")

    def log_text(self):
        self.log.seek(0)
        return self.log.read()

    def stop_runner(self):
        self.runner.send_signal(signal.SIGTERM)

    def expect_clean_end(self):
        self.assertEqual(self.runner.wait(PATIENCE_SECONDS), 0, self.log_text())

    def test_says_what_it_has_found_and_stops_when_told(self):
        self.start_runner()
        good = self.submit("S3KeyExists", s3Key="s3://data/2012/12/12/_SUCCESS")
        self.assertEqual(self.end_of(good).state, queue.Task.FINISHED)
        bad = self.end_of(self.submit("DynamoDBDataExists"))
        self.assertEqual(bad.state, queue.Task.FAILED)
        self.assertEqual(bad.attempts[0].error_id, "ValueError")
        self.assertIn("no tableName", bad.attempts[0].error_message)
        self.stop_runner()
        self.expect_clean_end()

    def test_finishes_the_check_at_work_when_told_to_stop(self):
        storage = SlowStorage()
        self.addCleanup(storage.close)
        self.start_runner(AWS_ENDPOINT_URL_S3=storage.url)
        task = self.submit("S3KeyExists", s3Key="s3://data/key")
        self.assertTrue(storage.asked.wait(PATIENCE_SECONDS))
        self.stop_runner()
        storage.answer.set()
        self.expect_clean_end()
        self.assertEqual(self.client.state(task), "FINISHED")

    def test_goes_on_when_the_service_refuses_what_it_says(self):
        self.start_runner()
        # A task of no pipeline cannot be FALSE.
        for _ in range(2):
            self.submit("DynamoDBTableExists", tableName="nowhere")
        eventually(lambda: self.log_text().count("InvalidRequestException") == 2,
                   "two refusals")
        good = self.submit("DynamoDBTableExists", tableName="full")
        self.assertEqual(self.end_of(good).state, queue.Task.FINISHED)

    def test_signs_with_what_is_for_the_service_alone(self):
        self.start_server("--credentials-file",
                          signed_requests.credentials_file())
        self.start_runner(HOLDLINE_ACCESS_KEY="AKIDTEMPORARY",
                          HOLDLINE_SECRET=signed_requests.SECRET,
                          HOLDLINE_SESSION_TOKEN=signed_requests.TOKEN)

        def call(action, **members):
            return signed_requests.call(
                self.server.endpoint, f"TaskQueue.{action}", members)

        name = call("SubmitTasks", tasks=[{
            "workerGroup": "holdline.preconditions",
            "type": "DynamoDBTableExists",
            "fields": [{"key": "tableName", "stringValue": "full"}]}])["names"][0]
        eventually(lambda: call("GetTask", name=name)["state"] == "FINISHED",
                   "the check, made with other credentials")


if __name__ == "__main__":
    unittest.main()
