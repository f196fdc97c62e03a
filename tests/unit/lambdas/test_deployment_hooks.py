import json
from collections.abc import Callable
from typing import Any

import pytest
from deployment_health_gate.handler import handler as health_gate
from deployment_migration.handler import handler as migration
from deployment_tick_guard.handler import handler as tick_guard
from hypothesis import given
from hypothesis import strategies as st

from deployment_hook import hook
from deployment_hook.hook import MalformedEventError
from deployment_hook.options import Options, SettingError
from tests.unit.lambdas.support.events import Context
from tests.unit.lambdas.support.hooks import BLUE, DEPLOYMENT, GREEN, SERVICE, first_event, hook_event, rollback_event

HOOKS: list[Callable[..., Any]] = [migration, health_gate, tick_guard]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["lifecycleStage", "resourceArn", "hookDetails", "executionDetails"]
INNER = ["serviceArn", "targetServiceRevisionArn", "testTrafficWeights", "productionTrafficWeights"]


def seconds(value: Any) -> int:
    return Options({}, {"timeoutSeconds": value}).number("TIMEOUT_SECONDS", least=1, most=900)


def test_an_event_is_read_as_it_is_recorded() -> None:
    invocation = hook.parse(hook_event("PRE_PRODUCTION_TRAFFIC_SHIFT", details={"a": 1}))
    assert (invocation.deployment, invocation.service, invocation.revision) == (DEPLOYMENT, SERVICE, GREEN)
    assert (invocation.stage, invocation.details) == ("PRE_PRODUCTION_TRAFFIC_SHIFT", {"a": 1})
    assert invocation.production_weights == {GREEN: 0, BLUE: 100}
    assert (invocation.cluster, invocation.service_name) == ("shop", "shop/api")


@pytest.mark.parametrize("details", ['{"a": 1}', {"a": 1}])
def test_details_may_be_an_object_or_the_json_of_one(details: Any) -> None:
    assert hook.parse(hook_event(details=details)).details == {"a": 1}


@pytest.mark.parametrize("details", [None, "", {}])
def test_no_details_are_none(details: Any) -> None:
    assert hook.parse(hook_event() | {"hookDetails": details}).details == {}


@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_a_rollback_is_known_by_weights_that_are_turned_round(stage: str) -> None:
    assert hook.parse(rollback_event(stage)).goes_back
    assert not hook.parse(hook_event(stage)).goes_back


@pytest.mark.parametrize("stage", ["PRE_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"])
def test_the_other_stages_are_never_those_of_a_rollback(stage: str) -> None:
    assert not hook.parse(hook_event(stage, productionTrafficWeights={GREEN: 0, BLUE: 100})).goes_back


def test_a_service_that_is_created_does_not_go_back() -> None:
    assert not hook.parse(first_event("PRODUCTION_TRAFFIC_SHIFT")).goes_back


def test_the_flat_form_of_older_pages_is_refused_by_what_it_lacks() -> None:
    flat = {"serviceArn": SERVICE, "targetServiceRevisionArn": GREEN, "lifecycleStage": "PRE_SCALE_UP"}
    with pytest.raises(MalformedEventError, match="executionDetails is missing, not an object"):
        hook.parse(flat)


def test_a_wrong_arn_is_named_with_the_form_that_it_must_have() -> None:
    with pytest.raises(MalformedEventError, match=r"resourceArn is '.*service/shop/api', not an ARN of the form .*id"):
        hook.parse(hook_event() | {"resourceArn": SERVICE})


@pytest.mark.parametrize("handler", HOOKS)
@given(event=JSON)
def test_whatever_comes_is_answered(handler: Callable[..., Any], event: Any) -> None:
    assert handler(event, Context()) == {"hookStatus": "FAILED"}


@pytest.mark.parametrize("handler", HOOKS)
@given(place=st.sampled_from(FIELDS), inner=st.sampled_from(INNER), value=JSON)
def test_an_event_with_a_wrong_part_is_answered(
    handler: Callable[..., Any], place: str, inner: str, value: Any
) -> None:
    event: dict[str, Any] = hook_event()
    if place == "executionDetails":
        event[place][inner] = value
    else:
        event[place] = value
    # Nothing is set up: every function lacks its settings.
    assert handler(event, Context()) == {"hookStatus": "FAILED"}


@pytest.mark.parametrize("handler", HOOKS)
@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_a_rollback_is_let_through_even_when_nothing_is_set_up(handler: Callable[..., Any], stage: str) -> None:
    assert handler(rollback_event(stage), Context()) == {"hookStatus": "SUCCEEDED"}


@pytest.mark.parametrize("handler", HOOKS)
def test_an_answer_is_json(handler: Callable[..., Any]) -> None:
    assert json.loads(json.dumps(handler(hook_event(), Context()))) == {"hookStatus": "FAILED"}


@pytest.mark.parametrize(("left", "read"), [(5, 5), (5.5, 5.5), ("5.5", 5.5), ("0", 0), (-1, -1)])
def test_a_number_that_was_left_is_read_even_as_a_text(left: Any, read: float) -> None:
    assert hook.number({"since": left}, "since") == read


@pytest.mark.parametrize("left", [None, "", "yesterday", True, [], {}, "nan", float("inf"), 10**400])
def test_what_is_no_number_was_never_left(left: Any) -> None:
    assert hook.number({"since": left}, "since") is None


@pytest.mark.parametrize(("given_", "read"), [(60, 60), ("60", 60), (60.0, 60), ("60.0", 60)])
def test_a_number_may_be_written_as_json_has_it(given_: Any, read: int) -> None:
    assert seconds(given_) == read


@pytest.mark.parametrize("value", [0, 901, 1.5, True, "soon", "nan", "inf", [], {}])
def test_a_wrong_number_is_named_with_its_bounds(value: Any) -> None:
    with pytest.raises(SettingError, match=r"timeoutSeconds in hookDetails is .*: it must be a whole number from 1 to"):
        seconds(value)


@given(value=JSON)
def test_a_number_is_read_or_refused(value: Any) -> None:
    try:
        assert 1 <= seconds(value) <= 900
    except SettingError as error:
        assert "TIMEOUT_SECONDS" in str(error) or "timeoutSeconds" in str(error)  # noqa: PT017 - both may be


def test_a_missing_setting_is_named_as_the_variable() -> None:
    with pytest.raises(SettingError, match="the variable MODE is missing: it must be a text"):
        Options({"MODE": ""}).choice("MODE", ("a", "b"))


def test_a_choice_must_be_one_of_its_words() -> None:
    with pytest.raises(SettingError, match="the variable MODE is 'c': it must be a or b"):
        Options({"MODE": "c"}).choice("MODE", ("a", "b"))
