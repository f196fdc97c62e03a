"""Blue/green behind an Application Load Balancer: two groups, rules between them, and a role that moves the traffic."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm

from roadworthy.patterns import (
    CircuitBreaker,
    Deployment,
    HealthCheck,
    HealthGate,
    Route,
    ServiceAlarms,
)
from tests.synth.blue_green import configuration, http
from tests.synth.patterns import CERTIFICATE, findings, new_stack, synthesized, vpc
from tests.synth.template import ancestors, reference, text

pytestmark = pytest.mark.synth

ELB = "AWS::ElasticLoadBalancingV2"


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    deployment = Deployment.blue_green(alarms=ServiceAlarms.names_for("api"), test_port=9001)
    service = http(stack, deployment)
    ServiceAlarms(stack, "Alarms", service=service, name="api")
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def shifted(template):
    """The target groups of a rule or a listener, with their weights."""
    return [
        [(reference(group["TargetGroupArn"]), group["Weight"]) for group in action["ForwardConfig"]["TargetGroups"]]
        for action in (rule["Actions"][0] for rule in template.of_type(f"{ELB}::ListenerRule").values())
    ]


def test_one_word_makes_the_strategy_the_bake_time_and_the_alarms(template):
    assert configuration(template) == {
        "Strategy": "BLUE_GREEN",
        "BakeTimeInMinutes": 1,
        "MinimumHealthyPercent": 100,
        "MaximumPercent": 200,
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        "Alarms": {"AlarmNames": ServiceAlarms.names_for("api"), "Enable": True, "Rollback": True},
    }
    assert "DeploymentController" not in template.only("AWS::ECS::Service")


def test_both_rules_forward_to_both_groups_and_the_first_has_the_traffic(template):
    groups = list(template.of_type(f"{ELB}::TargetGroup"))
    assert shifted(template) == [[(groups[0], 100), (groups[1], 0)]] * 2


def test_both_groups_are_alike(template):
    blue, green = template.of_type(f"{ELB}::TargetGroup").values()
    assert blue == green
    assert (blue["HealthCheckPath"], blue["TargetType"], blue["Port"]) == ("/health", "ip", 8000)


def test_ecs_is_told_the_other_group_both_rules_and_the_role(template):
    (balancer,) = template.only("AWS::ECS::Service")["LoadBalancers"]
    groups, rules = template.of_type(f"{ELB}::TargetGroup"), template.of_type(f"{ELB}::ListenerRule")
    told = {name: reference(value) for name, value in balancer["AdvancedConfiguration"].items()}
    assert [reference(balancer["TargetGroupArn"]), told["AlternateTargetGroupArn"]] == list(groups)
    assert [told["ProductionListenerRule"], told["TestListenerRule"]] == list(rules)
    assert told["RoleArn"].startswith("ServiceBlueGreenTrafficRole")


def test_the_role_changes_these_rules_and_registers_in_these_groups_alone(template):
    statements = {text(each["Action"]): each["Resource"] for each in template.statements("ServiceBlueGreenTrafficRole")}
    looking, registering, moving = statements.values()
    assert looking == "*"
    assert [reference(arn) for arn in registering] == list(template.of_type(f"{ELB}::TargetGroup"))
    assert [reference(arn) for arn in moving] == list(template.of_type(f"{ELB}::ListenerRule"))
    assert list(statements)[1:] == [
        '["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]',
        '"elasticloadbalancing:ModifyRule"',
    ]
    trust = template.of_type("AWS::IAM::Role")
    (role,) = (trust[name] for name in trust if name.startswith("ServiceBlueGreenTrafficRole"))
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "ecs.amazonaws.com"}


def test_rules_role_alarms_and_deadline_are_there_before_the_service(template):
    (service,) = template.of_type("AWS::ECS::Service")
    before = ancestors(template, service)
    alarms = {
        name
        for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items()
        if alarm["AlarmName"] in ServiceAlarms.names_for("api")
    }
    made = {name for name in template.resources if "BlueGreen" in name}
    assert len(alarms) == 3
    assert alarms | made | template.of_type(f"{ELB}::ListenerRule").keys() <= before


def test_nobody_may_use_the_test_listener_until_allowed(template):
    listener = template.only(f"{ELB}::Listener", Port=9001)
    assert (listener["Protocol"], listener["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"]) == ("HTTP", "404")
    ports = {rule["FromPort"] for rule in template.of_type("AWS::EC2::SecurityGroupIngress").values()}
    assert ports == {443, 8000}


def test_alarms_see_both_groups(template):
    groups = list(template.of_type(f"{ELB}::TargetGroup"))
    for end in ("error-rate", "response-time", "unhealthy-hosts", "no-healthy-host"):
        alarm = text(template.only("AWS::CloudWatch::Alarm", AlarmName=f"api-{end}")["Metrics"])
        assert all(group in alarm for group in groups)


def test_our_own_rules_find_nothing(default):
    assert findings(default) == set()


def test_who_is_allowed_reaches_the_test_listener():
    stack = new_stack()
    service = http(stack, Deployment.blue_green(test_port=9100))
    service.test_listener.allow_from(service)
    ports = {rule["FromPort"] for rule in synthesized(stack).of_type("AWS::EC2::SecurityGroupIngress").values()}
    assert 9100 in ports
    assert service.test_listener.url.startswith("http://")


def test_without_a_reason_there_is_no_test_listener():
    stack = new_stack()
    service = http(stack, Deployment.blue_green())
    template = synthesized(stack)
    assert service.test_listener is None
    assert {each["Port"] for each in template.of_type(f"{ELB}::Listener").values()} == {80}
    assert "TestListenerRule" not in text(template.only("AWS::ECS::Service"))


def test_a_service_of_today_keeps_its_target_group_and_its_listener():
    rolling, shifting = new_stack(), new_stack()
    http(rolling, Deployment.rolling())
    http(shifting, Deployment.blue_green())
    before, after = synthesized(rolling), synthesized(shifting)
    for kind in ("TargetGroup", "Listener"):
        kept = before.of_type(f"{ELB}::{kind}")
        assert kept == {name: after.of_type(f"{ELB}::{kind}")[name] for name in kept}


def test_as_rolling_all_of_the_traffic_stays_and_the_strategy_and_the_hooks_go():
    shifting, back = new_stack(), new_stack()
    deployment = Deployment.blue_green(health_gate=HealthGate())
    http(shifting, deployment)
    http(back, deployment.as_rolling())
    before, after = synthesized(shifting), synthesized(back)
    for kind in ("TargetGroup", "Listener", "ListenerRule"):
        assert after.of_type(f"{ELB}::{kind}") == before.of_type(f"{ELB}::{kind}")
    was, now = (each.only("AWS::ECS::Service") for each in (before, after))
    assert now["LoadBalancers"] == was["LoadBalancers"]
    assert now["DeploymentConfiguration"].keys() == was["DeploymentConfiguration"].keys() - {
        "Strategy",
        "BakeTimeInMinutes",
        "LifecycleHooks",
    }
    assert findings(back) == set()


def test_a_certificate_is_the_test_listeners_too():
    stack = new_stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    deployment = Deployment.blue_green(health_gate=HealthGate())
    service = http(stack, deployment, certificate=certificate, domain_name="api.example.com")
    listener = synthesized(stack).only(f"{ELB}::Listener", Port=9001)
    assert (listener["Protocol"], listener["Certificates"]) == ("HTTPS", [{"CertificateArn": CERTIFICATE}])
    assert service.test_listener.url.startswith("https://")
    assert findings(stack) == set()


def test_services_that_share_a_listener_share_its_test_listener_and_keep_their_routes():
    stack = new_stack()
    deployment = Deployment.blue_green(test_port=9001)
    first = http(stack, deployment)
    taken = {"network": stack.node.find_child("Network"), "cluster": first.cluster, "name": "second"}
    route = Route(priority=7, paths=["/second/*"])
    http(stack, deployment, "Second", listener=first.listener, route=route, **taken)
    template = synthesized(stack)
    listeners = template.of_type(f"{ELB}::Listener")
    (test,) = (name for name, each in listeners.items() if each["Port"] == 9001)
    rules = template.of_type(f"{ELB}::ListenerRule").values()
    tested = sorted((each["Priority"], reference(each["ListenerArn"]) == test) for each in rules)
    assert tested == [(7, False), (7, True), (50_000, False), (50_000, True)]
    assert findings(stack) == set()


def test_grpc_is_tested_over_tls():
    stack = new_stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    check = HealthCheck.grpc(interval_seconds=5, timeout_seconds=4, start_seconds=10)
    http(stack, Deployment.blue_green(test_port=9001), health_check=check, certificate=certificate)
    template = synthesized(stack)
    assert {each["ProtocolVersion"] for each in template.of_type(f"{ELB}::TargetGroup").values()} == {"GRPC"}
    assert template.only(f"{ELB}::Listener", Port=9001)["Protocol"] == "HTTPS"


def test_a_health_port_is_reached_in_both_groups():
    stack = new_stack()
    check = HealthCheck.http("/health", port=9000, interval_seconds=5, timeout_seconds=4)
    http(stack, Deployment.blue_green(), health_check=check)
    template = synthesized(stack)
    assert {each["HealthCheckPort"] for each in template.of_type(f"{ELB}::TargetGroup").values()} == {"9000"}
    assert findings(stack) == set()


def test_a_public_service_in_any_vpc_is_deployed_so():
    stack = new_stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    http(stack, Deployment.blue_green(), network=vpc(stack), public=True, certificate=certificate)
    assert configuration(synthesized(stack))["Strategy"] == "BLUE_GREEN"
    assert findings(stack) == set()


def test_a_tag_of_the_version_does_not_have_cloudformation_write_the_weights_anew():
    stack = new_stack()
    cdk.Tags.of(stack).add("version", "3f2a9c1d0b7e")
    http(stack, Deployment.blue_green(test_port=9001))
    template = synthesized(stack)
    assert ["Tags" in rule for rule in template.of_type(f"{ELB}::ListenerRule").values()] == [False, False]
    assert all("Tags" in group for group in template.of_type(f"{ELB}::TargetGroup").values())


def test_errors_of_a_minute_in_both_groups_end_a_deployment():
    stack = new_stack()
    http(stack, Deployment.blue_green(max_errors=5, alarms=["orders"]))
    template = synthesized(stack)
    alarm = template.resource("AWS::CloudWatch::Alarm", AlarmName="api-deployment-errors")
    found = alarm["Properties"]
    assert configuration(template)["Alarms"]["AlarmNames"] == ["orders", "api-deployment-errors"]
    assert (found["Threshold"], found["EvaluationPeriods"], found["TreatMissingData"]) == (5, 1, "notBreaching")
    assert all(group in text(found["Metrics"]) for group in template.of_type(f"{ELB}::TargetGroup"))
    (service,) = template.of_type("AWS::ECS::Service")
    (name,) = (name for name, resource in template.resources.items() if resource is alarm)
    assert name in ancestors(template, service)
    assert findings(stack) == set()


def test_the_circuit_breaker_is_yours():
    stack = new_stack()
    http(stack, Deployment.blue_green(circuit_breaker=CircuitBreaker.count(3)))
    breaker = configuration(synthesized(stack))["DeploymentCircuitBreaker"]
    assert breaker["ThresholdConfiguration"] == {"Type": "COUNT", "Value": 3}


def test_tokens_of_minutes_and_percents_pass_into_the_template():
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    bake = cdk.Duration.minutes(number)
    http(stack, Deployment.canary(number, hold=bake, bake=bake))
    found = configuration(synthesized(stack))
    assert found["BakeTimeInMinutes"] == {"Ref": "Number"}
    assert found["CanaryConfiguration"] == {
        "CanaryPercent": {"Ref": "Number"},
        "CanaryBakeTimeInMinutes": {"Ref": "Number"},
    }


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    service = http(stack, Deployment.blue_green())
    resource = service.service.node.default_child
    resource.add_property_deletion_override("LoadBalancers.0.AdvancedConfiguration.RoleArn")
    assert "alternate-target-group-config" in findings(stack)
