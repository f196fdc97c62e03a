"""The three queries over `notification-records`.

Without `ap_id` a query is one DynamoDB Query that reads `limit` items, however many the key has. With `ap_id`
DynamoDB filters *after* it reads, so further pages are read until `limit` items are found or a bound is
reached: 10 reads of 100 items, 2 MB of answers, or the time left. Then the answer holds fewer items than
`limit`, perhaps none, and a next_token.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from query_result import paging, plain
from query_result.paging import Place, Scope

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from query_result.request import Request

FILTER_READS = 10
FILTER_READ_ITEMS = 100
# One more read adds at most 1 MB, and a Lambda's answer may have 6 MB:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
FILTER_BYTES = 2_000_000
PAGE_BYTES = 5_000_000  # of the whole answer; the largest item (400 KB of control characters) has less than 3 MB


@dataclass(frozen=True)
class Query:
    """One kind of query: the field that holds its id, the index that answers it (None: the table itself)."""

    operation: str
    id_field: str
    index: str | None = None
    status: str | None = None

    def key(self, id_value: str) -> dict[str, Any]:
        """The key attributes that every item of one result shares."""
        shared = {self.id_field: {"S": id_value}}
        return shared | ({"status": {"S": self.status}} if self.status else {})

    def start_key(self, id_value: str, place: Place) -> dict[str, Any]:
        """DynamoDB's ExclusiveStartKey: the index's key and the table's."""
        return {"user_id": {"S": place.user_id}, "created_at": {"N": place.created_at}} | self.key(id_value)


USER = Query("user", "user_id")
MARKETING = Query("marketing", "marketing_id", index="marketing_id-index")
FAIL = Query("fail", "transaction_id", index="transaction_id-status-index", status="FAILED")
QUERIES = (USER, MARKETING, FAIL)


@dataclass
class Page:
    """Items as DynamoDB gave them, and the place after which the result continues (None: its end)."""

    items: list[Mapping[str, Any]] = field(default_factory=list)
    stopped_at: Place | None = None


@dataclass(frozen=True)
class Reader:
    """Runs queries on one table. `has_time` says whether one more DynamoDB call may be begun."""

    client: "DynamoDBClient"
    table: str
    has_time: Callable[[], bool]

    def answer(self, query: Query, request: "Request") -> dict[str, Any]:
        """One page as the API gives it: `{"items": [...], "count": n, "next_token": str | None}`.

        Raises InvalidRequestError for a bad next_token and botocore's exceptions for DynamoDB's failures.
        """
        scope = Scope(query.operation, request.id_value, request.ap_id)
        start = paging.decode(request.next_token, scope) if request.next_token else None
        if request.ap_id:
            page = self._filtered(query, request, start)
        else:
            page = self._read(query, request, start, request.limit)
        page, items = _fitting(page)
        token = paging.encode(page.stopped_at, scope) if page.stopped_at else None
        return {"items": items, "count": len(items), "next_token": token}

    def _filtered(self, query: Query, request: "Request", start: Place | None) -> Page:
        """Read on until `limit` items are found or a bound is reached; no item is skipped or repeated."""
        found = Page(stopped_at=start)
        size = 0
        for _ in range(FILTER_READS):
            page = self._read(query, request, found.stopped_at, FILTER_READ_ITEMS)
            wanted = request.limit - len(found.items)
            found.items += page.items[:wanted]
            if len(page.items) > wanted:
                return Page(found.items, _place(found.items[-1]))
            found.stopped_at = page.stopped_at
            size += len(json.dumps([plain.plain_item(item) for item in page.items]))
            done = len(found.items) == request.limit or found.stopped_at is None
            if done or size > FILTER_BYTES or not self.has_time():
                break
        return found

    def _read(self, query: Query, request: "Request", start: Place | None, limit: int) -> Page:
        """One DynamoDB Query that reads at most `limit` items (or 1 MB)."""
        answer = self.client.query(**_arguments(query, request, start), TableName=self.table, Limit=limit)
        last = answer.get("LastEvaluatedKey")
        return Page(list(answer["Items"]), _place(last) if last else None)


def _fitting(page: Page) -> tuple[Page, list[dict[str, Any]]]:
    """As much of the page as a Lambda can answer, and its items as plain JSON values.

    The body is a JSON text within a JSON text: quotes and control characters are escaped twice.
    """
    size = 0
    items: list[dict[str, Any]] = []
    for item in page.items:
        plain_item = plain.plain_item(item)
        size += len(json.dumps(json.dumps(plain_item, ensure_ascii=False)))
        if size > PAGE_BYTES:
            kept = page.items[: len(items)]
            return Page(kept, _place(kept[-1])), items
        items.append(plain_item)
    return page, items


def _place(item: Mapping[str, Any]) -> Place:
    return Place(item["user_id"]["S"], item["created_at"]["N"])


def _arguments(query: Query, request: "Request", start: Place | None) -> dict[str, Any]:
    """The arguments of `DynamoDBClient.query`; placeholders, since `status` is a reserved word."""
    key = query.key(request.id_value)
    arguments: dict[str, Any] = {
        "KeyConditionExpression": " AND ".join(f"#{name} = :{name}" for name in key),
        "ExpressionAttributeNames": {f"#{name}": name for name in key},
        "ExpressionAttributeValues": {f":{name}": value for name, value in key.items()},
        "ScanIndexForward": False,  # newest first
    }
    if query.index:
        arguments["IndexName"] = query.index
    if start:
        arguments["ExclusiveStartKey"] = query.start_key(request.id_value, start)
    if request.ap_id:
        arguments["FilterExpression"] = "#ap_id = :ap_id"
        arguments["ExpressionAttributeNames"]["#ap_id"] = "ap_id"
        arguments["ExpressionAttributeValues"][":ap_id"] = {"S": request.ap_id}
    return arguments
