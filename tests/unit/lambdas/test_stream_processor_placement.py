"""Same millisecond, replays, order, and invocations that interleave."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stream_processor import notification, placement
from stream_processor.notification import Notification, PoisonError
from stream_processor.placement import ContentionError, Outcome, Placement

from tests.unit.lambdas.support import events, tables

users = (f"shuffled-user-{n}" for n in itertools.count())


def command(name: str, sequence: int, *, time: int = 1000, **changes: Any) -> Notification:
    image = events.image(transaction_id=name, created_at=events.at(time), **changes)
    return notification.parse(events.change(image, sequence=sequence)["dynamodb"])


def stored(client: Any) -> dict[int, str]:
    """What stands in the table: millisecond -> transaction and status."""
    items = sorted(tables.everything(client), key=lambda item: int(item["created_at"]["N"]))
    return {int(i["created_at"]["N"]): f"{i['transaction_id']['S']} {i['status']['S']}" for i in items}


def delete(client: Any, time: int) -> None:
    client.delete_item(TableName=tables.NOTIFICATIONS, Key={"user_id": {"S": "user-1"}, "created_at": events.at(time)})


@pytest.fixture
def table(dynamodb: Any) -> Placement:
    return Placement(dynamodb, tables.NOTIFICATIONS)


def test_a_first_record_stands_at_its_own_time(table: Placement) -> None:
    assert table.put(command("a", 1)) is Outcome.PROCESSED
    assert stored(table.client) == {1000: "a SENT"}


def given_to_another_user(sequence: int) -> Notification:
    record = events.change(events.image(transaction_id="a", user_id="user-2"), event="MODIFY", sequence=sequence)
    return notification.parse(record["dynamodb"] | {"OldImage": events.image(transaction_id="a")})


def test_a_command_given_to_another_user_may_not_leave_the_first_ones_notification_behind(table: Placement) -> None:
    table.put(notification.parse(events.change(events.image(transaction_id="a"))["dynamodb"]))
    with pytest.raises(PoisonError, match="user_id of a command was changed"):
        table.put(given_to_another_user(2))


def test_a_command_whose_first_user_was_never_stored_is_mended_by_the_change(table: Placement) -> None:
    assert table.put(given_to_another_user(2)) is Outcome.PROCESSED


def test_a_notification_too_large_for_an_item_is_poison_at_once(table: Placement) -> None:
    with pytest.raises(PoisonError, match="too large"):
        table.put(command("a", 1, notification_title="t" * 409_600))


def test_a_live_record_between_two_milliseconds_takes_no_place(table: Placement) -> None:
    item = {"user_id": {"S": "user-1"}, "created_at": {"N": "1000.5"}, "transaction_id": {"S": "a"}}
    table.client.put_item(TableName=tables.NOTIFICATIONS, Item=item)
    assert table.put(command("a", 1)) is Outcome.PROCESSED


def test_two_commands_of_one_millisecond_both_survive(table: Placement) -> None:
    outcomes = [table.put(command("a", 1)), table.put(command("b", 2))]
    assert outcomes == [Outcome.PROCESSED, Outcome.MOVED]
    assert stored(table.client) == {1000: "a SENT", 1001: "b SENT"}


def test_a_moved_record_moves_past_a_neighbour_at_the_next_millisecond(table: Placement) -> None:
    for record in (command("a", 1), command("b", 2, time=1001), command("c", 3)):
        table.put(record)
    assert stored(table.client) == {1000: "a SENT", 1001: "b SENT", 1002: "c SENT"}


def test_one_transaction_may_have_commands_of_several_milliseconds(table: Placement) -> None:
    for record in (command("other", 1), command("a", 2), command("a", 3, time=1001, status="FAILED")):
        table.put(record)
    assert stored(table.client) == {1000: "other SENT", 1001: "a SENT", 1002: "a FAILED"}


def test_a_replay_changes_nothing(table: Placement) -> None:
    table.put(command("a", 1))
    assert table.put(command("a", 1)) is Outcome.REPLAYED


def test_a_replay_of_a_moved_record_changes_nothing(table: Placement) -> None:
    for record in (command("a", 1), command("b", 2)):
        table.put(record)
    assert table.put(command("b", 2)) is Outcome.REPLAYED
    assert stored(table.client) == {1000: "a SENT", 1001: "b SENT"}


def test_a_moved_record_is_found_behind_a_gap_that_a_deletion_made(table: Placement) -> None:
    for record in (command("a", 1), command("b", 2)):
        table.put(record)
    delete(table.client, 1000)
    table.put(command("b", 3, status="DELIVERED"))
    assert stored(table.client) == {1001: "b DELIVERED"}


def test_a_modification_updates_the_same_record(table: Placement) -> None:
    table.put(command("a", 1))
    table.put(command("a", 2, status="FAILED", error_msg="unregistered"))
    assert stored(table.client) == {1000: "a FAILED"}


def test_a_modification_of_a_moved_record_updates_it_where_it_stands(table: Placement) -> None:
    for record in (command("a", 1), command("b", 2), command("b", 3, status="DELIVERED")):
        table.put(record)
    assert stored(table.client) == {1000: "a SENT", 1001: "b DELIVERED"}


def test_a_replay_of_an_older_record_does_not_undo_a_newer_one(table: Placement) -> None:
    for record in (command("a", 9), command("a", 10, status="DELIVERED"), command("a", 9)):
        table.put(record)
    assert stored(table.client) == {1000: "a DELIVERED"}


def test_a_record_from_before_this_code_is_recognised_and_not_doubled(table: Placement) -> None:
    tables.fill(table.client, [tables.item(transaction_id="a")])
    table.put(command("a", 1, status="DELIVERED"))
    assert stored(table.client) == {1000: "a DELIVERED"}


def test_another_users_record_takes_no_place(table: Placement) -> None:
    table.put(command("a", 1, user_id="user-2"))
    assert table.put(command("b", 2)) is Outcome.PROCESSED


def test_a_full_window_is_poison(table: Placement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "WINDOW", 3)
    tables.fill(table.client, [tables.item(created_at=time, transaction_id="x") for time in range(1000, 1003)])
    with pytest.raises(PoisonError, match="all 3 milliseconds"):
        table.put(command("a", 1))


def before_each_put(client: Any, act: Callable[[], Any], times: int = 1) -> None:
    """Let another invocation act between the look and the put, the first `times` times."""
    left = [times]

    def interleave(**_: Any) -> None:
        if left[0]:
            left[0] -= 1
            act()

    client.meta.events.register("provide-client-params.dynamodb.PutItem", interleave)


def test_a_place_that_another_command_takes_meanwhile_is_not_overwritten(table: Placement) -> None:
    before_each_put(table.client, lambda: tables.fill(table.client, [tables.item(transaction_id="faster")]))
    assert table.put(command("a", 1)) is Outcome.MOVED
    assert stored(table.client) == {1000: "faster SENT", 1001: "a SENT"}


def test_two_invocations_with_one_record_store_it_once(table: Placement) -> None:
    before_each_put(table.client, lambda: table.put(command("a", 1)))
    assert table.put(command("a", 1)) is Outcome.REPLAYED
    assert stored(table.client) == {1000: "a SENT"}


def test_an_older_record_that_is_overtaken_between_look_and_put_does_not_win(table: Placement) -> None:
    table.put(command("a", 1))
    before_each_put(table.client, lambda: table.put(command("a", 3, status="DELIVERED")))
    assert table.put(command("a", 2, status="FAILED")) is Outcome.REPLAYED
    assert stored(table.client) == {1000: "a DELIVERED"}


def test_a_record_that_loses_every_race_goes_back_to_the_stream(table: Placement) -> None:
    rivals = iter(range(1000, 2000))
    before_each_put(
        table.client,
        lambda: tables.fill(table.client, [tables.item(created_at=next(rivals), transaction_id="rival")]),
        times=1000,
    )
    with pytest.raises(ContentionError):
        table.put(command("a", 1))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_any_replays_ends_with_every_command_once_in_its_newest_state(
    table: Placement, data: st.DataObject
) -> None:
    user = next(users)  # the table outlives an example
    commands = data.draw(
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(1000, 1002)), min_size=1, max_size=5, unique=True)
    )
    changes = [(name, time, status) for name, time in commands for status in ("SENT", "DELIVERED", "FAILED")]
    records = [command(n, s, time=t, status=status, user_id=user) for s, (n, t, status) in enumerate(changes, 1)]
    for record in data.draw(st.permutations(records)) + data.draw(st.lists(st.sampled_from(records))):
        table.put(record)
    found = [item for item in tables.everything(table.client) if item["user_id"]["S"] == user]
    assert sorted(item["transaction_id"]["S"] for item in found) == sorted(name for name, _ in commands)
    assert {item["status"]["S"] for item in found} == {"FAILED"}
