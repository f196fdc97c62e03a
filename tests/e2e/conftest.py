"""QueryServiceStack, deployed once to a local AWS by the real CDK CLI, for all tests here."""

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ministack")

from roadworthy.local.app import App
from roadworthy.local.errors import LocalError
from roadworthy.local.query_service import SERVICE_STACK, query_service
from roadworthy.local.session import LocalAws
from roadworthy.local.signed_http import Answer, post

ROOT = Path(__file__).parents[2]
_serial = itertools.count()


@dataclasses.dataclass
class Service:
    """The deployed service, as its users and its operators have it."""

    aws: LocalAws
    app: App

    @property
    def outputs(self) -> dict[str, str]:
        return self.aws.outputs[SERVICE_STACK]

    @property
    def url(self) -> str:
        return self.aws.local_url(self.outputs["PublicApiUrl"]).rstrip("/")

    def query(self, kind: str, body: Any, **options: Any) -> Answer:
        return post(f"{self.url}/query/{kind}", body, region=self.aws.region, **options)

    def write(self, *commands: dict[str, Any]) -> None:
        dynamodb = self.aws.client("dynamodb")
        for command in commands:
            dynamodb.put_item(TableName=self.outputs["CommandTableName"], Item=attributes(command))

    def notifications(self, user_id: str) -> list[dict[str, Any]]:
        """All that the API gives of a user, page by page."""
        items: list[dict[str, Any]] = []
        token = None
        while True:
            more = {"next_token": token} if token else {}
            answer = self.query("user", {"user_id": user_id, "limit": 100, **more})
            assert answer.status == 200, answer
            items += answer.body["items"]
            token = answer.body["next_token"]
            if token is None:
                return items

    def dead_letters(self) -> list[str]:
        """The bodies of all messages in the dead-letter queue, which is empty afterwards."""
        sqs, url = self.aws.client("sqs"), self.outputs["DeadLetterQueueUrl"]
        bodies = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies


@pytest.fixture(scope="session")
def aws_and_first_refusal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAws, LocalError]]:
    """A local AWS in which the very first deployment was tried before any image was pushed."""
    app = query_service(ROOT)
    with LocalAws.start(tmp_path_factory.mktemp("query-service"), port=0, region=app.region) as aws:
        with pytest.raises(LocalError) as refused:
            aws.deploy(dataclasses.replace(app, images=()))
        yield aws, refused.value


@pytest.fixture(scope="session")
def service(aws_and_first_refusal: tuple[LocalAws, LocalError]) -> Service:
    """The service, deployed after its image was pushed."""
    aws, _ = aws_and_first_refusal
    app = query_service(ROOT)
    aws.deploy(app)
    return Service(aws, app)


@pytest.fixture
def user() -> str:
    """A user that no other test has."""
    return f"user-{time.time_ns()}-{next(_serial)}"


def command(user_id: str, number: int = 0, **changes: Any) -> dict[str, Any]:
    """A command record; `number` makes its transaction and its time."""
    return {
        "transaction_id": f"{user_id}-tx-{number}",
        "created_at": 1_700_000_000_000 + number,
        "user_id": user_id,
        "notification_title": f"Offer {number}",
        "status": "SENT",
        "platform": "IOS",
        **changes,
    }


def attributes(item: dict[str, Any]) -> dict[str, dict[str, str]]:
    """An item as DynamoDB's API has it."""
    return {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}


def eventually(condition: Callable[[], bool], *, seconds: float = 120) -> None:
    """Wait until `condition` holds; it must within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"did not come true in {seconds} s"
        time.sleep(0.1)
