from typing import Any

import pytest
from stream_processor.notification import PoisonError, parse

from tests.unit.lambdas.support import events


def parsed(**changes: Any) -> Any:
    return parse(events.change(events.image(**changes))["dynamodb"])


def test_a_command_becomes_an_item_with_the_streams_sequence_padded_to_40_digits() -> None:
    item = parse(events.change(events.image(ap_id="web-portal-001"), sequence=7)["dynamodb"]).item(1000)
    assert item["ap_id"] == {"S": "web-portal-001"}
    assert item["source_sequence"] == {"S": "700000000000000000001".zfill(40)}


def test_only_a_moved_item_keeps_the_commands_own_time() -> None:
    notification = parsed()
    assert "command_created_at" not in notification.item(1000)
    assert notification.item(1001)["command_created_at"] == {"N": "1000"}


@pytest.mark.parametrize("name", ["marketing_id", "ap_id", "error_msg"])
@pytest.mark.parametrize("empty", ["", {"NULL": True}, None])
def test_an_empty_optional_attribute_is_absent(name: str, empty: Any) -> None:
    assert name not in parsed(**{name: empty}).item(1000)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("user_id", None, "user_id is missing or empty"),
        ("user_id", "", "user_id is missing or empty"),
        ("user_id", {"N": "5"}, "user_id is not a string"),
        ("user_id", "한" * 683, "user_id is longer than 2048 bytes"),
        ("marketing_id", "x" * 2049, "marketing_id is longer than 2048 bytes"),
        ("transaction_id", None, "transaction_id is missing or empty"),
        ("notification_title", "", "notification_title is missing or empty"),
        ("status", "LOST", "status is not one of DELIVERED, FAILED, SENT"),
        ("platform", "ios", "platform is not one of ANDROID, IOS, WEBPUSH"),
        ("error_msg", {"BOOL": True}, "error_msg is not a string"),
        ("created_at", None, "created_at is not a number of epoch milliseconds"),
        ("created_at", "1000", "created_at is not a number of epoch milliseconds"),
        ("created_at", {"N": "1.5"}, "created_at is not a number of epoch milliseconds"),
        ("created_at", {"N": "-1"}, "created_at is not a number of epoch milliseconds"),
        ("created_at", {"N": "9" * 30}, "created_at is not a number of epoch milliseconds"),
    ],
)
def test_a_wrong_attribute_is_poison_by_its_name(name: str, value: Any, reason: str) -> None:
    with pytest.raises(PoisonError, match=f"^{reason}$"):
        parsed(**{name: value})


def test_a_record_without_a_new_image_is_poison() -> None:
    with pytest.raises(PoisonError, match="NEW_AND_OLD_IMAGES"):
        parse(events.change(None)["dynamodb"])


@pytest.mark.parametrize(
    ("before", "previous"),
    [
        (events.image(), "user-1"),
        (events.image(user_id="user-2"), ""),
        (events.image(user_id=""), ""),
        (events.image(user_id="x" * 2049), ""),
        ({"user_id": {"N": "42"}}, ""),
        ({"user_id": {"NULL": True}}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_previous_user_is_one_who_may_have_the_notification(before: Any, previous: str) -> None:
    record = events.change(events.image(user_id="user-2"), event="MODIFY")["dynamodb"]
    assert parse(record | {"OldImage": before}).previous_user == previous
