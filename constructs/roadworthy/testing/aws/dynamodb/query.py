"""Query: the items of one partition, page by page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.aws.dynamodb.conditions import condition_of
from roadworthy.testing.aws.dynamodb.parser import Path, Placeholders, invalid
from roadworthy.testing.aws.dynamodb.projection import projection_of
from roadworthy.testing.aws.dynamodb.table import Key, Keys, Table
from roadworthy.testing.aws.dynamodb.values import Item

Asked = Mapping[str, Any]


def answer_of(table: Table, asked: Asked) -> dict[str, Any]:
    """The answer to a query; a limit counts items before they are filtered, as DynamoDB's does.

    Raises:
        AwsError: ValidationException.
    """
    placeholders = Placeholders(asked)
    read, more = _page(table, asked, placeholders)
    filter_ = asked.get("FilterExpression")
    kept = list(filter(condition_of(filter_, placeholders)[0], read)) if filter_ else read
    projection = projection_of(asked.get("ProjectionExpression"), placeholders)
    placeholders.refuse_unused()
    items = {} if asked.get("Select") == "COUNT" else {"Items": [projection(item) for item in kept]}
    last = {"LastEvaluatedKey": _position(table, asked, read[-1])} if more else {}
    return {**items, **last, "Count": len(kept), "ScannedCount": len(read)}


def _page(table: Table, asked: Asked, placeholders: Placeholders) -> tuple[list[Item], bool]:
    """The items that are read, and whether there are more."""
    keys = table.keys_of(asked.get("IndexName"))
    matches, paths = condition_of(asked.get("KeyConditionExpression", ""), placeholders)
    _refuse_other_than_keys(keys, paths)
    forward = asked.get("ScanIndexForward", True)
    found = [item for item in table.ordered(asked.get("IndexName"), forward=forward) if matches(item)]
    if start := asked.get("ExclusiveStartKey"):
        place = table.place_in(keys, start)
        found = [item for item in found if _is_after(table.place_in(keys, item), place, forward=forward)]
    size = asked.get("Limit", len(found))
    return found[:size], size < len(found)


def _is_after(one: Key, other: Key, *, forward: bool) -> bool:
    return one > other if forward else one < other


def _position(table: Table, asked: Asked, item: Item) -> Item:
    """The key after which the next page starts: the index's, and the table's."""
    return {**table.keys_of(asked.get("IndexName")).of(item), **table.keys.of(item)}


def _refuse_other_than_keys(keys: Keys, paths: list[Path]) -> None:
    named = {path[0] for path in paths}
    if keys.names[0] not in named:
        raise invalid(f"Query condition missed key schema element: {keys.names[0]}")
    if named - set(keys.names):
        raise invalid("Query key condition not supported")
