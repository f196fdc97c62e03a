"""Poison records go to the dead-letter queue whole, so that they can be mended and given again.

The event source mapping's own on-failure destination receives only positions in the stream, which forgets its
records after 24 hours. It stays as the net under transient failures.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
MESSAGE_BYTES = 1_048_576
HELD_BACK = 1_000  # for the id and the reason


@dataclass(frozen=True)
class DeadLetters:
    """The dead-letter queue."""

    client: "SQSClient"
    queue_url: str

    def send(self, record: Mapping[str, Any], reason: str) -> None:
        """Send `{"id", "reason", "record"}`; raises botocore's exceptions.

        `id` is the stream's eventID: the same whenever the record is given again, so that readers can tell
        duplicates. `record` can be given to the function again as `{"Records": [record]}`. A record that is too large
        for a message stands in `record_gzip` instead, as base64 of its gzipped JSON.
        """
        letter = {"id": record.get("eventID", ""), "reason": reason, **_fitting(record)}
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=json.dumps(letter))


def _fitting(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it fits into a message: whole, else compressed, else compressed without its old image."""
    text = json.dumps(record)  # ASCII: SQS refuses some characters that a record may hold
    if len(text) <= MESSAGE_BYTES - HELD_BACK:
        return {"record": record}
    packed = _packed(text)
    if len(packed) <= MESSAGE_BYTES - HELD_BACK:
        return {"record_gzip": packed}
    change = {name: value for name, value in record["dynamodb"].items() if name != "OldImage"}
    return {"record_gzip": _packed(json.dumps({**record, "dynamodb": change}))}


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
