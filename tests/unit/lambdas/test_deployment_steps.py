"""10 -> 50 -> 100: a linear deployment of ten steps is held at two of them, and ECS is told nothing else."""

import pytest
from deployment_steps import handler

from tests.unit.lambdas.support.hooks import BLUE, GREEN, first_event, hook_event, rollback_event

STAGE = "PRE_PRODUCTION_TRAFFIC_SHIFT"
GO_ON, FAILED = {"hookStatus": "SUCCEEDED"}, {"hookStatus": "FAILED"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    times = [1_000.0]
    monkeypatch.setattr(handler.time, "time", lambda: times[0])
    for name, value in {"STOPS": "10,50", "HOLD_SECONDS": "60", "POLL_SECONDS": "15"}.items():
        monkeypatch.setenv(name, value)
    return times


def before_step(reached, details=None):
    weights = {GREEN: reached, BLUE: 100 - reached}
    return hook_event(STAGE, details, productionTrafficWeights=weights)


def ask(event):
    return handler.handler(event, None)


def test_a_whole_deployment_is_held_for_its_time_at_each_stop_and_nowhere_else(clock):
    held = {}
    for reached in range(0, 100, 10):
        started, details = clock[0], None
        while (answer := ask(before_step(reached, details)))["hookStatus"] == "IN_PROGRESS":
            clock[0] += answer["callBackDelay"]
            details = answer["hookDetails"]
        assert answer == GO_ON
        held[reached] = clock[0] - started
    assert {reached: seconds for reached, seconds in held.items() if seconds} == {10: 60, 50: 60}


def test_what_was_held_at_an_earlier_stop_does_not_count_at_the_next(clock):
    details = ask(before_step(10))["hookDetails"]
    clock[0] += 60
    assert ask(before_step(10, details)) == GO_ON
    assert ask(before_step(50, details))["hookStatus"] == "IN_PROGRESS"


def test_the_last_look_comes_when_the_time_is_over(clock):
    details = ask(before_step(10))["hookDetails"]
    clock[0] += 55
    assert ask(before_step(10, details))["callBackDelay"] == 5


@pytest.mark.parametrize("event", [first_event(STAGE), rollback_event(), hook_event(STAGE)])
def test_a_first_deployment_and_a_rollback_are_never_held(event):
    assert ask(event) == GO_ON


@pytest.mark.parametrize("since", [None, "soon", True, [], float("nan"), 9e99])
def test_details_that_somebody_spoiled_begin_the_time_anew(since):
    answer = ask(before_step(10, {"heldAt": 100, "heldSince": since}))
    assert answer == {
        "hookStatus": "IN_PROGRESS",
        "callBackDelay": 15,
        "hookDetails": {"heldAt": 100, "heldSince": 1_000.0},
    }


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -10, 100])
def test_a_weight_that_is_no_stop_is_let_pass(weight):
    assert ask(hook_event(STAGE, productionTrafficWeights={GREEN: weight, BLUE: 0})) == GO_ON


def test_weights_of_tenths_are_compared_as_ecs_counts_them(monkeypatch):
    monkeypatch.setenv("STOPS", "12.3,50")
    assert ask(before_step(12.3))["hookStatus"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STOPS", "", "the variable STOPS is missing"),
        ("STOPS", "10,half", "'half' in the variable STOPS"),
        ("STOPS", "0", "'0' in the variable STOPS"),
        ("STOPS", "nan", "'nan' in the variable STOPS"),
        ("HOLD_SECONDS", "a while", "HOLD_SECONDS is 'a while'"),
    ],
)
def test_a_setting_that_is_none_fails_the_deployment_and_is_named(monkeypatch, caplog, name, value, said):
    monkeypatch.setenv(name, value)
    assert ask(before_step(10)) == FAILED
    assert said in caplog.text


def test_an_event_of_another_kind_fails_the_deployment(caplog):
    assert ask({"lifecycleStage": STAGE}) == FAILED
    assert "executionDetails" in caplog.text
