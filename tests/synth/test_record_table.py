"""Tables of one's own: keys, streams that lose nothing, live ones taken over, and what is refused."""

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from roadworthy.patterns import (
    EncryptionKey,
    ExistingTable,
    Function,
    Index,
    InvalidTableError,
    InvalidTimeoutError,
    RecordTable,
    ServiceLogs,
)
from tests.synth.patterns import findings, new_stack, synthesized
from tests.synth.template import reference, text

pytestmark = pytest.mark.synth

PACKAGE = Path(__file__).parents[2] / "lambdas" / "image_gate"
STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01T00:00:00.000"


def key(name):
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def table(stack, **more):
    given = {"name": "orders", "partition_key": key("id"), **more}
    return RecordTable(stack, "Table", encryption_key=EncryptionKey(stack, "Key", alias="orders"), **given)


def reader(stack):
    seconds, logs = cdk.Duration.seconds(10), ServiceLogs(retention_days=30)
    return Function(stack, "Reader", package=PACKAGE, name="reader", logs=logs, timeout=seconds)


@pytest.fixture(scope="module")
def stack():
    stack = new_stack()
    written = lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})
    index = Index("by-day", key("day"))
    table(stack, stream=True, indexes=[index], deletion_protection=True).stream_to(reader(stack), filters=[written])
    return stack


def test_a_table_needs_no_sort_key_and_an_index_neither(stack):
    found = synthesized(stack).only("AWS::DynamoDB::Table")
    (index,) = found["GlobalSecondaryIndexes"]
    assert found["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert index["KeySchema"] == [{"AttributeName": "day", "KeyType": "HASH"}]


def test_what_fails_is_tried_again_singled_out_and_kept(stack):
    template = synthesized(stack)
    (queue,) = template.of_type("AWS::SQS::Queue")
    mapping = template.only("AWS::Lambda::EventSourceMapping")
    assert (mapping["MaximumRetryAttempts"], mapping["MaximumRecordAgeInSeconds"]) == (100, 12 * 3600)
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert reference(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == queue


def test_the_reader_may_decrypt_and_read_the_stream_and_not_the_table(stack):
    allowed = text([statement["Action"] for statement in synthesized(stack).statements("ReaderRole")])
    assert "dynamodb:GetRecords" in allowed
    assert "kms:Decrypt" in allowed
    assert "dynamodb:GetItem" not in allowed


def test_our_own_rules_find_nothing_in_it(stack):
    assert findings(stack) == set()


def test_a_live_table_is_read_and_nothing_is_made_of_it():
    stack = new_stack()
    existing = ExistingTable(STREAM, kms.Key.from_key_arn(stack, "Live", "arn:aws:kms:eu-west-1:111122223333:key/1"))
    table(stack, existing=existing).stream_to(reader(stack), batch_size=1)
    template = synthesized(stack)
    assert template.of_type("AWS::DynamoDB::Table") == {}
    assert template.only("AWS::Lambda::EventSourceMapping")["EventSourceArn"] == STREAM


def test_tokens_pass_unchecked():
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    age = cdk.Duration.seconds(cdk.CfnParameter(stack, "Age", type="Number").value_as_number)
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    made = table(stack, name=name, stream=True)
    made.stream_to(reader(stack), batch_size=number, retry_attempts=number, max_record_age=age)
    mapping = synthesized(stack).only("AWS::Lambda::EventSourceMapping")
    assert synthesized(stack).only("AWS::DynamoDB::Table")["TableName"] == {"Ref": "Name"}
    assert mapping["BatchSize"] == mapping["MaximumRetryAttempts"] == {"Ref": "Number"}
    assert mapping["MaximumRecordAgeInSeconds"] == {"Ref": "Age"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"indexes": [Index("twice", key("a")), Index("twice", key("b"))]}, "table `orders`: indexes twice, twice"),
        ({"indexes": [Index(f"index-{n}", key("a")) for n in range(21)]}, "at most 20, each of its own name"),
        ({"stream": True, "existing": ExistingTable()}, "stream = True, and existing names no stream"),
    ],
)
def test_a_table_that_dynamodb_would_refuse_is_refused(given, message):
    stack = new_stack()
    with pytest.raises(InvalidTableError, match=message):
        table(stack, **given)
    assert stack.node.try_find_child("Table") is None


@pytest.mark.parametrize(
    ("of_table", "given", "error", "message"),
    [
        ({}, {}, InvalidTableError, "table `orders`: it has no stream to be read; give stream=True"),
        ({"stream": True}, {"batch_size": 0}, InvalidTableError, r"batch_size = 0 is not in 1\.\.10000"),
        ({"stream": True}, {"retry_attempts": -1}, InvalidTableError, r"retry_attempts = -1 is not in 0\.\.10000"),
        ({"stream": True}, {"max_record_age": cdk.Duration.days(8)}, InvalidTimeoutError, "max_record_age = 691200 s"),
    ],
)
def test_a_stream_that_cannot_be_read_so_is_refused(of_table, given, error, message):
    stack = new_stack()
    made, function = table(stack, **of_table), reader(stack)
    with pytest.raises(error, match=message):
        made.stream_to(function, **given)
