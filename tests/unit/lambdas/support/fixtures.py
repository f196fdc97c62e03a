"""Fixtures that need moto; a conftest imports the ones that its tests use."""

from collections.abc import Iterator
from typing import Any

import pytest
import query_result.dynamodb
import query_result.settings
import stream_processor.clients
import stream_processor.settings
from moto import mock_aws

from tests.unit.lambdas.support import tables


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A DynamoDB client with the notification table; the Lambdas see the same."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "NOTIFICATION_TABLE": tables.NOTIFICATIONS,
        "DEAD_LETTER_QUEUE_URL": "",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        _forget()
        client = query_result.dynamodb.client()
        tables.create(client)
        yield client
    _forget()


@pytest.fixture
def dead_letters(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that gives the bodies of all messages in the dead-letter queue."""
    sqs = stream_processor.clients.sqs()
    url = sqs.create_queue(QueueName=tables.QUEUE)["QueueUrl"]
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", url)

    def bodies() -> list[str]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [message["Body"] for message in found]

    return bodies


def _forget() -> None:
    """Clients and settings are kept for the life of a function; here a life is a test."""
    for cached in (
        query_result.dynamodb.client,
        query_result.settings.settings,
        stream_processor.clients.dynamodb,
        stream_processor.clients.sqs,
        stream_processor.settings.settings,
    ):
        cached.cache_clear()
