"""Requests that are signed with botocore, sent as raw as a test wants them."""

import datetime
import http.client
import json
import os
import ssl
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from server_process import PATIENCE_SECONDS, new_folder

JSON = "application/x-amz-json-1.1"
REGION = "us-east-1"
SECRET = "a-secret-for-tests-and-for-them-only"
TOKEN = "a-session-token-for-tests"
LONG_AGO = "2020-01-01T00:00:00Z"
FAR_AHEAD = "2099-01-01T00:00:00Z"

ACCOUNT = {"account": "123456789012", "user": "tester",
           "roles": ["administrator"], "workerGroups": ["*"]}


def credential(access_key, **members):
    return {"accessKey": access_key, "secret": SECRET, **ACCOUNT,
            **members}


CREDENTIALS = [
    credential("AKIDTEST"),
    credential("AKIDOTHER", account="210987654321"),
    credential("AKIDTEMPORARY", sessionToken=TOKEN, expires=FAR_AHEAD),
    credential("AKIDEXPIRED", sessionToken=TOKEN, expires=LONG_AGO),
    credential("AKIDDISABLED", disabled=True),
]


def credentials_file(credentials=None):
    """Writes a credentials file and returns its path."""
    path = os.path.join(new_folder("credentials"), "credentials.json")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump({"credentials": credentials or CREDENTIALS}, file)
    return path


def keys(access_key="AKIDTEST", secret=None, token=None):
    return botocore.credentials.Credentials(
        access_key, secret or SECRET, token)


def signed(url, target, body="{}", path="/", method="POST", now=None,
           service="datapipeline", region=REGION, credentials=None, **headers):
    """Returns the headers of a request that botocore has signed."""
    request = botocore.awsrequest.AWSRequest(
        method, url + path, data=body.encode(), headers={
            "X-Amz-Target": target, "Content-Type": JSON,
            **{name.replace("_", "-"): value
               for name, value in headers.items()}})
    signer = botocore.auth.SigV4Auth(credentials or keys(), service, region)
    now = now or datetime.datetime.utcnow()
    with mock.patch("botocore.auth.get_current_datetime", lambda **_: now):
        signer.add_auth(request)
    return dict(request.headers.items())


def connect(url, authorities=None):
    scheme, address = url.split("://")
    if scheme == "http":
        return http.client.HTTPConnection(address, timeout=PATIENCE_SECONDS)
    return http.client.HTTPSConnection(
        address, timeout=PATIENCE_SECONDS,
        context=ssl.create_default_context(cafile=authorities))


def send(url, headers, body="{}", path="/", method="POST", authorities=None):
    """Sends it as it is, and returns status, headers and the body's members."""
    connection = connect(url, authorities)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers,
                              skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body.encode())))
        connection.endheaders(body.encode())
        response = connection.getresponse()
        text = response.read()
        return response.status, response.headers, json.loads(text or "{}")
    finally:
        connection.close()


def call(url, target, members, authorities=None, **how):
    """Makes a signed call and returns its output."""
    body = json.dumps(members)
    status, _, output = send(url, signed(url, target, body, **how), body,
                             authorities=authorities)
    assert status == 200, (status, output)
    return output
