"""How a service is deployed: percents, circuit breaker, blue/green, alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.rolling import blocks, least, most

BOTH, DEADLOCK, OUTAGE = "min-max-both-100", "rounding-deadlock", "min-healthy-outage"
BREAKER, CONTROLLER = "circuit-breaker-disabled", "circuit-breaker-wrong-controller"
REBALANCING, ALTERNATE, ALARM = (
    "az-rebalancing-max-percent",
    "alternate-target-group-config",
    "deployment-alarm-unknown",
)
PARAMETERS = {
    "Open": {"Type": "String"},
    "Env": {"Type": "String"},
    "Hundred": {"Type": "Number", "Default": 100},
}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}
ENABLED = {"Enable": True, "Rollback": True}


def percents(minimum, maximum):
    return {"MinimumHealthyPercent": minimum, "MaximumPercent": maximum}


@pytest.fixture
def of_service(found):
    def check(rule, configuration=None, resources=None, **properties):
        properties = {"DeploymentConfiguration": configuration, **properties} if configuration else properties
        service = {"Type": "AWS::ECS::Service", "Properties": properties}
        return found(rule, {"Service": service, **(resources or {})}, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


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


ADVANCED = {"AlternateTargetGroupArn": "green", "ProductionListenerRule": "rule", "RoleArn": "role"}
BLUE_GREEN = {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 5}


def loaded(advanced, **entry):
    return [{"TargetGroupArn": "blue", "AdvancedConfiguration": advanced, **entry}]


def listener(protocol):
    return {"Rule": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"Protocol": protocol}}}


@pytest.mark.parametrize("name", ADVANCED)
@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "LINEAR", "CANARY"])
def test_each_part_of_a_blue_green_load_balancer_is_needed(of_service, strategy, name):
    configuration = {**BLUE_GREEN, "Strategy": strategy}
    found = of_service(ALTERNATE, configuration, LoadBalancers=loaded({**ADVANCED, name: NO_VALUE}))
    message = f"service `Service` has strategy {strategy} and a load balancer without {name}"
    assert found == [("error", message)]


def test_a_blue_green_load_balancer_needs_its_advanced_configuration(of_service):
    found = of_service(ALTERNATE, BLUE_GREEN, LoadBalancers=[{"TargetGroupArn": "blue"}])
    message = "service `Service` has strategy BLUE_GREEN and a load balancer without AdvancedConfiguration"
    assert found == [("error", message)]


@pytest.mark.parametrize("group", ["green", {"Fn::Sub": "green"}])
def test_the_alternate_target_group_is_another_one(of_service, group):
    found = of_service(ALTERNATE, BLUE_GREEN, LoadBalancers=loaded(ADVANCED, TargetGroupArn=group))
    assert found == [("error", "service `Service` has the same target group as its alternate one")]


def test_an_application_load_balancer_needs_a_rule(of_service):
    advanced = {**ADVANCED, "ProductionListenerRule": {"Ref": "Rule"}}
    found = of_service(ALTERNATE, BLUE_GREEN, listener("HTTP"), LoadBalancers=loaded(advanced))
    message = "service `Service` has listener `Rule` as its ProductionListenerRule, "
    assert found == [("error", message + "an Application Load Balancer needs a rule")]
    assert of_service(ALTERNATE, BLUE_GREEN, listener("TCP"), LoadBalancers=loaded(advanced)) == []


def rule_for(*groups):
    weighted = [{"TargetGroupArn": {"Ref": group}, "Weight": 1} for group in groups]
    actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": weighted}}]
    return {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"Actions": actions}}


def shifted(production, **more):
    group = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"}
    return {"Blue": group, "Green": group, "Other": rule_for("Green"), "Rule": production, **more}


def between(**more):
    advanced = {"AlternateTargetGroupArn": {"Ref": "Green"}, "ProductionListenerRule": {"Ref": "Rule"}, **more}
    return loaded({"RoleArn": "role", **advanced}, TargetGroupArn={"Ref": "Blue"})


def test_the_rule_forwards_to_both_target_groups(of_service):
    found = of_service(ALTERNATE, BLUE_GREEN, shifted(rule_for("Blue")), LoadBalancers=between())
    message = "neither the production nor the test rule of service `Service` forwards to its target group `Green`"
    assert found == [("error", message)]


@pytest.mark.parametrize(
    ("production", "entries"),
    [
        (rule_for("Blue", "Green"), between()),
        (rule_for("Blue"), between(TestListenerRule={"Ref": "Other"})),
        (rule_for("Blue"), between(TestListenerRule=OPEN)),
        (rule_for("Blue"), between(ProductionListenerRule=OPEN)),
        ({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"Actions": OPEN}}, between()),
    ],
)
def test_rules_that_may_forward_to_both_are_silent(of_service, production, entries):
    assert of_service(ALTERNATE, BLUE_GREEN, shifted(production), LoadBalancers=entries) == []


def test_only_ecs_deploys_blue_green_with_a_strategy(of_service):
    found = of_service(ALTERNATE, BLUE_GREEN, DeploymentController={"Type": "CODE_DEPLOY"})
    message = "service `Service` has strategy BLUE_GREEN under deployment controller CODE_DEPLOY"
    assert found == [("error", message)]


@pytest.mark.parametrize("minutes", [1441, "1441", -1])
def test_a_bake_time_is_at_most_a_day(of_service, minutes):
    message = f"service `Service` has BakeTimeInMinutes {minutes}, which is not between 0 and 1440"
    assert of_service(ALTERNATE, {**BLUE_GREEN, "BakeTimeInMinutes": minutes}) == [("error", message)]


def test_blue_green_without_a_bake_time_is_a_warning(of_service):
    message = "service `Service` has strategy BLUE_GREEN and no BakeTimeInMinutes"
    assert of_service(ALTERNATE, {"Strategy": "BLUE_GREEN"}) == [("warning", message)]


@pytest.mark.parametrize(
    ("configuration", "entries"),
    [
        (BLUE_GREEN, loaded(ADVANCED)),
        (BLUE_GREEN, NO_VALUE),
        (BLUE_GREEN, OPEN),
        (BLUE_GREEN, loaded(OPEN)),
        (BLUE_GREEN, loaded({**ADVANCED, "RoleArn": OPEN}, TargetGroupArn=OPEN)),
        ({"Strategy": "ROLLING"}, [{"TargetGroupArn": "blue"}]),
        ({"Strategy": OPEN}, [{"TargetGroupArn": "blue"}]),
        (None, [{"TargetGroupArn": "blue"}]),
    ],
)
def test_blue_green_that_may_be_whole_is_silent(of_service, configuration, entries):
    assert of_service(ALTERNATE, configuration, LoadBalancers=entries) == []


def alarms(*names, enable=True):
    return {"Alarms": {"AlarmNames": list(names), "Enable": enable, "Rollback": True}}


def alarm(name="failing"):
    return {"Failing": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": name}}}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"Fn::GetAtt": ["Failing", "Arn"]}, "Failing"),
        ("arn:aws:cloudwatch:eu-west-1:1:alarm:a", "arn:aws:cloudwatch:eu-west-1:1:alarm:a"),
    ],
)
def test_an_alarm_by_its_arn_is_an_error(of_service, name, shown):
    message = f"service `Service` names deployment alarm `{shown}` by its ARN"
    assert of_service(ALARM, alarms(name), alarm()) == [("error", message)]


@pytest.mark.parametrize("name", ["failing", {"Fn::Sub": "${AWS::StackName}-failing"}])
def test_an_alarm_that_may_be_made_later_is_a_warning(of_service, name):
    message = "service `Service` may be made before its deployment alarm `Failing`"
    assert of_service(ALARM, alarms(name), alarm(name)) == [("warning", message)]


@pytest.mark.parametrize(
    "configuration",
    [
        alarms({"Ref": "Failing"}),
        alarms("other"),
        alarms(OPEN),
        alarms({"Fn::GetAtt": ["Failing", "Arn"]}, enable=False),
        {"Alarms": OPEN},
        None,
    ],
)
def test_alarms_that_may_be_there_are_silent(of_service, configuration):
    assert of_service(ALARM, configuration, alarm()) == []
