"""Blue/green, linear and canary deployments between two target groups."""

import pytest

from tests.unit.rules.deployment.configurations import NO_VALUE, OPEN

ALTERNATE = "alternate-target-group-config"
ADVANCED = {"AlternateTargetGroupArn": "green", "ProductionListenerRule": "rule", "RoleArn": "role"}
UNKNOWN = {"Fn::Transform": {"Name": "Rules"}}
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


@pytest.mark.parametrize("rule", ["arn:rule", {"Ref": "Rule"}, {"Fn::Sub": "${Rule}"}])
def test_the_test_rule_is_another_one(of_service, rule):
    resources = {"Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule"}}
    advanced = {**ADVANCED, "ProductionListenerRule": rule, "TestListenerRule": rule}
    found = of_service(ALTERNATE, BLUE_GREEN, resources, LoadBalancers=loaded(advanced))
    assert found == [("error", "service `Service` has the same listener rule for production and for tests")]


def test_a_test_rule_of_one_condition_is_the_production_rule_only_under_it(of_service):
    twice = {**ADVANCED, "TestListenerRule": {"Fn::If": ["A", "rule", "test"]}}
    apart = {**twice, "ProductionListenerRule": {"Fn::If": ["A", "production", "rule"]}}
    message = "service `Service` has the same listener rule for production and for tests"
    assert of_service(ALTERNATE, BLUE_GREEN, LoadBalancers=loaded(twice)) == [("error", message)]
    assert of_service(ALTERNATE, BLUE_GREEN, LoadBalancers=loaded(apart)) == []


def test_a_rule_that_a_default_names_twice_is_a_warning(of_service):
    advanced = {**ADVANCED, "ProductionListenerRule": "100", "TestListenerRule": {"Ref": "Hundred"}}
    found = of_service(ALTERNATE, BLUE_GREEN, LoadBalancers=loaded(advanced))
    message = "service `Service` has the same listener rule for production and for tests"
    assert found == [("warning", f"{message} (by the default of parameter `Hundred`)")]


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
        (BLUE_GREEN, loaded({**ADVANCED, "TestListenerRule": "test"})),
        (BLUE_GREEN, loaded({**ADVANCED, "TestListenerRule": NO_VALUE})),
        (BLUE_GREEN, loaded({**ADVANCED, "TestListenerRule": OPEN})),
        (BLUE_GREEN, loaded({**ADVANCED, "ProductionListenerRule": UNKNOWN, "TestListenerRule": UNKNOWN})),
        ({"Strategy": "ROLLING"}, loaded({**ADVANCED, "TestListenerRule": "rule"})),
        ({"Strategy": "ROLLING"}, [{"TargetGroupArn": "blue"}]),
        ({"Strategy": OPEN}, [{"TargetGroupArn": "blue"}]),
        (None, [{"TargetGroupArn": "blue"}]),
    ],
)
def test_blue_green_that_may_be_whole_is_silent(of_service, configuration, entries):
    assert of_service(ALTERNATE, configuration, LoadBalancers=entries) == []
