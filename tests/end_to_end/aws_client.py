"""The AWS CLI and boto3, pointed at the real server."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

import boto3
import botocore.config
import botocore.exceptions

from server_process import Server, new_folder

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
AWS = pathlib.Path(sys.executable).with_name("aws")


class AwsTestCase(unittest.TestCase):
    """A server for all tests of a class, and clients of it."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "300ms")
        cls.home = new_folder("home")
        cls.boto = boto3.client(
            "datapipeline", endpoint_url=cls.server.endpoint,
            region_name="us-east-1", aws_access_key_id="any",
            aws_secret_access_key="any",
            config=botocore.config.Config(retries={"max_attempts": 0}))

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def aws(self, *arguments):
        return subprocess.run(
            [sys.executable, AWS, "datapipeline",
             "--endpoint-url", self.server.endpoint, *arguments],
            env={**os.environ, **CREDENTIALS, "HOME": self.home},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=100)

    def aws_text(self, *arguments):
        result = self.aws(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def aws_ok(self, *arguments):
        text = self.aws_text(*arguments)
        return json.loads(text) if text.strip() else {}

    def expect_aws_error(self, name, *arguments):
        result = self.aws(*arguments)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(name, result.stderr)

    def expect_boto_error(self, error, call, /, **members):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**members)
        self.assertEqual(caught.exception.response["Error"]["Code"], error)
        self.assertTrue(caught.exception.response["Error"]["Message"])
        metadata = caught.exception.response["ResponseMetadata"]
        self.assertEqual(metadata["HTTPStatusCode"], 400)
        self.assertTrue(metadata["RequestId"])
