"""Poison records go to the dead-letter queue whole, so that they can be mended and given again.

The event source mapping's own on-failure destination receives only positions in the stream, which forgets its
records after 24 hours. It stays as the net under transient failures.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True)
class DeadLetters:
    """The dead-letter queue."""

    client: "SQSClient"
    queue_url: str

    def send(self, record: Mapping[str, Any], reason: str) -> None:
        """Send `{"id", "reason", "record"}`; raises botocore's exceptions.

        `id` is the stream's eventID: the same whenever the record is given again, so that readers can tell
        duplicates. `record` can be given to the function again as `{"Records": [record]}`.
        """
        letter = {"id": record.get("eventID", ""), "reason": reason, "record": record}
        body = json.dumps(letter)  # ASCII: SQS refuses some characters that a record may hold
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=body)
