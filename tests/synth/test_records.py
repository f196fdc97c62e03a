"""The tables and the stream between them: row A7 and the key schemas of the requirements."""

import json

import pytest

from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth


def keys(schema: list[dict]) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in schema]


def records(template: Template) -> list[dict]:
    """Both tables of records."""
    return [template.only("AWS::DynamoDB::Table", TableName=f"{name}-records") for name in ("command", "notification")]


@pytest.fixture(scope="module")
def mapping(template: Template) -> dict:
    return template.only("AWS::Lambda::EventSourceMapping")


def test_command_records_have_their_keys_and_a_stream_of_both_images(template):
    table = template.only("AWS::DynamoDB::Table", TableName="command-records")
    assert keys(table["KeySchema"]) == [("transaction_id", "HASH"), ("created_at", "RANGE")]
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_notification_records_have_their_keys_and_indexes(template):
    table = template.only("AWS::DynamoDB::Table", TableName="notification-records")
    indexes = {index["IndexName"]: keys(index["KeySchema"]) for index in table["GlobalSecondaryIndexes"]}
    assert keys(table["KeySchema"]) == [("user_id", "HASH"), ("created_at", "RANGE")]
    assert indexes == {
        "marketing_id-index": [("marketing_id", "HASH"), ("created_at", "RANGE")],
        "transaction_id-status-index": [("transaction_id", "HASH"), ("status", "RANGE")],
    }


def test_key_attributes_are_strings_but_for_the_time(template):
    for table in records(template):
        types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table["AttributeDefinitions"]}
        assert types.pop("created_at") == "N"
        assert set(types.values()) == {"S"}


def test_tables_are_encrypted_recoverable_and_outlive_the_stack(template):
    for name in ("command-records", "notification-records"):
        table = template.resource("AWS::DynamoDB::Table", TableName=name)
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["Properties"]["SSESpecification"]["SSEEnabled"] is True
        assert table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_tables_are_protected_from_deletion_in_prod_only(synthesize):
    for environment, protected in (("stage", False), ("prod", True)):
        for table in records(synthesize(env=environment)):
            assert table["DeletionProtectionEnabled"] is protected


def test_a_bad_record_is_singled_out_retried_a_limited_number_of_times_and_kept(mapping):
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == 100
    assert mapping["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert "DeadLetters" in reference(mapping["DestinationConfig"]["OnFailure"]["Destination"])


def test_removed_commands_are_not_streamed_to_the_processor(mapping):
    (pattern,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {"eventName": ["INSERT", "MODIFY"]}


def test_reading_starts_at_the_oldest_record(mapping):
    assert mapping["StartingPosition"] == "TRIM_HORIZON"


def test_the_dead_letter_queue_is_encrypted_and_kept_for_14_days(template):
    (queue,) = [each for name, each in template.of_type("AWS::SQS::Queue").items() if name.startswith("Records")]
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert reference(queue["KmsMasterKeyId"]) in template.of_type("AWS::KMS::Key")


def test_the_query_result_function_may_query_and_decrypt_and_nothing_else(template):
    statements = [s for s in template.statements("QueryResultRole") if "xray:" not in text(s["Action"])]
    actions = {statement["Action"] if isinstance(statement["Action"], str) else "logs" for statement in statements}
    assert actions == {"dynamodb:Query", "kms:Decrypt", "logs"}


def test_it_may_query_the_two_indexes_by_name(template):
    (statement,) = [s for s in template.statements("QueryResultRole") if s["Action"] == "dynamodb:Query"]
    granted = text(statement["Resource"])
    assert "/index/marketing_id-index" in granted
    assert "/index/transaction_id-status-index" in granted
    assert "*" not in granted


def test_the_stream_processor_may_write_notifications_and_not_delete_them(template):
    actions = text([statement["Action"] for statement in template.statements("RecordsStreamProcessorRole")])
    assert "dynamodb:PutItem" in actions
    assert "Delete" not in actions
    assert "dynamodb:Scan" not in actions


def test_the_task_role_may_do_nothing(template):
    assert template.statements("HandlerTaskDefinitionTaskRole") == []
