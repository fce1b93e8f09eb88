"""Only those whose signatures are good are served: AWS's own signers say which."""

import contextlib
import datetime
import email.utils
import json
import unittest

import boto3
import botocore.config
import botocore.exceptions

import signed_requests
from server_process import Server, eventually
from signed_requests import (
    REGION, SECRET, TOKEN, call, credentials_file, keys, send, signed)

POLL = "DataPipeline.PollForTask"
LIST = "Operator.ListGroups"
SUBMIT = "TaskQueue.SubmitTasks"
MINUTE = datetime.timedelta(minutes=1)


class SignatureTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "300ms",
                            "--credentials-file", credentials_file())
        cls.url = cls.server.endpoint

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def boto(self, access_key="AKIDTEST", secret=None, token=None):
        return boto3.client(
            "datapipeline", endpoint_url=self.url, region_name=REGION,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret or SECRET,
            aws_session_token=token,
            config=botocore.config.Config(retries={"max_attempts": 0}))

    def expect_boto_error(self, name, status, client):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            client.poll_for_task(workerGroup="nobody")
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], name)
        self.assertTrue(response["Error"]["Message"])
        metadata = response["ResponseMetadata"]
        self.assertEqual(metadata["HTTPStatusCode"], status)
        self.assertTrue(metadata["HTTPHeaders"]["date"])
        return response["Error"]["Message"]

    def expect(self, name, headers, body="{}", status=None, **how):
        """Sends a request and expects an error of that name, or none."""
        code, answered, output = send(self.url, headers, body, **how)
        self.assertEqual(output.get("__type"), name, output)
        self.assertEqual(answered.get("x-amzn-ErrorType"), name)
        self.assertEqual(code, status or (403 if name else 200))
        self.assertTrue(answered["Date"])
        return output

    def submit(self, group, **how):
        return call(self.url, SUBMIT, {"tasks": [{
            "workerGroup": group, "type": "ShellCommandActivity",
            "fields": [{"key": "command", "stringValue": "true"}]}]},
            **how)["names"][0]

    def test_boto3_performs_a_task(self):
        client = self.boto()
        self.assertNotIn("taskObject", client.poll_for_task(workerGroup="boto"))
        self.submit("boto")
        task = client.poll_for_task(workerGroup="boto")["taskObject"]
        progress = client.report_task_progress(taskId=task["taskId"])
        self.assertIs(progress["canceled"], False)
        client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
        self.assertIs(client.report_task_runner_heartbeat(
            taskrunnerId="r")["terminate"], False)
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            client.report_task_progress(taskId="garbage")
        self.assertEqual(caught.exception.response["Error"]["Code"],
                         "TaskNotFoundException")

    def test_a_task_is_seen_by_its_account_only(self):
        self.submit("shared")
        other = self.boto("AKIDOTHER")
        self.assertNotIn("taskObject", other.poll_for_task(workerGroup="shared"))
        self.assertIn("taskObject",
                      self.boto().poll_for_task(workerGroup="shared"))

    def test_boto3_learns_what_is_wrong_with_its_credentials(self):
        self.expect_boto_error("InvalidSignatureException", 403,
                               self.boto(secret="guessed"))
        for client in (self.boto("NOBODY"), self.boto("AKIDDISABLED"),
                       self.boto("AKIDTEMPORARY"), self.boto(token=TOKEN),
                       self.boto("AKIDTEMPORARY", token="wrong")):
            message = self.expect_boto_error(
                "UnrecognizedClientException", 403, client)
            self.assertEqual(message, "The security token included in the "
                                      "request is invalid.")
        self.expect_boto_error("ExpiredTokenException", 403,
                               self.boto("AKIDEXPIRED", token=TOKEN))
        self.assertNotIn("taskObject", self.boto(
            "AKIDTEMPORARY", token=TOKEN).poll_for_task(workerGroup="temporary"))

    def test_a_clock_may_be_wrong_by_five_minutes(self):
        now = datetime.datetime.utcnow()
        for minutes in (-4, 4):
            self.expect(None, signed(self.url, LIST, now=now + minutes * MINUTE))
        for minutes, what in ((-6, "Signature expired: "),
                              (6, "Signature not yet current: ")):
            output = self.expect(
                "InvalidSignatureException",
                signed(self.url, LIST, now=now + minutes * MINUTE))
            self.assertTrue(output["message"].startswith(what), output)

    def test_the_date_tells_a_client_how_wrong_it_is(self):
        _, headers, _ = send(self.url, signed(
            self.url, LIST, now=datetime.datetime(2000, 1, 1)))
        there = email.utils.parsedate_to_datetime(headers["Date"])
        here = datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(here - there), 2 * MINUTE)

    def test_canonicalisation_is_that_of_botocore(self):
        for name, value in {
                "X-Amz-Spaces": "  a   b  c ", "X-Amz-Empty": "",
                "X-Other": "\"a   b\"", "X-Amz-Comma": "a, b,c",
                "X-Amz-Unreserved": "-._~!*'();:@&=+$/?#[]%20"}.items():
            with self.subTest(header=name):
                self.expect(None, signed(self.url, LIST, **{name: value}))
        for body in ("", "{}", " {} ", json.dumps({"pageSize": 3}),
                     json.dumps({"x": "\u00e4\U0001f600"}, ensure_ascii=False)):
            with self.subTest(body=body):
                self.expect(None, signed(self.url, LIST, body), body)
        for query in ("?", "?b=2&a=1", "?a=2&a=1", "?a", "?a=%20%2F&B=~",
                      "?a-b=1&a=2"):
            self.expect_signed_path("/" + query, None, 200)
        # Nothing is there, but authentication comes first.
        for path in ("/a", "/a/../b", "//a//b/", "/./a", "/a%20b", "/a/b/..",
                     "/-._~", "/%C3%A4"):
            self.expect_signed_path(path, "UnknownOperationException", 404)

    def expect_signed_path(self, path, error, status):
        with self.subTest(path=path):
            headers = signed(self.url, LIST, path=path)
            self.expect(error, headers, path=path, status=status)
            self.expect("InvalidSignatureException", headers, path=path + "x")

    def test_old_clients_sign_other_dates(self):
        # The date is signed in its one form, whatever form it is sent in.
        class OldDates(signed_requests.botocore.auth.SigV4Auth):
            form = ""

            def _modify_request_before_signing(self, request):
                super()._modify_request_before_signing(request)
                del request.headers["X-Amz-Date"]
                request.headers["X-Amz-Date"] = datetime.datetime.strptime(
                    request.context["timestamp"],
                    "%Y%m%dT%H%M%SZ").strftime(self.form)

        for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                     "%a %b %d %H:%M:%S %Y"):
            request = signed_requests.botocore.awsrequest.AWSRequest(
                "POST", self.url + "/", data=b"{}",
                headers={"X-Amz-Target": LIST})
            signer = OldDates(keys(), "datapipeline", REGION)
            signer.form = form
            signer.add_auth(request)
            with self.subTest(form=form):
                self.expect(None, dict(request.headers.items()))

    def test_the_scope_must_be_right(self):
        self.expect("InvalidSignatureException",
                    signed(self.url, LIST, service="s3"))
        for region in ("eu-central-1", "moon"):
            self.expect(None, signed(self.url, LIST, region=region))

    def test_what_is_not_signed_is_refused(self):
        good = signed(self.url, LIST)
        self.expect("MissingAuthenticationTokenException",
                    {"X-Amz-Target": LIST})
        self.expect("InvalidSignatureException", {**good, "X-Amz-Extra": "1"})
        self.expect("InvalidSignatureException", good, "[]")
        self.expect("InvalidSignatureException", {**good, "X-Amz-Target": POLL})
        self.expect("InvalidSignatureException", {**good, "Host": "elsewhere"})
        for wrong in ("AWS4-HMAC-SHA256", "Bearer AKIDTEST:secret", "x" * 4000,
                      good["Authorization"].replace("Signature=", "Sig=")):
            self.expect("IncompleteSignatureException",
                        {**good, "Authorization": wrong}, status=400)
        self.expect("InvalidSignatureException", signed(
            self.url, LIST, X_Amz_Content_Sha256="UNSIGNED-PAYLOAD"))

    def test_a_signature_in_the_query_is_refused(self):
        request = signed_requests.botocore.awsrequest.AWSRequest(
            "POST", self.url + "/", data=b"{}", headers={"X-Amz-Target": LIST})
        signed_requests.botocore.auth.SigV4QueryAuth(
            keys(), "datapipeline", REGION).add_auth(request)
        path = request.url[len(self.url):]
        self.expect("IncompleteSignatureException", {"X-Amz-Target": LIST},
                    path=path, status=400)

    def test_a_proxy_that_preserves_the_host_is_not_noticed(self):
        headers = signed("http://pipelines.example:8443", LIST,
                         Host="pipelines.example:8443")
        self.expect(None, {**headers, "Via": "1.1 proxy",
                           "X-Forwarded-For": "10.0.0.1"})

    def test_what_was_recorded_cannot_be_sent_again(self):
        body = json.dumps({"workerGroup": "recorded"})
        recorded = signed(self.url, POLL, body)
        self.expect(None, recorded, body)

        def refused():
            status, _, output = send(self.url, recorded, body)
            return status == 403 and output

        output = eventually(refused, "the signature is refused")
        self.assertEqual(output["__type"], "InvalidSignatureException")
        self.expect(None, signed(self.url, POLL, body), body)
        # Reading changes nothing.
        self.expect(None, recorded_list := signed(self.url, LIST))
        self.expect(None, recorded_list)

    def test_health_checks_need_no_signature(self):
        for method in ("GET", "HEAD", "OPTIONS"):
            connection = signed_requests.connect(self.url)
            with contextlib.closing(connection):
                connection.request(method, "/")
                self.assertEqual(connection.getresponse().status, 200)


class ThrottlingTest(unittest.TestCase):

    def test_accounts_call_no_more_often_than_aws_allows(self):
        with Server("--throttle", "aws",
                    "--credentials-file", credentials_file()) as server:
            url = server.endpoint
            heartbeat = "DataPipeline.ReportTaskRunnerHeartbeat"
            body = json.dumps({"taskrunnerId": "r"})
            names = set()
            for _ in range(150):
                status, _, output = send(url, signed(url, heartbeat, body), body)
                names.add((status, output.get("__type"), output.get("message")))
            self.assertEqual(names, {
                (200, None, None),
                (400, "ThrottlingException", "Rate exceeded")})
            call(url, heartbeat, {"taskrunnerId": "r"},
                 credentials=keys("AKIDOTHER"))
            call(url, LIST, {})


if __name__ == "__main__":
    unittest.main()
