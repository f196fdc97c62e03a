"""Where a notification stands in the table, so that none is lost, none is twice, and none goes back in time.

The table's key is (user_id, created_at in milliseconds). The stream gives records at least once, in order
for one command, and other invocations may work on the same user at the same time. So:

**Identity.** A command is (transaction_id, its own time). Its notification stands at its own time, or was
moved to a later millisecond and then says so in `command_created_at`. A record at millisecond p is
therefore *ours* if its transaction_id is ours and its `command_created_at`, or p where it has none, is
our time. Records from before this code were never moved and have no `command_created_at`: the same rule
fits them.

**Look, then put.** One consistent read of the WINDOW milliseconds from the command's time shows
everything that matters: our own record, wherever it stands, and the first free millisecond. The own
record is looked for *before* a free place is taken, since an earlier place becomes free when another
notification is deleted: a moved record that is replayed or modified then would otherwise stand twice.

**Only the conditional put decides.** What was read may be old when the put arrives:

- at our own record's place: replace it only if it is still ours and its `source_sequence` is lower. A replay of an
  older (or the same) stream record therefore changes nothing. Padded sequence numbers sort as text.
- at a free place: put only if it is still free. If somebody took it, look again: either it was another invocation
  with our own record (found now, compared by sequence), or another command (the next place is taken).

Every failed put means that somebody else's succeeded, so the loop ends; ATTEMPTS bounds it nevertheless,
and what still fails is given back to the stream as a transient failure.

**The end of the window.** When all places of the window hold other commands, the record can never be
placed: poison.

What remains: the same record in two invocations at once (a retry that overtakes a timed-out attempt)
*and* the deletion of a neighbour between their two looks could still store it twice. No condition over
several items exists in DynamoDB that would be cheaper than that risk.

Conditions:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from stream_processor.notification import Notification, PoisonError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW = 1000  # milliseconds, and so the number of notifications that one user can have from one instant on
ATTEMPTS = 20


class Outcome(Enum):
    """What came of a record. The values are the names of the metrics."""

    PROCESSED = "processed"
    MOVED = "moved"
    REPLAYED = "replayed"


class ContentionError(Exception):
    """Others took every place that was tried; the stream will give the record again."""


@dataclass(frozen=True)
class Stored:
    """A record that stands in the window: its place, and whose it is."""

    place: int
    transaction_id: str
    command_time: int
    sequence: str

    def belongs_to(self, notification: Notification) -> bool:
        """Whether this is the record of the notification's own command."""
        return (self.transaction_id, self.command_time) == (
            notification.transaction_id,
            notification.created_at,
        )


@dataclass(frozen=True)
class Placement:
    """Puts notifications into one table."""

    client: "DynamoDBClient"
    table: str

    def put(self, notification: Notification) -> Outcome:
        """Store or update a notification.

        Raises PoisonError if the window is full, ContentionError after ATTEMPTS lost races, and botocore's
        exceptions.
        """
        self._refuse_to_leave_one_behind(notification)
        for _ in range(ATTEMPTS):
            stored = self._look(notification.user_id, notification.created_at)
            own = next((record for record in stored if record.belongs_to(notification)), None)
            if own and own.sequence >= notification.sequence:
                return Outcome.REPLAYED
            place = own.place if own else _first_free(stored, notification.created_at)
            if self._put(notification, place, replaces=own is not None):
                return Outcome.MOVED if place != notification.created_at else Outcome.PROCESSED
        raise ContentionError(f"another invocation was faster {ATTEMPTS} times")

    def _refuse_to_leave_one_behind(self, notification: Notification) -> None:
        """A command that was given to another user may not leave the first user's notification behind.

        Where the first user has none, because the command was poison then, the change is what mends it.
        """
        if notification.previous_user:
            stored = self._look(notification.previous_user, notification.created_at)
            if any(record.belongs_to(notification) for record in stored):
                raise PoisonError("user_id of a command was changed, and the first user has its notification")

    def _look(self, user_id: str, first: int) -> list[Stored]:
        """Everything of the user within the window that begins at millisecond `first`, oldest first."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="user_id = :user AND created_at BETWEEN :first AND :last",
            ProjectionExpression="created_at, transaction_id, command_created_at, source_sequence",
            ExpressionAttributeValues={
                ":user": {"S": user_id},
                ":first": {"N": str(first)},
                ":last": {"N": str(first + WINDOW - 1)},
            },
        )
        items = (item for page in pages for item in page["Items"])
        # A live record between two milliseconds takes no place of ours and is none of ours.
        return [_stored(item) for item in items if Decimal(item["created_at"]["N"]) % 1 == 0]

    def _put(self, notification: Notification, place: int, *, replaces: bool) -> bool:
        """Put at `place`; False if the condition no longer holds."""
        condition = _still_ours(notification, place) if replaces else _still_free()
        try:
            self.client.put_item(TableName=self.table, Item=notification.item(place), **condition)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code == "ConditionalCheckFailedException":
                return False
            if code == "ValidationException":  # above all: larger than an item may be (400 KB); never transient
                raise PoisonError("DynamoDB takes no such item: too large, or a value out of bounds") from error
            raise
        return True


def _first_free(stored: list[Stored], first: int) -> int:
    taken = {record.place for record in stored}
    place = next((place for place in range(first, first + WINDOW) if place not in taken), None)
    if place is None:
        raise PoisonError(f"the user has notifications at all {WINDOW} milliseconds from created_at on")
    return place


def _still_free() -> dict[str, Any]:
    return {"ConditionExpression": "attribute_not_exists(user_id)"}


def _still_ours(notification: Notification, place: int) -> dict[str, Any]:
    values = {":transaction": {"S": notification.transaction_id}, ":sequence": {"S": notification.sequence}}
    whose = "attribute_not_exists(command_created_at)"
    if place != notification.created_at:
        whose = "command_created_at = :time"
        values[":time"] = {"N": str(notification.created_at)}
    older = "(attribute_not_exists(source_sequence) OR source_sequence < :sequence)"
    return {
        "ConditionExpression": f"transaction_id = :transaction AND {whose} AND {older}",
        "ExpressionAttributeValues": values,
    }


def _stored(item: Mapping[str, Any]) -> Stored:
    place = item["created_at"]["N"]
    return Stored(
        place=int(Decimal(place)),
        transaction_id=item.get("transaction_id", {}).get("S", ""),
        command_time=int(Decimal(item.get("command_created_at", {}).get("N", place))),
        sequence=item.get("source_sequence", {}).get("S", ""),
    )
