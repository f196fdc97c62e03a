import ast
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from deployment_tick_guard import lease
from deployment_tick_guard.lease import KEPT_SECONDS, STALE_SECONDS, Pause, Ticks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

TABLE, SERVICE = "ticks", "shop/api"
START = 1_000_000.0
MINE, OTHER = "deployment-1", "deployment-2"


class Clock:
    """Seconds since 1970, as a test moves them."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client(
            "dynamodb", region_name="us-west-2", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "service", "AttributeType": "S"}],
        )
        yield client


@pytest.fixture
def client(aws: Any) -> Any:
    aws.delete_item(TableName=TABLE, Key={"service": {"S": SERVICE}})
    return aws


@pytest.fixture
def worker(client: Any, clock: Clock) -> Ticks:
    return Ticks(client, TABLE, SERVICE, "worker-1", clock)


@pytest.fixture
def pause(client: Any, clock: Clock) -> Pause:
    return Pause(client, TABLE, SERVICE, clock)


def stored(client: Any) -> dict[str, Any]:
    return client.get_item(TableName=TABLE, Key={"service": {"S": SERVICE}}).get("Item", {})


def test_the_file_that_a_worker_copies_needs_nothing_but_python() -> None:
    tree = ast.parse(Path(lease.__file__).read_text())
    modules = {
        name.split(".")[0]
        for node in tree.body
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in getattr(node, "names", [])]
        )
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert modules == {"math", "time", "collections", "dataclasses", "typing"}


def _put(client: Any, name: str, until: float) -> None:
    client.update_item(
        TableName=TABLE,
        Key={"service": {"S": SERVICE}},
        UpdateExpression="SET #name = :until",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":until": {"N": str(until)}},
    )


def test_a_tick_may_begin_when_nothing_is_known_of_the_service(worker: Ticks) -> None:
    assert worker.begin(30)


def test_a_pause_sees_the_tick_that_has_begun_and_not_the_one_that_has_ended(worker: Ticks, pause: Pause) -> None:
    worker.begin(30)
    assert pause.set(MINE, 120) == ["worker-1"]
    worker.end()
    assert pause.set(MINE, 120) == []


def test_no_tick_begins_during_a_pause(worker: Ticks, pause: Pause) -> None:
    pause.set(MINE, 120)
    assert not worker.begin(30)
    assert pause.set(MINE, 120) == []


def test_a_running_tick_may_be_prolonged_during_a_pause(worker: Ticks, pause: Pause, clock: Clock) -> None:
    worker.begin(30)
    pause.set(MINE, 120)
    clock.time += 29
    assert worker.begin(30)
    clock.time += 29
    assert pause.set(MINE, 120) == ["worker-1"]


def test_a_tick_that_has_run_out_cannot_be_prolonged_during_a_pause(worker: Ticks, pause: Pause, clock: Clock) -> None:
    worker.begin(30)
    clock.time += 31
    assert pause.set(MINE, 120) == []
    assert not worker.begin(30)


def test_a_worker_that_died_is_not_waited_for_longer_than_its_tick_may_take(
    worker: Ticks, pause: Pause, clock: Clock
) -> None:
    worker.begin(30)
    clock.time += 30
    assert pause.set(MINE, 120) == ["worker-1"]
    clock.time += 1
    assert pause.set(MINE, 120) == []


def test_several_workers_are_seen_each_by_its_name(client: Any, pause: Pause, clock: Clock) -> None:
    workers = [Ticks(client, TABLE, SERVICE, name, clock) for name in ("b", "a", "c")]
    assert [worker.begin(30) for worker in workers] == [True, True, True]
    workers[2].end()
    assert pause.set(MINE, 120) == ["a", "b"]


def test_a_pause_ends_by_itself(worker: Ticks, pause: Pause, clock: Clock) -> None:
    pause.set(MINE, 120)
    clock.time += 120
    assert (pause.by(), worker.begin(30)) == (MINE, False)
    clock.time += 1
    assert (pause.by(), worker.begin(30)) == (None, True)


def test_a_pause_that_is_ended_lets_ticks_begin(worker: Ticks, pause: Pause) -> None:
    pause.set(MINE, 120)
    assert pause.end(MINE)
    assert (pause.by(), worker.begin(30)) == (None, True)


def test_a_pause_is_ended_once(pause: Pause) -> None:
    pause.set(MINE, 120)
    assert (pause.end(MINE), pause.end(MINE)) == (True, False)


def test_the_end_of_a_former_deployment_does_not_end_the_pause_of_the_next(worker: Ticks, pause: Pause) -> None:
    pause.set(MINE, 120)
    pause.set(OTHER, 120)
    assert not pause.end(MINE)
    assert (pause.by(), worker.begin(30)) == (OTHER, False)


def test_the_end_of_a_pause_that_never_was_is_nothing(pause: Pause) -> None:
    assert (pause.end(MINE), pause.by()) == (False, None)


def test_the_end_of_a_pause_keeps_the_ticks_that_run(worker: Ticks, pause: Pause) -> None:
    worker.begin(30)
    pause.set(MINE, 120)
    pause.end(MINE)
    assert pause.set(MINE, 120) == ["worker-1"]


def test_ticks_of_workers_that_died_long_ago_are_swept_out(
    client: Any, worker: Ticks, pause: Pause, clock: Clock
) -> None:
    worker.begin(30)
    clock.time += 30 + STALE_SECONDS + 1
    Ticks(client, TABLE, SERVICE, "worker-2", clock).begin(30)
    pause.set(MINE, 120)
    pause.end(MINE)
    assert {name for name in stored(client) if name.startswith("tick:")} == {"tick:worker-2"}


def test_a_dead_worker_that_comes_back_at_that_moment_keeps_its_tick(
    client: Any, worker: Ticks, pause: Pause, clock: Clock
) -> None:
    worker.begin(30)
    clock.time += 30 + STALE_SECONDS + 1
    pause.set(MINE, 120)
    # The sweep has read the old tick when the worker, whom nobody had paused yet, writes its new one.
    _put(client, "tick:worker-1", clock.time + 30)
    assert pause._remove(MINE, ["tick:worker-1"])
    assert stored(client)["tick:worker-1"] == {"N": str(clock.time + 30)}


def test_the_item_is_deleted_a_week_after_its_last_use(client: Any, worker: Ticks, pause: Pause) -> None:
    worker.begin(30)
    assert stored(client)["expires_at"] == {"N": str(math.ceil(START) + 30 + KEPT_SECONDS)}
    pause.set(MINE, 120)
    assert stored(client)["expires_at"] == {"N": str(math.ceil(START) + 120 + KEPT_SECONDS)}


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "end", "pause", "resume", "wait"]), st.integers(0, 2), st.integers(1, 40)),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(steps=STEPS)
def test_no_tick_ever_begins_in_a_pause_and_none_that_runs_is_overlooked(aws: Any, steps: Any) -> None:
    aws.delete_item(TableName=TABLE, Key={"service": {"S": SERVICE}})
    clock = Clock()
    workers = [Ticks(aws, TABLE, SERVICE, f"w{number}", clock) for number in range(3)]
    pause, runs, paused_until = Pause(aws, TABLE, SERVICE, clock), {}, -1.0
    for step, number, seconds in steps:
        running = {name for name, until in runs.items() if until >= clock.time}
        if step == "begin":
            begun = workers[number].begin(seconds)
            assert begun == (paused_until < clock.time or f"w{number}" in running)
            runs |= {f"w{number}": clock.time + seconds} if begun else {}
        elif step == "end":
            workers[number].end()
            runs.pop(f"w{number}", None)
        elif step == "pause":
            assert pause.set(MINE, seconds) == sorted(running)
            paused_until = clock.time + seconds
        elif step == "resume":
            pause.end(MINE)
            paused_until = -1
        else:
            clock.time += seconds
