"""What the notifier talks to: ECS, its topic, its table, Slack, its secret."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import boto3
import pytest
from botocore.stub import Stubber
from deployment_notifier import clients, slack
from moto import mock_aws

from tests.unit.lambdas.deployment_notifier.events import REGION, TABLE, TOPIC, stubbed


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client, stubber = stubbed("ecs")
    monkeypatch.setattr(clients, "ecs", lambda: client)
    with stubber:
        yield stubber


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The table of deliveries."""
    for name, value in {"ENVIRONMENT": "stage", "TOPIC_ARN": TOPIC, "DELIVERIES_TABLE": TABLE}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        monkeypatch.setattr(clients, "dynamodb", lambda: client)
        yield client


@pytest.fixture
def published(table: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was published to the topic."""
    messages: list[dict[str, Any]] = []

    class Topic:
        def publish(self, **message: Any) -> None:
            messages.append(message)

    monkeypatch.setattr(clients, "sns", Topic)
    return messages


@pytest.fixture
def posted(table: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was posted to Slack, and `answer`: (status, body) of its next answers."""

    class Slack:
        answer: tuple[int, bytes] = (200, b"ok")
        requests: ClassVar[list[tuple[str, str, str, bytes]]]

        def __init__(self, host: str, timeout: float) -> None:
            self.host = host

        def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
            Slack.requests.append((self.host, method, path, body))

        def getresponse(self) -> Any:
            self.status = Slack.answer[0]
            return self

        def read(self, size: int) -> bytes:
            return Slack.answer[1][:size]

        def close(self) -> None: ...

    Slack.requests = []
    monkeypatch.setattr(slack, "HTTPSConnection", Slack)
    return Slack


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[str]]]:
    """Sets the secret; gives the list of times it was read."""
    reads: list[str] = []

    def hold(text: str) -> list[str]:
        class Secrets:
            def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - boto3's name
                reads.append(SecretId)
                return {"SecretString": text}

        monkeypatch.setattr(clients, "secrets", Secrets)
        return reads

    monkeypatch.setenv("SLACK_WEBHOOK_SECRET_ARN", "arn:secret")
    clients.webhook.cache_clear()
    yield hold
    clients.webhook.cache_clear()
