"""How workers and a deployment agree over ticks: one item of a DynamoDB table for each service.

A worker asks before each tick, and says when it is done:

    ticks = Ticks(boto3.client("dynamodb"), table=..., service=..., worker=socket.gethostname())
    if ticks.begin(seconds=30):  # longer than a tick ever takes; `begin` again in the middle of one prolongs it
        try:
            work()
        finally:
            ticks.end()
    else:
        time.sleep(1)  # a deployment is switching; ask again

A deployment pauses the service: ticks that have begun go on, new ones are refused. Both sides write the same item, each
by one conditional write, so there is no moment between the two: either the tick was there before the pause, and the
guard sees it, or the pause was, and the tick is refused. Nobody is locked out or waited for for ever: a tick counts
until the time that it was given, a pause until the time that it was given.

The item: `service` (its key); `tick:<worker>`, until when a worker's tick counts; `paused_until` and `paused_by`;
`expires_at`, the table's TTL attribute. Times are seconds since 1970, by clocks that agree to a second or so.

This file needs nothing but Python and a client that is passed in: copy it into the worker's image.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS = 7 * 24 * 3600  # an item that nobody touches for so long is deleted
STALE_SECONDS = 3600  # the ticks of workers that died are swept out so long after they have stopped to count
SWEPT = 20  # at once: an expression may have 4 KB

_PREFIX = "tick:"
_MAY_BEGIN = "attribute_not_exists(paused_until) OR paused_until < :now OR #tick >= :now"


@dataclass(frozen=True)
class Ticks:
    """The worker's side. `worker` names it among the tasks of its service: its host name, or its task's id.

    The methods raise botocore's exceptions; a worker that cannot ask had better not begin.
    """

    client: "DynamoDBClient"
    table: str
    service: str
    worker: str
    now: Callable[[], float] = time.time

    def begin(self, seconds: float) -> bool:
        """Whether a tick may begin, which then counts for so long at most; a running one of this worker goes on."""
        now = self.now()
        until = math.ceil(now + seconds)
        try:
            self.client.update_item(
                TableName=self.table,
                Key={"service": {"S": self.service}},
                UpdateExpression="SET #tick = :until, expires_at = :expires",
                ConditionExpression=_MAY_BEGIN,
                ExpressionAttributeNames={"#tick": _PREFIX + self.worker},
                ExpressionAttributeValues={":now": _n(now), ":until": _n(until), ":expires": _n(until + KEPT_SECONDS)},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def end(self) -> None:
        """The tick is over."""
        self.client.update_item(
            TableName=self.table,
            Key={"service": {"S": self.service}},
            UpdateExpression="REMOVE #tick",
            ExpressionAttributeNames={"#tick": _PREFIX + self.worker},
        )


@dataclass(frozen=True)
class Pause:
    """The deployment's side. All methods raise botocore's exceptions."""

    client: "DynamoDBClient"
    table: str
    service: str
    now: Callable[[], float] = time.time

    def set(self, by: str, seconds: float) -> list[str]:
        """Refuse new ticks for so long, for a deployment; the workers whose ticks are still running."""
        now = self.now()
        until = math.ceil(now + seconds)
        item = self.client.update_item(
            TableName=self.table,
            Key={"service": {"S": self.service}},
            UpdateExpression="SET paused_until = :until, paused_by = :by, expires_at = :expires",
            ExpressionAttributeValues={
                ":until": _n(until),
                ":by": {"S": by},
                ":expires": _n(until + KEPT_SECONDS),
            },
            ReturnValues="ALL_NEW",
        )["Attributes"]
        return sorted(name.removeprefix(_PREFIX) for name, until in _ticks(item).items() if until >= now)

    def by(self) -> str | None:
        """The deployment that has paused the service; None when none has, or its pause is over."""
        item = self._item()
        over = float(item.get("paused_until", {}).get("N", 0)) < self.now()
        return None if over else item.get("paused_by", {}).get("S")

    def end(self, by: str) -> bool:
        """End the pause of that deployment, never another's; whether there was one."""
        stale = [name for name, until in _ticks(self._item()).items() if until < self.now() - STALE_SECONDS]
        return self._remove(by, stale[:SWEPT])

    def _remove(self, by: str, stale: list[str]) -> bool:
        names = {f"#stale{number}": name for number, name in enumerate(stale)}
        # A worker of the same name may have come back meanwhile: then nothing is swept out.
        times = {":stale": _n(self.now() - STALE_SECONDS)} if names else {}
        try:
            self.client.update_item(
                TableName=self.table,
                Key={"service": {"S": self.service}},
                UpdateExpression="REMOVE " + ", ".join(["paused_until", "#by", *names]),
                ConditionExpression=" AND ".join(["#by = :by", *(f"{name} < :stale" for name in names)]),
                ExpressionAttributeNames={"#by": "paused_by", **names},
                ExpressionAttributeValues={":by": {"S": by}, **times},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return self._remove(by, []) if stale else False
        return True

    def _item(self) -> Mapping[str, Any]:
        key: Any = {"service": {"S": self.service}}
        return self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item", {})


def _ticks(item: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value["N"]) for name, value in item.items() if name.startswith(_PREFIX) and "N" in value}


def _n(value: float) -> Any:
    return {"N": str(value)}
