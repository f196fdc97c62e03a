"""The Lambdas of the contract tests: this file is their code."""

import importlib.util
import json
import os
import urllib.request


def show(event, context):
    """What the function can import, and its environment."""
    found = [name for name in ("boto3", "ministack", "aws_cdk", "fastapi") if importlib.util.find_spec(name)]
    return {"packages": found, "environment": dict(os.environ)}


def echo(event, context):
    """Answer a request with its body."""
    return {"statusCode": 200, "body": json.dumps({"echo": json.loads(event["body"])})}


def say(event, context):
    """Tell CloudFormation what the custom resource's properties say."""
    answer = {
        "Status": event["ResourceProperties"]["Status"],
        "Reason": "as asked",
        "PhysicalResourceId": "one",
        "Data": {"Told": "hello"},
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT"))  # noqa: S310


def break_down(event, context):
    """Fail before CloudFormation is told anything."""
    raise RuntimeError("no such thing")


def copy(event, context):
    """Copy each good record to the target; report the first poison one."""
    import boto3  # noqa: PLC0415 - the other functions start faster without it

    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        if image["id"]["S"].startswith("poison"):
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        boto3.client("dynamodb").put_item(TableName=os.environ["TARGET"], Item=image)
    return {"batchItemFailures": []}
