"""How many tasks may run and must run while a service is deployed: MaximumPercent, MinimumHealthyPercent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.rolling import blocks, least, most
from tests.unit.rules.deployment.configurations import NO_VALUE, OPEN, percents

BOTH, DEADLOCK, OUTAGE = "min-max-both-100", "rounding-deadlock", "min-healthy-outage"
REBALANCING = "az-rebalancing-max-percent"


@pytest.mark.parametrize(
    ("configuration", "default"),
    [(percents(100, 100), ""), (percents("100", "100"), ""), ({"MaximumPercent": 100}, " (the default)")],
)
def test_two_percents_of_100_are_an_error(of_service, configuration, default):
    message = f"service `Service` has MaximumPercent 100 and MinimumHealthyPercent 100{default}: "
    message += "no deployment can start or stop a task"
    assert of_service(BOTH, configuration) == [("error", message)]


def test_two_percents_of_100_by_a_default_are_a_warning(of_service):
    message = "service `Service` has MaximumPercent 100 and MinimumHealthyPercent 100: "
    message += "no deployment can start or stop a task (by the default of parameter `Hundred`)"
    assert of_service(BOTH, percents(100, {"Ref": "Hundred"})) == [("warning", message)]


@pytest.mark.parametrize(
    ("configuration", "properties"),
    [
        (None, {}),
        (percents(100, 200), {}),
        (percents(99, 100), {}),
        (percents(100, OPEN), {}),
        (percents({"Fn::If": ["A", 100, 0]}, {"Fn::If": ["A", 200, 100]}), {}),
        (percents(100, 100), {"DeploymentController": {"Type": "CODE_DEPLOY"}}),
        (percents(100, 100), {"DeploymentController": {"Type": OPEN}}),
        (percents(100, 100), {"SchedulingStrategy": "DAEMON"}),
        ({**percents(100, 100), "Strategy": "BLUE_GREEN"}, {}),
    ],
)
def test_percents_that_leave_room_or_do_not_matter_are_silent(of_service, configuration, properties):
    assert of_service(BOTH, configuration, **properties) == []


def deadlock(count, maximum, allows, minimum, requires):
    tasks = "1 task" if count == 1 else f"{count} tasks"
    return (
        f"service `Service` with {tasks} can neither start nor stop one: MaximumPercent {maximum} allows {allows} "
        f"({count} x {maximum} / 100, rounded down), MinimumHealthyPercent {minimum} requires {requires} (rounded up)"
    )


@pytest.mark.parametrize(
    ("count", "minimum", "maximum"), [(1, 100, 150), (3, 75, 125), ("1", "60", "120"), (2, 51, 149)]
)
def test_percents_without_room_for_a_task_are_an_error(of_service, count, minimum, maximum):
    message = deadlock(int(count), maximum, int(count), minimum, int(count))
    assert of_service(DEADLOCK, percents(minimum, maximum), DesiredCount=count) == [("error", message)]


def test_a_new_service_without_a_count_has_one_task(of_service):
    assert of_service(DEADLOCK, percents(100, 150)) == [("warning", deadlock(1, 150, 1, 100, 1))]


def target(low, high, **more):
    properties = {"ServiceNamespace": "ecs", "MinCapacity": low, "MaxCapacity": high, **more}
    properties["ResourceId"] = {"Fn::Sub": "service/main/${Service.Name}"}
    return {"Scaling": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}}


def test_the_smallest_count_of_a_scaled_service_is_named(of_service):
    found = of_service(DEADLOCK, percents(100, 150), resources=target(0, 10), DesiredCount=4)
    assert found == [("error", deadlock(1, 150, 1, 100, 1))]


@pytest.mark.parametrize(
    ("configuration", "count", "resources"),
    [
        (percents(100, 200), 1, {}),
        (percents(0, 100), 1, {}),
        (percents(50, 100), 2, {}),
        (percents(100, 150), 2, {}),
        (percents(100, 150), 0, {}),
        (percents(100, 150), OPEN, {}),
        (percents(100, 150), NO_VALUE, target(2, 10)),
        (percents(100, 150), NO_VALUE, target(OPEN, 10)),
        (percents(100, 100), 1, {}),
        (percents(OPEN, 150), 1, {}),
        (percents(100, {"Fn::If": ["A", 200, 150]}), {"Fn::If": ["A", 1, 2]}, {}),
    ],
)
def test_counts_with_room_for_a_task_are_silent(of_service, configuration, count, resources):
    assert of_service(DEADLOCK, configuration, resources, DesiredCount=count) == []


@given(st.integers(1, 500), st.integers(0, 100), st.integers(100, 400))
def test_a_deployment_is_blocked_when_no_task_may_start_or_stop(count, minimum, maximum):
    may_start = (count + 1) * 100 <= count * maximum
    may_stop = (count - 1) * 100 >= count * minimum
    assert blocks(count, minimum, maximum) == (not may_start and not may_stop)
    assert most(count, maximum) >= count >= least(count, minimum)


def test_a_minimum_of_0_is_a_warning(of_service):
    message = "service `Service` has MinimumHealthyPercent 0: a deployment may stop all its tasks"
    assert of_service(OUTAGE, percents(0, 200)) == [("warning", message)]
    loaded = [{"TargetGroupArn": "arn"}]
    assert of_service(OUTAGE, percents(0, 100), LoadBalancers=loaded) == [("warning", message)]


@pytest.mark.parametrize(
    ("configuration", "count"),
    [(None, 1), (percents(0, 100), 1), (percents(0, 200), 0), (percents(OPEN, 200), 1), (percents(1, 200), 1)],
)
def test_services_that_keep_a_task_or_run_one_at_a_time_are_silent(of_service, configuration, count):
    assert of_service(OUTAGE, configuration, DesiredCount=count) == []


def test_rebalancing_without_room_is_an_error(of_service):
    message = "service `Service` has Availability Zone rebalancing and MaximumPercent 100"
    found = of_service(REBALANCING, percents(50, "100"), AvailabilityZoneRebalancing="ENABLED")
    assert found == [("error", message)]


@pytest.mark.parametrize(
    ("configuration", "switch"),
    [
        (percents(50, 101), "ENABLED"),
        (percents(50, 100), "DISABLED"),
        (percents(50, 100), NO_VALUE),
        (percents(50, OPEN), "ENABLED"),
        (None, "ENABLED"),
    ],
)
def test_rebalancing_with_room_is_silent(of_service, configuration, switch):
    assert of_service(REBALANCING, configuration, AvailabilityZoneRebalancing=switch) == []
