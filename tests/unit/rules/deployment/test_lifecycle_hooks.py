"""Lifecycle hooks of a deployment: how many, where a pause stands, how long ECS waits."""

import pytest

from tests.unit.rules.deployment.configurations import NO_VALUE, OPEN

RULE = "lifecycle-hook-invalid"
LAMBDA = {"HookTargetArn": "arn:function", "RoleArn": "arn:role", "LifecycleStages": ["PRE_SCALE_UP"]}
PAUSE = {"TargetType": "PAUSE", "LifecycleStages": ["PRE_SCALE_UP"]}


def of(*hooks):
    return {"LifecycleHooks": list(hooks)}


def only_in_production(value, other=NO_VALUE):
    return {"Fn::If": ["A", value, other]}


def waiting(hook, minutes):
    return {**hook, "TimeoutConfiguration": {"TimeoutInMinutes": minutes}}


def pausing_at(*stages):
    return {**PAUSE, "LifecycleStages": list(stages)}


@pytest.mark.parametrize(
    ("hook", "word"), [(LAMBDA, "Lambda"), ({**LAMBDA, "TargetType": "AWS_LAMBDA"}, "Lambda"), (PAUSE, "PAUSE")]
)
def test_ecs_takes_ten_hooks_of_a_kind(of_service, hook, word):
    found = of_service(RULE, of(*[hook] * 11))
    assert found == [("error", f"service `Service` has 11 {word} hooks, ECS takes 10")]


def test_ten_hooks_of_either_kind_are_not_too_many(of_service):
    assert of_service(RULE, of(*[LAMBDA] * 10, *[PAUSE] * 10)) == []


@pytest.mark.parametrize(
    "eleventh",
    [
        OPEN,
        NO_VALUE,
        "hook",
        only_in_production(LAMBDA),
        {"Fn::Transform": {"Name": "Hook"}},
        {**LAMBDA, "TargetType": OPEN},
        {**LAMBDA, "TargetType": "OTHER"},
        {**LAMBDA, "TargetType": only_in_production("AWS_LAMBDA", "PAUSE")},
    ],
)
def test_an_eleventh_hook_that_may_not_be_one_is_silent(of_service, eleventh):
    assert of_service(RULE, of(*[LAMBDA] * 10, eleventh)) == []


def test_hooks_of_one_branch_are_counted_in_it(of_service):
    configuration = {"LifecycleHooks": only_in_production([LAMBDA] * 11, [LAMBDA])}
    assert of_service(RULE, configuration) == [("error", "service `Service` has 11 Lambda hooks, ECS takes 10")]


@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_no_pause_stands_where_traffic_shifts(of_service, stage):
    message = f"service `Service` has a PAUSE hook at {stage}, where ECS cannot pause"
    assert of_service(RULE, of(pausing_at("PRE_SCALE_UP", stage))) == [("error", message)]
    assert of_service(RULE, of(pausing_at(only_in_production(stage)))) == [("error", message)]


@pytest.mark.parametrize(
    "stage",
    [
        "RECONCILE_SERVICE",
        "PRE_SCALE_UP",
        "POST_SCALE_UP",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRE_PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT",
        OPEN,
        NO_VALUE,
    ],
)
def test_a_pause_stands_at_every_other_stage(of_service, stage):
    assert of_service(RULE, of(pausing_at(stage))) == []


@pytest.mark.parametrize(
    "hook",
    [
        {**LAMBDA, "LifecycleStages": ["PRODUCTION_TRAFFIC_SHIFT"]},
        {**pausing_at("PRODUCTION_TRAFFIC_SHIFT"), "TargetType": OPEN},
        {**PAUSE, "LifecycleStages": OPEN},
        {
            "TargetType": only_in_production("PAUSE", "AWS_LAMBDA"),
            "LifecycleStages": [only_in_production("PRE_SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT")],
        },
    ],
)
def test_a_hook_that_may_be_no_pause_there_is_silent(of_service, hook):
    assert of_service(RULE, of(hook)) == []


@pytest.mark.parametrize("minutes", [0, -1, 1441, "1441"])
def test_a_lambda_hook_lasts_a_day_at_most(of_service, minutes):
    message = f"service `Service` has a Lambda hook with TimeoutInMinutes {minutes}, which is not between 1 and 1440"
    assert of_service(RULE, of(waiting(LAMBDA, minutes))) == [("error", message)]


@pytest.mark.parametrize("minutes", [0, 20161])
def test_a_pause_lasts_two_weeks_at_most(of_service, minutes):
    message = f"service `Service` has a PAUSE hook with TimeoutInMinutes {minutes}, which is not between 1 and 20160"
    assert of_service(RULE, of(waiting(PAUSE, minutes))) == [("error", message)]


def test_a_timeout_that_a_parameter_gives_by_default_is_a_warning(of_service):
    configuration = of(waiting(LAMBDA, {"Fn::Sub": "${Hundred}00"}))
    message = "service `Service` has a Lambda hook with TimeoutInMinutes 10000, which is not between 1 and 1440"
    assert of_service(RULE, configuration) == [("warning", f"{message} (by the default of parameter `Hundred`)")]


@pytest.mark.parametrize(
    "hook",
    [
        waiting(LAMBDA, 1),
        waiting(LAMBDA, 1440),
        waiting(PAUSE, 20160),
        waiting(PAUSE, OPEN),
        waiting(PAUSE, NO_VALUE),
        waiting({**LAMBDA, "TargetType": OPEN}, 1441),
        {**PAUSE, "TimeoutConfiguration": OPEN},
        {
            **waiting(PAUSE, only_in_production(1441, 1440)),
            "TargetType": only_in_production("PAUSE", "AWS_LAMBDA"),
        },
    ],
)
def test_a_timeout_that_may_be_right_is_silent(of_service, hook):
    assert of_service(RULE, of(hook)) == []


def test_a_file_to_register_is_read_as_well(report_of):
    hook = {"targetType": "PAUSE", "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]}
    tree = {"serviceName": "api", "taskDefinition": "api:1", "deploymentConfiguration": {"lifecycleHooks": [hook]}}
    found = [finding.message for finding in report_of(tree).findings if finding.rule == RULE]
    assert found == ["service `api` has a PAUSE hook at TEST_TRAFFIC_SHIFT, where ECS cannot pause"]
