"""Behind a Network Load Balancer there are no rules: ECS moves the listeners themselves, ten minutes each time."""

import aws_cdk as cdk
import pytest
from deployment_tick_guard.settings import store

from deployment_hook.options import Options
from roadworthy.patterns import Deployment, HealthCheck, HealthGate, TickGuard
from tests.synth.blue_green import hooks, tcp, variables
from tests.synth.patterns import findings, new_stack, synthesized
from tests.synth.template import reference, text

pytestmark = pytest.mark.synth

ELB = "AWS::ElasticLoadBalancingV2"
CHECK = HealthCheck.http("/health", interval_seconds=5, timeout_seconds=4)


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    deployment = Deployment.blue_green(health_gate=HealthGate(), max_overlap=None, deadline=None)
    tcp(stack, deployment, health_check=CHECK)
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def test_both_listeners_forward_to_both_groups_and_the_first_has_the_traffic(template):
    groups = list(template.of_type(f"{ELB}::TargetGroup"))
    for listener in template.of_type(f"{ELB}::Listener").values():
        forwarded = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        weighted = [(reference(each["TargetGroupArn"]), each["Weight"]) for each in forwarded]
        assert weighted == [(groups[0], 100), (groups[1], 0)]
    assert {each["Port"] for each in template.of_type(f"{ELB}::Listener").values()} == {6432, 9001}


def test_ecs_is_told_listeners_instead_of_rules_and_may_change_them(template):
    advanced = template.only("AWS::ECS::Service")["LoadBalancers"][0]["AdvancedConfiguration"]
    listeners = list(template.of_type(f"{ELB}::Listener"))
    assert [reference(advanced[name]) for name in ("ProductionListenerRule", "TestListenerRule")] == listeners
    *_, moving = template.statements("ServiceBlueGreenTrafficRole")
    assert (moving["Action"], [reference(arn) for arn in moving["Resource"]]) == (
        "elasticloadbalancing:ModifyListener",
        listeners,
    )


def test_both_groups_are_alike_and_close_connections_that_outlast_the_drain(template):
    blue, green = template.of_type(f"{ELB}::TargetGroup").values()
    assert blue == green
    assert "connection_termination" in text(blue)


def test_the_gate_asks_the_test_port_of_the_load_balancer_alone(template):
    ways = template.of_type("AWS::EC2::SecurityGroupEgress").values()
    (way,) = (each for each in ways if "HealthGate" in text(each["GroupId"]))
    assert (way["FromPort"], reference(way["DestinationSecurityGroupId"])) == (
        9001,
        next(name for name in template.resources if name.startswith("ServiceLoadBalancerSecurityGroup")),
    )
    assert variables(template, "HealthGate")["HEALTH_PATH"] == "/health"
    assert list(hooks(template)) == ["HealthGate"]


def test_a_tag_of_the_version_does_not_have_cloudformation_write_the_weights_anew():
    stack = new_stack()
    cdk.Tags.of(stack).add("version", "3f2a9c1d0b7e")
    tcp(stack, Deployment.blue_green(max_overlap=None, deadline=None, test_port=9100))
    listeners = synthesized(stack).of_type(f"{ELB}::Listener").values()
    assert ["Tags" in listener for listener in listeners] == [False, False]


def test_our_own_rules_find_nothing(default):
    assert findings(default) == set()


def test_a_service_of_today_keeps_its_target_group():
    rolling, shifting = new_stack(), new_stack()
    tcp(rolling, Deployment.rolling())
    tcp(shifting, Deployment.blue_green(max_overlap=None, deadline=None))
    kept = synthesized(rolling).of_type(f"{ELB}::TargetGroup")
    after = synthesized(shifting).of_type(f"{ELB}::TargetGroup")
    assert kept == {name: after[name] for name in kept}


def test_its_alarms_and_its_users_see_both_groups():
    service = tcp(new_stack(), Deployment.blue_green(max_overlap=None, deadline=None, test_port=9100))
    assert service.second_target_group is not service.target_group
    assert service.test_listener.port == 9100


def test_a_pause_lasts_as_long_as_ecs_waits_for_the_load_balancer_to_follow():
    stack = new_stack()
    tcp(stack, Deployment.blue_green(tick=TickGuard.lease(), max_overlap=None, deadline=cdk.Duration.hours(1)))
    told = variables(synthesized(stack), "TickGuard")
    pause = store(Options({name: value if isinstance(value, str) else "any" for name, value in told.items()}))
    assert (pause.pause_seconds, told["MAX_WAIT_SECONDS"]) == (720, "30")
