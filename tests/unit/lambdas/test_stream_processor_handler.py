import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from stream_processor import clients
from stream_processor.handler import handler, logger, metrics

from tests.unit.lambdas.support import events, tables
from tests.unit.lambdas.support.logs import log_of

POISON = events.change(events.image(status="secret-status"), sequence=77)


def run(*records: dict[str, Any]) -> list[str]:
    """The sequence numbers that are given back to the stream."""
    answer = handler(events.batch(*records), events.Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def failing(client: Any, operation: str) -> None:
    def fail(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://aws")

    client.meta.events.register(f"before-call.{operation}", fail)


def test_inserted_and_modified_commands_arrive(dynamodb: Any, dead_letters: Any) -> None:
    failures = run(events.change(events.image()), events.change(events.image(status="DELIVERED"), event="MODIFY"))
    assert failures == []
    assert [item["status"]["S"] for item in tables.everything(dynamodb)] == ["DELIVERED"]


def test_a_removed_command_leaves_its_notification_alone(dynamodb: Any, dead_letters: Any) -> None:
    run(events.change(events.image()))
    run(events.change(None, event="REMOVE"))
    assert len(tables.everything(dynamodb)) == 1


def test_poison_goes_whole_to_the_dead_letter_queue_and_blocks_nothing(
    dynamodb: Any, dead_letters: Callable[[], list[str]]
) -> None:
    assert run(POISON, events.change(events.image())) == []
    assert len(tables.everything(dynamodb)) == 1
    letter = json.loads(dead_letters()[0])
    assert (letter["id"], letter["record"]) == ("event-77", POISON)
    assert letter["reason"] == "status is not one of DELIVERED, FAILED, SENT"


def test_poison_too_large_for_a_message_is_compressed_whole(
    dynamodb: Any, dead_letters: Callable[[], list[str]]
) -> None:
    image = events.image(notification_title="中" * 130_000, status="X")
    record = events.change(image, event="MODIFY", sequence=5)
    record["dynamodb"]["OldImage"] = image
    assert run(record) == []
    letter = json.loads(dead_letters()[0])
    assert json.loads(gzip.decompress(base64.b64decode(letter["record_gzip"]))) == record


def test_an_empty_batch_is_no_failure(dynamodb: Any, dead_letters: Any) -> None:
    assert run() == []


def test_a_mended_letter_can_be_given_again(dynamodb: Any, dead_letters: Callable[[], list[str]]) -> None:
    run(POISON)
    record = json.loads(dead_letters()[0])["record"]
    record["dynamodb"]["NewImage"]["status"] = {"S": "SENT"}
    assert run(record) == []
    assert len(tables.everything(dynamodb)) == 1


def test_poison_with_characters_that_sqs_refuses_still_arrives(
    dynamodb: Any, dead_letters: Callable[[], list[str]]
) -> None:
    record = events.change(events.image(status="x", notification_title="\x00\ufffe한"))
    assert run(record) == []
    assert json.loads(dead_letters()[0])["record"] == record


def test_poison_that_cannot_be_sent_is_given_back(dynamodb: Any, dead_letters: Any) -> None:
    failing(clients.sqs(), "sqs.SendMessage")
    assert run(POISON) == [POISON["dynamodb"]["SequenceNumber"]]


def test_a_transient_failure_gives_back_only_its_own_record(dynamodb: Any, dead_letters: Any) -> None:
    def fail_for_one(params: dict[str, Any], **_: Any) -> None:
        if params["Item"]["user_id"]["S"] == "unlucky":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")

    clients.dynamodb().meta.events.register("provide-client-params.dynamodb.PutItem", fail_for_one)
    unlucky = events.change(events.image(user_id="unlucky"))
    assert run(events.change(events.image()), unlucky) == [unlucky["dynamodb"]["SequenceNumber"]]
    assert len(tables.everything(dynamodb)) == 1


def test_a_whole_failed_batch_is_given_back_record_by_record(dynamodb: Any, dead_letters: Any) -> None:
    failing(clients.dynamodb(), "dynamodb.Query")
    records = [events.change(events.image(transaction_id=name)) for name in "ab"]
    assert run(*records) == [record["dynamodb"]["SequenceNumber"] for record in records]


def test_a_missing_setting_fails_the_batch_by_its_name(dynamodb: Any) -> None:
    with pytest.raises(RuntimeError, match="DEAD_LETTER_QUEUE_URL is missing"):
        run(events.change(events.image()))


def test_what_happened_is_counted(dynamodb: Any, dead_letters: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first = events.change(events.image())
    run(first, first, events.change(events.image(transaction_id="other")), POISON)
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    names = ("received", "processed", "replayed", "moved", "poison")
    assert [counted[name] for name in names] == [[4.0], [1.0], [1.0], [1.0], [1.0]]
    assert metrics.namespace == "QueryService"


def test_the_log_holds_no_users_data(dynamodb: Any, dead_letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(logger, monkeypatch)
    run(POISON)
    assert "event-77" in log.getvalue()
    assert "secret" not in log.getvalue()
