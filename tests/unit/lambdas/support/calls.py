"""Records the DynamoDB calls that a client makes, without changing them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Calls:
    """What was asked of DynamoDB's Query and how many items it read."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0

    @classmethod
    def of(cls, client: Any) -> "Calls":
        """Start to record the Query calls of a boto3 client."""
        calls = cls()
        client.meta.events.register("provide-client-params.dynamodb.Query", calls._asked)
        client.meta.events.register("after-call.dynamodb.Query", calls._answered)
        return calls

    def _asked(self, params: dict[str, Any], **_: Any) -> None:
        self.asked.append(params)

    def _answered(self, parsed: dict[str, Any], **_: Any) -> None:
        self.read += parsed["ScannedCount"]
