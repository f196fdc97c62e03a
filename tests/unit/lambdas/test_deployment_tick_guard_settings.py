from typing import Any

import pytest
from deployment_tick_guard import settings
from deployment_tick_guard.guard import Guard
from hypothesis import given
from hypothesis import strategies as st

from deployment_hook import hook
from deployment_hook.options import Options, SettingError
from tests.unit.lambdas.support.hooks import hook_event

STAGE, START = "PRE_PRODUCTION_TRAFFIC_SHIFT", 1_000_000.0


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "the variable MODE is missing"),
        ({"MODE": "hope"}, "MODE is 'hope': it must be lease or task-protection"),
        ({"MODE": "lease"}, "the variable LEASE_TABLE is missing"),
        ({"MODE": "task-protection", "MAX_WAIT_SECONDS": "9"}, "from 10 to 3600"),
        ({"MODE": "task-protection", "MIN_WAIT_SECONDS": "61"}, "MAX_WAIT_SECONDS is 60: it must be at least MIN_WAIT"),
        ({"MODE": "task-protection", "ON_TIMEOUT": "IGNORE"}, "it must be ROLLBACK or CONTINUE"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(environment: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        settings.parse(Options(environment))


@given(
    since=st.none() | st.text() | st.floats() | st.integers(), step=st.none() | st.just(f"{STAGE} 0") | st.integers()
)
def test_whatever_is_left_in_the_details_a_wait_begins_or_goes_on(since: Any, step: Any) -> None:
    guard = Guard(settings.parse(Options({"MODE": "task-protection"})), lambda: True, lambda: ["worker-1"], now=START)
    invocation = hook.parse(hook_event(STAGE, details={"since": since, "step": step}))
    status = guard.answer(invocation)["hookStatus"]
    known = hook.number({"since": since}, "since") if step == f"{STAGE} 0" else None
    over = known is not None and known <= START - 60
    assert status == ("FAILED" if over else "IN_PROGRESS")
