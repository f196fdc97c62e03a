"""OperationsStack: the table of records has the keys that the command line writes."""

import json

import pytest

import roadworthy
from roadworthy.operations.records import table as records
from roadworthy.operations.records.name import NAME

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def stack(synthesize):
    return synthesize("OperationsStack")


def test_the_table_has_the_keys_and_the_index_of_the_records(stack):
    table = stack.only("AWS::DynamoDB::Table", TableName=NAME)
    (index,) = table["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == [records.PARTITION_KEY, records.SORT_KEY]
    assert index["IndexName"] == records.INDEX
    assert [key["AttributeName"] for key in index["KeySchema"]] == [
        records.INDEX_PARTITION_KEY,
        records.INDEX_SORT_KEY,
    ]


def test_the_table_is_encrypted_recoverable_and_outlives_its_stack(stack):
    (resource,) = [each for each in stack.resources.values() if each["Type"] == "AWS::DynamoDB::Table"]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert resource["Properties"]["SSESpecification"]["SSEType"] == "KMS"


def test_its_key_can_be_used_through_dynamodb_by_whoever_may_use_the_table(stack):
    key = stack.only("AWS::KMS::Key")
    (through,) = [each for each in key["KeyPolicy"]["Statement"] if each.get("Sid") == "ThroughDynamoDbOfThisAccount"]
    assert set(through["Condition"]["StringEquals"]) == {"kms:CallerAccount", "kms:ViaService"}


def test_its_output_names_the_table(stack):
    assert stack.resources[stack.outputs["RecordsTableName"]["Value"]["Ref"]]["Properties"]["TableName"] == NAME


def test_our_rules_and_cdk_nag_find_nothing(assembly):
    folder = assembly()
    assert roadworthy.check(folder / "OperationsStack.template.json").findings == []
    report = json.loads((folder / "validation-report.json").read_text())
    assert [violation for each in report["pluginReports"] for violation in each["violations"]] == []
