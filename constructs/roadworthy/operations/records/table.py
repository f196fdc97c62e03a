"""The DynamoDB table of records: one item for a deployment, one for every few lines of its log.

| item | `deployment_id` | `item` |
|---|---|---|
| the deployment | its id | `deployment` |
| lines of its log | its id | `log#<milliseconds>#<writer>#<number>` |

The index `environment-created_at-index` lists the deployments of an environment by their time. Every change of a
deployment is conditional on the version that was read, so that no writer undoes another's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from roadworthy.operations.aws import Aws
from roadworthy.operations.errors import NotFoundError, OperationError, RefusedError
from roadworthy.operations.records.name import NAME
from roadworthy.operations.records.record import LogLine, Move, Record
from roadworthy.operations.records.status import Status

PARTITION_KEY, SORT_KEY = "deployment_id", "item"
INDEX, INDEX_PARTITION_KEY, INDEX_SORT_KEY = "environment-created_at-index", "environment", "created_at"
_DEPLOYMENT, _LOG = "deployment", "log#"
_CONFLICT = "ConditionalCheckFailedException"
_MALFORMED = (KeyError, TypeError, ValueError)
PAGE = 50  # items that are asked for at a time


class ChangedError(OperationError):
    """Somebody else changed the record since it was read."""


class RecordTable:
    """The table, to be read and written."""

    def __init__(self, aws: Aws, name: str = NAME) -> None:
        self._aws = aws
        self._name = name

    def create(self, record: Record) -> None:
        """Write a new deployment.

        Raises:
            ChangedError: there is one of this id.
            OperationError: there is no such table, or AWS cannot be asked.
        """
        self._put(record, "attribute_not_exists(#key)", {"#key": PARTITION_KEY})

    def change(self, record: Record, *, to: Status | None = None, at: int = 0, **fields: Any) -> Record:
        """Write a change of a deployment; the answer is how it is now.

        Args:
            record: as it was read or written last.
            to: the next status.
            at: since when, in milliseconds since the epoch.
            **fields: other attributes of the record.

        Raises:
            InvalidMoveError: the status cannot follow.
            ChangedError: somebody else changed it meanwhile.
            OperationError: AWS cannot be asked.
        """
        moves = (*record.moves, Move(record.status.move_to(to), at)) if to else record.moves
        changed = replace(record, moves=moves, version=record.version + 1, **fields)
        self._put(changed, "#key = :version", {"#key": "version"}, {":version": {"N": str(record.version)}})
        return changed

    def write_log(self, id: str, lines: Sequence[LogLine], writer: str, number: int) -> None:
        """Add lines to a deployment's log; `writer` and `number` tell those of the same millisecond apart."""
        item = {
            PARTITION_KEY: id,
            SORT_KEY: f"{_LOG}{lines[0].at:015d}#{writer}#{number:06d}",
            "lines": [vars(line) for line in lines],
        }
        self._call("put_item", Item=_marshalled(item))

    def get(self, id: str) -> Record:
        """A deployment with its log.

        Raises:
            NotFoundError: there is none of this id, or no such table.
        """
        items = self._items(id)
        found = next((item for item in items if item[SORT_KEY] == _DEPLOYMENT), None)
        if found is None:
            raise NotFoundError(f"no deployment {id} in table {self._name}")
        logged = [line for item in items if item[SORT_KEY].startswith(_LOG) for line in item["lines"]]
        lines = [LogLine(int(line["at"]), line["level"], line["text"]) for line in logged]
        try:
            return Record.parse(found, sorted(lines, key=lambda line: line.at))
        except _MALFORMED as error:
            raise OperationError(
                f"deployment {id} in table {self._name} is no record that this release reads"
            ) from error

    def of_environment(self, environment: str, *, limit: int, service: str | None = None) -> list[Record]:
        """The newest deployments of an environment, or of one of its services (by its name in ECS), newest first."""
        found: list[Record] = []
        start: Mapping[str, Any] | None = None
        while True:
            answer = self._call(
                "query",
                IndexName=INDEX,
                KeyConditionExpression="#environment = :environment",
                ExpressionAttributeNames={"#environment": INDEX_PARTITION_KEY},
                ExpressionAttributeValues={":environment": {"S": environment}},
                ScanIndexForward=False,
                Limit=PAGE,
                ExclusiveStartKey=start,
            )
            records = [record for item in answer.get("Items", []) if (record := _readable(_plain(item)))]
            found += [record for record in records if service is None or _concerns(record, service)]
            start = answer.get("LastEvaluatedKey")
            if not start or len(found) >= limit:
                return found[:limit]

    def _put(
        self, record: Record, condition: str, names: Mapping[str, str], values: Mapping[str, Any] | None = None
    ) -> None:
        item = {PARTITION_KEY: record.id, SORT_KEY: _DEPLOYMENT, **record.as_json()}
        try:
            self._call(
                "put_item",
                Item=_marshalled(item),
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except RefusedError as error:
            if error.code == _CONFLICT:
                raise ChangedError(f"deployment {record.id}: somebody else wrote its record meanwhile") from error
            raise

    def _items(self, id: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        start: Mapping[str, Any] | None = None
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression="#id = :id",
                ExpressionAttributeNames={"#id": PARTITION_KEY},
                ExpressionAttributeValues={":id": {"S": id}},
                ConsistentRead=True,
                ExclusiveStartKey=start,
            )
            items += [_plain(item) for item in answer.get("Items", [])]
            start = answer.get("LastEvaluatedKey")
            if not start:
                return items

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        try:
            return self._aws.call("dynamodb", method, TableName=self._name, **parameters)
        except NotFoundError as error:
            where = f"{self._aws.region}, account {self._aws.account}"
            raise NotFoundError(
                f"no table `{self._name}` in {where}: deploy OperationsStack, or pass --record off"
            ) from error


def _readable(item: Mapping[str, Any]) -> Record | None:
    """A record; None for what something else wrote."""
    try:
        return Record.parse(item)
    except _MALFORMED:
        return None


def _concerns(record: Record, service: str) -> bool:
    return any(target.name == service for target in record.targets)


def _marshalled(item: Mapping[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - it imports boto3

    serializer = TypeSerializer()
    return {name: serializer.serialize(value) for name, value in item.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - it imports boto3

    deserializer = TypeDeserializer()
    return {name: deserializer.deserialize(value) for name, value in item.items()}
