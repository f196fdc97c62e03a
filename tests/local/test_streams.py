"""Contract: a DynamoDB stream's batches, retried, bisected and given up."""

import json
import time

import pytest

from tests.local.handlers import copy
from tests.local.templates import ANYONE_POLICY, att, function, ref, resource

pytestmark = pytest.mark.e2e


def table(**properties):
    return resource(
        "DynamoDB::Table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        **properties,
    )


def pipeline():
    mapping = resource(
        "Lambda::EventSourceMapping",
        FunctionName=ref("Function"), EventSourceArn=att("Source", "StreamArn"), StartingPosition="TRIM_HORIZON",
        BatchSize=25, MaximumRetryAttempts=1, BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"]})}]},
        DestinationConfig={"OnFailure": {"Destination": att("Dead", "Arn")}},
    )  # fmt: skip
    return {
        "Source": table(StreamSpecification={"StreamViewType": "NEW_AND_OLD_IMAGES"}),
        "Target": table(),
        "Dead": resource("SQS::Queue"),
        **function(copy, policy=ANYONE_POLICY, environment={"TARGET": ref("Target")}),
        "Mapping": mapping,
    }


def eventually(condition, seconds=120):
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_good_records_arrive_and_only_the_poison_ends_in_the_dead_letter_queue(aws, deploy):
    stack = deploy(pipeline(), source=ref("Source"), target=ref("Target"), dead=ref("Dead"))
    dynamodb, sqs = aws.client("dynamodb"), aws.client("sqs")
    for number in range(30):
        name = f"poison-{number}" if number == 17 else f"good-{number}"
        dynamodb.put_item(TableName=stack["source"], Item={"id": {"S": name}})
    count = lambda: dynamodb.scan(TableName=stack["target"], Select="COUNT")["Count"]  # noqa: E731
    assert eventually(lambda: count() == 29)
    dead = eventually(lambda: sqs.receive_message(QueueUrl=stack["dead"], WaitTimeSeconds=1).get("Messages"))
    told = json.loads(dead[0]["Body"])
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "Messages" not in sqs.receive_message(QueueUrl=stack["dead"])
