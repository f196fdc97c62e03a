"""The operations on items.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.aws.dynamodb.conditions import condition_of
from roadworthy.testing.aws.dynamodb.parser import Path, Placeholders, invalid
from roadworthy.testing.aws.dynamodb.projection import projection_of
from roadworthy.testing.aws.dynamodb.query import answer_of
from roadworthy.testing.aws.dynamodb.table import Keys, Table
from roadworthy.testing.aws.dynamodb.updates import Update
from roadworthy.testing.aws.dynamodb.values import Item
from roadworthy.testing.wire.backend import AwsError, Backend

Asked = Mapping[str, Any]
OLD = ("AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ConditionalOperator", "AttributesToGet")


class DynamoDb:
    """Tables by name."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._tables: dict[str, Table] = {}
        backend.register_all(
            "dynamodb",
            {
                "DescribeTable": self._describe_table,
                "GetItem": self._get_item,
                "PutItem": self._put_item,
                "UpdateItem": self._update_item,
                "DeleteItem": self._delete_item,
                "Query": self._query,
            },
        )

    def add_table(
        self, name: str, key: Mapping[str, str], indexes: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """Let a table exist; keys are attributes with their types, the partition key first: {"id": "S", "at": "N"}."""
        arn = self._backend.arn("dynamodb", f"table/{name}")
        inner = {index: Keys(types) for index, types in (indexes or {}).items()}
        self._tables[name] = Table(name, arn, Keys(key), inner)

    def items(self, table: str) -> list[Item]:
        """The items of a table as attribute values, in the order of their keys."""
        return self._tables[table].ordered(None)

    def _describe_table(self, asked: Asked) -> dict[str, Any]:
        table = self._table(asked)
        return {"Table": {"TableName": table.name, "TableArn": table.arn, "TableStatus": "ACTIVE", **_schema(table)}}

    def _get_item(self, asked: Asked) -> dict[str, Any]:
        item = self._table(asked).get(asked["Key"])
        placeholders = Placeholders(asked)
        projection = projection_of(asked.get("ProjectionExpression"), placeholders)
        placeholders.refuse_unused()
        return {"Item": projection(item)} if item else {}

    def _put_item(self, asked: Asked) -> dict[str, Any]:
        table, item, placeholders = self._table(asked), asked["Item"], Placeholders(asked)
        table.refuse_without_key(item)
        old = table.get(table.keys.of(item))
        _require(asked, old, placeholders)
        table.put(item)
        return _returned(asked, old, item, [])

    def _update_item(self, asked: Asked) -> dict[str, Any]:
        table, placeholders = self._table(asked), Placeholders(asked)
        old = table.get(asked["Key"])
        update = Update(asked.get("UpdateExpression", ""), placeholders)
        _require(asked, old, placeholders)
        _refuse_keys(table, update)
        new = update.applied(old or dict(asked["Key"]))
        table.put(new)
        return _returned(asked, old, new, update.paths)

    def _delete_item(self, asked: Asked) -> dict[str, Any]:
        table, placeholders = self._table(asked), Placeholders(asked)
        old = table.get(asked["Key"])
        _require(asked, old, placeholders)
        table.drop(asked["Key"])
        return _returned(asked, old, {}, [])

    def _query(self, asked: Asked) -> dict[str, Any]:
        return answer_of(self._table(asked), asked)

    def _table(self, asked: Asked) -> Table:
        """The table that is named, or given by its ARN."""
        if used := [name for name in OLD if name in asked]:
            raise invalid(f"{used[0]} is a legacy parameter, which is not played: use an expression")
        name = asked["TableName"].rpartition("/")[2]
        if name not in self._tables:
            raise AwsError("ResourceNotFoundException", "Requested resource not found")
        return self._tables[name]


def _require(asked: Asked, old: Item, placeholders: Placeholders) -> None:
    """Raise unless the item is as the condition wants it; the item is answered when that is asked for."""
    expression = asked.get("ConditionExpression")
    holds = condition_of(expression, placeholders)[0](old) if expression else True
    placeholders.refuse_unused()
    if not holds:
        shown = old and asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        fields = {"Item": old} if shown else {}
        raise AwsError("ConditionalCheckFailedException", "The conditional request failed", fields=fields)


def _refuse_keys(table: Table, update: Update) -> None:
    for path in update.paths:
        if path[0] in table.keys.types:
            text = f"Cannot update attribute {path[0]}. This attribute is part of the key"
            raise invalid(f"One or more parameter values were invalid: {text}")


def _returned(asked: Asked, old: Item, new: Item, paths: list[Path]) -> dict[str, Any]:
    """What the caller wants to be told of the item."""
    changed = {str(path[0]) for path in paths}
    shown = {
        "ALL_OLD": old,
        "ALL_NEW": new,
        "UPDATED_OLD": {name: value for name, value in old.items() if name in changed},
        "UPDATED_NEW": {name: value for name, value in new.items() if name in changed},
    }.get(asked.get("ReturnValues", "NONE"))
    return {"Attributes": shown} if shown else {}


def _schema(table: Table) -> dict[str, Any]:
    types = {name: type_ for keys in (table.keys, *table.indexes.values()) for name, type_ in keys.types.items()}
    return {
        "KeySchema": _key_schema(table.keys),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": type_} for name, type_ in types.items()],
        "ItemCount": len(table.items),
        "GlobalSecondaryIndexes": [
            {"IndexName": name, "KeySchema": _key_schema(keys), "IndexStatus": "ACTIVE"}
            for name, keys in table.indexes.items()
        ]
        or None,
    }


def _key_schema(keys: Keys) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys.names, ("HASH", "RANGE"), strict=False)]
