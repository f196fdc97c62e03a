"""The circuit breaker, which gives up a deployment that cannot succeed."""

import pytest

from tests.unit.rules.deployment.configurations import ENABLED, NO_VALUE, OPEN, percents

BREAKER, CONTROLLER = "circuit-breaker-disabled", "circuit-breaker-wrong-controller"


@pytest.mark.parametrize(
    "configuration",
    [
        None,
        percents(100, 200),
        {"DeploymentCircuitBreaker": {"Enable": False, "Rollback": False}},
        {"DeploymentCircuitBreaker": NO_VALUE},
        {"Alarms": {"AlarmNames": [], "Enable": "false", "Rollback": True}},
    ],
)
def test_a_service_that_never_gives_up_is_a_warning(of_service, configuration):
    message = "service `Service` has no deployment circuit breaker: a deployment that cannot succeed goes on for hours"
    assert of_service(BREAKER, configuration) == [("warning", message)]


@pytest.mark.parametrize(
    ("configuration", "properties"),
    [
        ({"DeploymentCircuitBreaker": ENABLED}, {}),
        ({"DeploymentCircuitBreaker": {"Enable": "true", "Rollback": "true"}}, {}),
        ({"DeploymentCircuitBreaker": {"Enable": OPEN}}, {}),
        ({"DeploymentCircuitBreaker": OPEN}, {}),
        ({"DeploymentCircuitBreaker": {"Fn::If": ["A", ENABLED, NO_VALUE]}}, {}),
        ({"Alarms": {"AlarmNames": ["a"], **ENABLED}}, {}),
        (OPEN, {}),
        (None, {"DeploymentController": {"Type": "CODE_DEPLOY"}}),
        (None, {"DesiredCount": 0}),
    ],
)
def test_a_service_that_may_give_up_is_silent(of_service, configuration, properties):
    assert of_service(BREAKER, configuration, **properties) == []


@pytest.mark.parametrize("rollback", [False, "false", {"Fn::If": ["A", True, False]}])
def test_a_circuit_breaker_that_does_not_roll_back_is_a_warning(of_service, rollback):
    message = "the circuit breaker of service `Service` stops a failed deployment and does not roll back"
    assert of_service(BREAKER, {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": rollback}}) == [
        ("warning", message)
    ]


def test_a_raw_service_is_warned_once(report_of):
    service = {"serviceName": "api", "taskDefinition": "api", "deploymentConfiguration": {"maximumPercent": 200}}
    messages = [each.message for each in report_of(service).findings if each.rule == BREAKER]
    assert messages == [
        "service `api` has no deployment circuit breaker: a deployment that cannot succeed goes on for hours"
    ]


@pytest.mark.parametrize("controller", ["CODE_DEPLOY", "EXTERNAL"])
def test_a_circuit_breaker_under_another_controller_is_an_error(of_service, controller):
    found = of_service(CONTROLLER, {"DeploymentCircuitBreaker": ENABLED}, DeploymentController={"Type": controller})
    message = "service `Service` enables the deployment circuit breaker, "
    assert found == [("error", message + f"but its deployment controller is {controller}")]


@pytest.mark.parametrize(
    ("breaker", "controller"),
    [
        (ENABLED, {"Type": "ECS"}),
        (ENABLED, {"Type": OPEN}),
        ({"Enable": False}, {"Type": "CODE_DEPLOY"}),
        ({"Enable": OPEN}, {"Type": "CODE_DEPLOY"}),
        ({"Fn::If": ["A", ENABLED, NO_VALUE]}, {"Type": {"Fn::If": ["A", "ECS", "CODE_DEPLOY"]}}),
    ],
)
def test_a_circuit_breaker_under_the_right_controller_is_silent(of_service, breaker, controller):
    assert of_service(CONTROLLER, {"DeploymentCircuitBreaker": breaker}, DeploymentController=controller) == []
