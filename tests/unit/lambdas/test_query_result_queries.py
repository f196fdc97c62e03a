"""How much is read, and that paging neither loses nor repeats."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_result.handler import handler

from tests.unit.lambdas.support import crowd, events, tables
from tests.unit.lambdas.support.calls import Calls

SHARED_TABLE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
users = (f"paging-user-{n}" for n in itertools.count())


def ask(path: str, milliseconds: int = 12_000, **body: Any) -> Any:
    return json.loads(handler(events.rest("POST", path, json.dumps(body)), events.Context(milliseconds))["body"])


def all_pages(path: str, **body: Any) -> list[Any]:
    pages = [ask(path, **body)]
    while pages[-1]["next_token"]:
        pages.append(ask(path, **body, next_token=pages[-1]["next_token"]))
    return pages


def many(count: int) -> list[dict[str, Any]]:
    return [tables.item("crowd", time, ap_id="rare" if time % 400 == 0 else "web") for time in range(count)]


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_a_user_with_100000_records_costs_one_read_of_limit_items(dynamodb: Any, limit: int) -> None:
    crowd.stand_in(dynamodb, 100_000)
    calls = Calls.of(dynamodb)
    page = ask("/query/user", user_id="crowd", limit=limit)
    assert (len(calls.asked), calls.asked[0]["Limit"], calls.read, page["count"]) == (1, limit, limit, limit)


def test_100000_records_are_paged_through_in_1000_reads_without_loss_or_repetition(dynamodb: Any) -> None:
    crowd.stand_in(dynamodb, 100_000)
    calls = Calls.of(dynamodb)
    found = [
        item["created_at"] for page in all_pages("/query/user", user_id="crowd", limit=100) for item in page["items"]
    ]
    assert (len(calls.asked), found == list(range(99_999, -1, -1))) == (1000, True)


def test_only_limit_items_are_read_of_a_stored_result(dynamodb: Any) -> None:
    tables.fill(dynamodb, many(300))
    calls = Calls.of(dynamodb)
    assert (ask("/query/user", user_id="crowd", limit=7)["count"], calls.read) == (7, 7)


def test_a_filter_reads_at_most_1000_items_and_says_where_it_stopped(dynamodb: Any) -> None:
    tables.fill(dynamodb, many(1500))
    calls = Calls.of(dynamodb)
    page = ask("/query/user", user_id="crowd", limit=100, ap_id="rare")
    assert (calls.read, page["count"], page["next_token"] is not None) == (1000, 2, True)


def test_a_filter_that_finds_enough_reads_no_further(dynamodb: Any) -> None:
    tables.fill(dynamodb, many(1500))
    calls = Calls.of(dynamodb)
    ask("/query/user", user_id="crowd", limit=5, ap_id="web")
    assert calls.read == 100


def test_a_filter_begins_no_read_that_could_outlast_the_function(dynamodb: Any) -> None:
    tables.fill(dynamodb, many(1500))
    calls = Calls.of(dynamodb)
    page = ask("/query/user", milliseconds=7_900, user_id="crowd", limit=100, ap_id="rare")
    assert (len(calls.asked), page["next_token"] is not None) == (1, True)


def test_a_filter_stops_before_its_answer_outgrows_a_lambdas(dynamodb: Any) -> None:
    huge = [tables.item("crowd", time, ap_id="web", notification_title="x" * 300_000) for time in range(20)]
    for item in huge:
        dynamodb.put_item(TableName=tables.NOTIFICATIONS, Item=item)
    pages = all_pages("/query/user", user_id="crowd", limit=100, ap_id="web")
    assert (sum(page["count"] for page in pages), max(len(json.dumps(page)) for page in pages) < 6_000_000) == (
        20,
        True,
    )


def test_a_page_that_a_lambda_could_not_answer_is_cut_and_continues(dynamodb: Any) -> None:
    tables.fill(dynamodb, [tables.item("crowd", time, notification_title="\x01" * 90_000) for time in range(25)])
    pages = all_pages("/query/user", user_id="crowd", limit=100)
    found = [item["created_at"] for page in pages for item in page["items"]]
    assert found == list(range(24, -1, -1))
    assert max(len(json.dumps(json.dumps(page))) for page in pages) < 6_000_000


def test_the_end_of_a_filtered_result_has_no_token(dynamodb: Any) -> None:
    tables.fill(dynamodb, many(50))
    assert ask("/query/user", user_id="crowd", limit=100, ap_id="web")["next_token"] is None


@SHARED_TABLE
@given(
    limit=st.integers(1, 12),
    sources=st.lists(st.sampled_from(["", "web", "app"]), max_size=30),
    ap_id=st.sampled_from(["", "web", "app"]),
)
def test_paging_a_user_neither_loses_nor_repeats(dynamodb: Any, limit: int, sources: list[str], ap_id: str) -> None:
    user = next(users)
    tables.fill(
        dynamodb,
        [tables.item(user, time, **({"ap_id": source} if source else {})) for time, source in enumerate(sources)],
    )
    pages = all_pages("/query/user", user_id=user, limit=limit, **({"ap_id": ap_id} if ap_id else {}))
    found = [item["created_at"] for page in pages for item in page["items"]]
    assert found == [time for time, source in reversed(list(enumerate(sources))) if source == ap_id or not ap_id]


@SHARED_TABLE
@given(
    limit=st.integers(1, 7),
    times=st.lists(st.integers(1, 4), max_size=20),
    path=st.sampled_from(["/query/marketing", "/query/fail"]),
)
def test_paging_an_index_neither_loses_nor_repeats_records_of_one_millisecond(
    dynamodb: Any, limit: int, times: list[int], path: str
) -> None:
    name = next(users)
    items = [
        tables.item(f"{name}-{n}", time, marketing_id=name, transaction_id=name, status="FAILED")
        for n, time in enumerate(times)
    ]
    tables.fill(dynamodb, items)
    pages = all_pages(path, limit=limit, **{"marketing_id" if "marketing" in path else "transaction_id": name})
    found = sorted(item["user_id"] for page in pages for item in page["items"])
    assert found == sorted(f"{name}-{n}" for n in range(len(times)))
    assert all(page["count"] <= limit for page in pages)
