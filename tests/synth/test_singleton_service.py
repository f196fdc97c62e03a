"""Singletons: one task, and never a second one beside it."""

import pytest

from roadworthy.patterns import CircuitBreaker, HealthCheck, InvalidHealthCheckError, SingletonService
from tests.synth.patterns import findings, new_stack, options, synthesized

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    SingletonService(stack, "Service", **options(stack))
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def test_a_deployment_stops_the_one_task_before_it_starts_the_next(template):
    service = template.only("AWS::ECS::Service")
    configuration = service["DeploymentConfiguration"]
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (0, 100)
    assert service["DesiredCount"] == 1


def test_nothing_else_starts_a_second_task(template):
    assert template.only("AWS::ECS::Service")["AvailabilityZoneRebalancing"] == "DISABLED"
    assert template.of_type("AWS::ApplicationAutoScaling::ScalableTarget") == {}


def test_our_own_rules_find_nothing_in_the_default(default):
    assert findings(default) == set()


def test_the_circuit_breaker_and_alarms_are_the_users():
    stack = new_stack()
    given = {"circuit_breaker": CircuitBreaker.count(2), "alarms": ["api-errors"]}
    SingletonService(stack, "Service", **options(stack), **given)
    configuration = synthesized(stack).only("AWS::ECS::Service")["DeploymentConfiguration"]
    threshold = configuration["DeploymentCircuitBreaker"]["ThresholdConfiguration"]
    assert threshold == {"Type": "COUNT", "Value": 2}
    assert configuration["Alarms"]["AlarmNames"] == ["api-errors"]


def test_its_health_is_asked_by_a_command():
    stack = new_stack()
    check = HealthCheck.command(["CMD", "beat", "--alive"])
    SingletonService(stack, "Service", **options(stack, health_check=check))
    (container,) = synthesized(stack).only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert container["HealthCheck"]["Command"] == ["CMD", "beat", "--alive"]
    assert findings(stack) == set()


@pytest.mark.parametrize("name", ["scaling", "deployment"])
def test_neither_count_nor_deployment_can_be_given(name):
    stack = new_stack()
    with pytest.raises(TypeError, match=name):
        SingletonService(stack, "Service", **options(stack, **{name: None}))


def test_a_check_of_a_port_that_nobody_named_is_refused():
    stack = new_stack()
    with pytest.raises(InvalidHealthCheckError, match="service `api` has no port to check"):
        SingletonService(stack, "Service", **options(stack, health_check=HealthCheck.tcp()))


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    service = SingletonService(stack, "Service", **options(stack)).service.node.default_child
    service.add_property_override("AvailabilityZoneRebalancing", "ENABLED")
    service.add_property_override("DeploymentConfiguration.MinimumHealthyPercent", 100)
    assert findings(stack) >= {"az-rebalancing-max-percent", "min-max-both-100"}
