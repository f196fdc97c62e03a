"""A DynamoDB that holds one user with a great many records, without storing them."""

from typing import Any


def stand_in(client: Any, size: int) -> None:
    """Answer Query calls as DynamoDB would for a user with `size` records, at milliseconds 0 to size - 1."""

    def remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params

    def answer(context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        return _Ok(), _page(context["asked"], size)

    client.meta.events.register("provide-client-params.dynamodb.Query", remember)
    client.meta.events.register("before-call.dynamodb.Query", answer)


class _Ok:
    """As much of an HTTP response as botocore looks at."""

    status_code = 200


def _page(asked: dict[str, Any], size: int) -> dict[str, Any]:
    """Newest first, `Limit` items, and where they stopped."""
    newest = int(asked["ExclusiveStartKey"]["created_at"]["N"]) - 1 if "ExclusiveStartKey" in asked else size - 1
    times = range(newest, max(newest - asked["Limit"], -1), -1)
    items = [{"user_id": {"S": "crowd"}, "created_at": {"N": str(time)}} for time in times]
    more = {"LastEvaluatedKey": items[-1]} if items and times[-1] > 0 else {}
    return {"Items": items, "Count": len(items), "ScannedCount": len(items), **more}
