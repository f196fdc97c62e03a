"""From a record of the `command-records` stream to a checked notification.

A record that fails here can never succeed, whoever tries again: it is poison. Messages name the attribute and
never its value, which is the user's.
Stream record: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STATUSES = frozenset({"SENT", "DELIVERED", "FAILED"})
PLATFORMS = frozenset({"IOS", "ANDROID", "WEBPUSH"})
REQUIRED = ("user_id", "transaction_id", "notification_title", "status", "platform")
OPTIONAL = ("marketing_id", "ap_id", "error_msg")
INDEX_KEYS = ("user_id", "transaction_id", "marketing_id")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
INDEX_KEY_BYTES = 2048
# Sequence numbers have 21 to 40 digits; padded, they sort as text in the order of the changes.
SEQUENCE_DIGITS = 40
YEAR_10000 = 253_402_300_800_000  # in milliseconds; above it the time is surely not in milliseconds


class PoisonError(Exception):
    """A record that can never be applied; the message says which attribute is wrong, and how."""


@dataclass(frozen=True)
class Notification:
    """A notification as its command describes it.

    `created_at` is the command's own time (epoch milliseconds), `texts` every text attribute that is present,
    `sequence` the stream's sequence number, padded to 40 digits, `previous_user` whose command it was before this
    change, where that is another user who may have a notification of it.
    """

    user_id: str
    transaction_id: str
    created_at: int
    sequence: str
    texts: Mapping[str, str]
    previous_user: str = ""

    def item(self, place: int) -> dict[str, Any]:
        """The DynamoDB item that stands at millisecond `place`; a moved one keeps the command's own time."""
        item: dict[str, Any] = {name: {"S": value} for name, value in self.texts.items()}
        item |= {"created_at": {"N": str(place)}, "source_sequence": {"S": self.sequence}}
        if place != self.created_at:
            item["command_created_at"] = {"N": str(self.created_at)}
        return item


def parse(change: Mapping[str, Any]) -> Notification:
    """Check the `dynamodb` part of an INSERT or MODIFY record; raises PoisonError."""
    image = change.get("NewImage")
    if not image:
        raise PoisonError("the stream record has no NewImage: the stream must have NEW_AND_OLD_IMAGES")
    texts = {name: _required_text(image, name) for name in REQUIRED}
    texts |= {name: value for name in OPTIONAL if (value := _text(image, name))}
    _check_enumeration("status", texts["status"], STATUSES)
    _check_enumeration("platform", texts["platform"], PLATFORMS)
    _check_index_keys(texts)
    return Notification(
        user_id=texts["user_id"],
        transaction_id=texts["transaction_id"],
        created_at=_time(image),
        sequence=str(change["SequenceNumber"]).zfill(SEQUENCE_DIGITS),
        texts=texts,
        previous_user=_previous_user(change, texts["user_id"]),
    )


def _required_text(image: Mapping[str, Any], name: str) -> str:
    value = _text(image, name)
    if not value:
        raise PoisonError(f"{name} is missing or empty")
    return value


def _text(image: Mapping[str, Any], name: str) -> str:
    """The text of an attribute; absent, NULL and empty are all `""` (an index's key may not be empty)."""
    attribute = image.get(name, {"S": ""})
    if attribute == {"NULL": True}:
        return ""
    if "S" not in attribute:
        raise PoisonError(f"{name} is not a string")
    return str(attribute["S"])


def _time(image: Mapping[str, Any]) -> int:
    digits = image.get("created_at", {}).get("N", "")
    if not (digits.isascii() and digits.isdigit() and int(digits) < YEAR_10000):
        raise PoisonError("created_at is not a number of epoch milliseconds")
    return int(digits)


def _check_enumeration(name: str, value: str, allowed: frozenset[str]) -> None:
    if value not in allowed:
        raise PoisonError(f"{name} is not one of {', '.join(sorted(allowed))}")


def _check_index_keys(texts: Mapping[str, str]) -> None:
    for name in INDEX_KEYS:
        if len(texts.get(name, "").encode()) > INDEX_KEY_BYTES:
            raise PoisonError(f"{name} is longer than {INDEX_KEY_BYTES} bytes")


def _previous_user(change: Mapping[str, Any], user_id: str) -> str:
    """The old image's user, if it is another one whose notification could have been stored."""
    before = (change.get("OldImage") or {}).get("user_id") or {}
    previous = str(before.get("S", ""))
    return previous if previous != user_id and len(previous.encode()) <= INDEX_KEY_BYTES else ""
