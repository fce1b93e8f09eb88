"""Checks preconditions. Usage: precondition_runner.py URL [--checks NUMBER]

A task of the worker group `holdline.preconditions` is one check of S3KeyExists,
S3PrefixNotEmpty, DynamoDBTableExists or DynamoDBDataExists. It ends as FINISHED
if that holds and as FALSE if not, also for want of the bucket or the table; then
the service asks again in time. It has FAILED if the check itself went wrong.

AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL_DYNAMODB name services other than AWS's.
The service that asks is told HOLDLINE_ACCESS_KEY, HOLDLINE_SECRET and
HOLDLINE_SESSION_TOKEN, if set, and is believed by HOLDLINE_TLS_AUTHORITIES.
On SIGTERM the checks at work are finished and no others begun.
"""

import argparse
import functools
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

WORKER_GROUP = "holdline.preconditions"
NOT_THERE = {"404", "NoSuchKey", "NoSuchBucket", "ResourceNotFoundException"}
PAUSE_SECONDS = 5  # before the service is polled again after an error

Fields = dict[str, str]


class UnsupportedTask(Exception):
    pass


@functools.cache
def client(service: str, region: str | None = None) -> Any:
    config = Config(connect_timeout=10, read_timeout=20, retries={"total_max_attempts": 3})
    # Threads must not share a session, but may share what it makes.
    return boto3.Session().client(service, region_name=region, config=config)


def value(fields: Fields, key: str) -> str:
    if not fields.get(key):
        raise ValueError(f"the precondition has no {key}")
    return fields[key]


def bucket_and_key(path: str) -> dict[str, str]:
    bucket, slash, key = path.removeprefix("s3://").partition("/")
    if not path.startswith("s3://") or not bucket:
        raise ValueError(f"{path!r} is not of the form s3://BUCKET/KEY")
    return {"Bucket": bucket, "Key": key}


def s3_key_exists(fields: Fields) -> bool:
    client("s3").head_object(**bucket_and_key(value(fields, "s3Key")))
    return True


def s3_prefix_not_empty(fields: Fields) -> bool:
    place = bucket_and_key(value(fields, "s3Prefix"))
    page = client("s3").list_objects_v2(Bucket=place["Bucket"], Prefix=place["Key"], MaxKeys=1)
    return page["KeyCount"] > 0


def dynamodb_table_exists(fields: Fields) -> bool:
    client("dynamodb", fields.get("region")).describe_table(TableName=value(fields, "tableName"))
    return True


def dynamodb_data_exists(fields: Fields) -> bool:
    pages = client("dynamodb", fields.get("region")).get_paginator("scan")
    return any(page["Count"] for page in pages.paginate(
        TableName=value(fields, "tableName"), Select="COUNT", Limit=1))


CHECKS: dict[str, Callable[[Fields], bool]] = {
    "S3KeyExists": s3_key_exists,
    "S3PrefixNotEmpty": s3_prefix_not_empty,
    "DynamoDBTableExists": dynamodb_table_exists,
    "DynamoDBDataExists": dynamodb_data_exists,
}


def check(fields: Fields) -> dict[str, str]:
    """Returns how the task ends, as SetTaskStatus wants it."""
    try:
        kind = value(fields, "type")
        if kind not in CHECKS:
            raise UnsupportedTask(f"{kind} is not checked here")
        return {"taskStatus": "FINISHED" if CHECKS[kind](fields) else "FALSE"}
    except Exception as error:  # Whatever it is, the service is to show it.
        name = type(error).__name__
        if isinstance(error, ClientError):
            name = error.response["Error"]["Code"]
        if name in NOT_THERE:
            return {"taskStatus": "FALSE"}
        return {"taskStatus": "FAILED", "errorId": name, "errorMessage": str(error)}


def perform_one(service: Any, at_work: threading.Lock) -> None:
    answer = service.poll_for_task(workerGroup=WORKER_GROUP, hostname=socket.gethostname())
    task = answer.get("taskObject")
    if not task:
        return
    with at_work:
        # The first report says that the task has arrived.
        if service.report_task_progress(taskId=task["taskId"])["canceled"]:
            return
        told = task["objects"][task["attemptId"]]["fields"]
        status = check({field["key"]: field.get("stringValue", "") for field in told})
        logging.info("%s %s", task["attemptId"], status)
        service.set_task_status(taskId=task["taskId"], **status)


def run(service: Any, at_work: threading.Lock) -> None:
    while True:
        try:
            perform_one(service, at_work)
        except (BotoCoreError, ClientError) as error:
            logging.warning("%s", error)
            time.sleep(PAUSE_SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Checks preconditions.")
    parser.add_argument("url", help="the service, such as http://127.0.0.1:7071")
    parser.add_argument("--checks", type=int, default=4, help="the number of concurrent checks (default: 4)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)  # in all threads, for sigwait
    # A poll is held up to 90 s: longer than boto3 waits by itself.
    config = Config(read_timeout=100, max_pool_connections=options.checks)
    told = os.environ.get
    service = boto3.client("datapipeline", endpoint_url=options.url, config=config,
                           aws_access_key_id=told("HOLDLINE_ACCESS_KEY"),
                           aws_secret_access_key=told("HOLDLINE_SECRET"),
                           aws_session_token=told("HOLDLINE_SESSION_TOKEN"),
                           verify=told("HOLDLINE_TLS_AUTHORITIES"))
    places = [threading.Lock() for _ in range(options.checks)]
    for at_work in places:
        threading.Thread(target=run, args=(service, at_work), daemon=True).start()
    signal.sigwait(stops)
    for at_work in places:
        at_work.acquire()  # waits for the check there and lets no other begin


if __name__ == "__main__":
    main()
