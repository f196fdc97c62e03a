"""The two tables with the service's real key schemas, and items for them."""

from typing import Any

COMMANDS = "command-records"
NOTIFICATIONS = "notification-records"
QUEUE = "stream-processor-dead-letters"


def _key(**types: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in types.items()]


def create(client: Any) -> None:
    """Create `notification-records` with its two indexes."""
    client.create_table(
        TableName=NOTIFICATIONS,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_key(user_id="HASH", created_at="RANGE"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "N" if name == "created_at" else "S"}
            for name in ("user_id", "created_at", "marketing_id", "transaction_id", "status")
        ],
        GlobalSecondaryIndexes=[
            _index("marketing_id-index", _key(marketing_id="HASH", created_at="RANGE")),
            _index("transaction_id-status-index", _key(transaction_id="HASH", status="RANGE")),
        ],
    )


def _index(name: str, keys: list[dict[str, str]]) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def item(user_id: str = "user-1", created_at: int = 1000, **changes: str) -> dict[str, Any]:
    """One notification in DynamoDB's notation; `changes` set text attributes."""
    texts = {
        "user_id": user_id,
        "transaction_id": "transaction-1",
        "notification_title": "Hello",
        "status": "SENT",
        "platform": "IOS",
    }
    return {name: {"S": value} for name, value in (texts | changes).items()} | {"created_at": {"N": str(created_at)}}


def fill(client: Any, items: list[dict[str, Any]]) -> None:
    """Put all items."""
    for start in range(0, len(items), 25):
        requests = [{"PutRequest": {"Item": one}} for one in items[start : start + 25]]
        client.batch_write_item(RequestItems={NOTIFICATIONS: requests})


def everything(client: Any) -> list[dict[str, Any]]:
    """All items of `notification-records`."""
    pages = client.get_paginator("scan").paginate(TableName=NOTIFICATIONS)
    return [one for page in pages for one in page["Items"]]
