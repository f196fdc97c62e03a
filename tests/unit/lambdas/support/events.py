"""Events and contexts as Lambda gets them."""

import itertools
from dataclasses import dataclass
from typing import Any

_sequence = itertools.count(1)


@dataclass
class Context:
    """Lambda's context object, as far as our code uses it."""

    remaining_milliseconds: int = 12_000
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-southeast-1:000000000000:function:function"
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's time-out."""
        return self.remaining_milliseconds


def rest(method: str, path: str, body: str | None = None, **changes: Any) -> dict[str, Any]:
    """A proxy event of API Gateway's REST API (payload 1.0)."""
    return {
        "httpMethod": method,
        "path": path,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "requestContext": {"requestId": "request-id-1", "stage": "v1"},
        "body": body,
        "isBase64Encoded": False,
    } | changes


def image(**changes: Any) -> dict[str, Any]:
    """A command's image in DynamoDB's notation; a change to None removes the attribute."""
    image: dict[str, Any] = {
        "transaction_id": {"S": "transaction-1"},
        "created_at": {"N": "1000"},
        "user_id": {"S": "user-1"},
        "notification_title": {"S": "Hello"},
        "status": {"S": "SENT"},
        "platform": {"S": "IOS"},
    }
    notation = {name: {"S": value} if isinstance(value, str) else value for name, value in changes.items()}
    return {name: value for name, value in (image | notation).items() if value is not None}


def at(millisecond: int) -> dict[str, str]:
    """A time in DynamoDB's notation."""
    return {"N": str(millisecond)}


def change(new: dict[str, Any] | None, *, event: str = "INSERT", sequence: int | None = None) -> dict[str, Any]:
    """A record of the stream; without `sequence` it is newer than all before."""
    number = next(_sequence) if sequence is None else sequence
    parts = {"NewImage": new} if new is not None else {}
    return {
        "eventID": f"event-{number}",
        "eventName": event,
        "eventSource": "aws:dynamodb",
        "dynamodb": {"SequenceNumber": f"{number}00000000000000000001", **parts},
    }


def batch(*records: dict[str, Any]) -> dict[str, Any]:
    """A batch as the event source mapping gives it."""
    return {"Records": list(records)}
