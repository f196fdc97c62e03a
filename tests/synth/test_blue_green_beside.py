"""Deployments beside something else: another service's listeners, cookies, long names, lists that nobody knows yet."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns import (
    CircuitBreaker,
    Deployment,
    HealthCheck,
    HealthGate,
    InvalidDeploymentError,
    Migration,
    Route,
    TickGuard,
)
from tests.synth.blue_green import configuration, http, variables
from tests.synth.patterns import CERTIFICATE, findings, new_stack, synthesized, vpc
from tests.synth.template import text

pytestmark = pytest.mark.synth

ELB = "AWS::ElasticLoadBalancingV2"


BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/0123456789abcdef"


def beside(stack, owner, deployment, route=None):
    """A service that shares the listener of another."""
    taken = {"network": stack.node.find_child("Network"), "cluster": owner.cluster, "listener": owner.listener}
    return http(stack, deployment, "Other", name="other", route=route or Route(priority=7, paths=["/b/*"]), **taken)


def key(name, kind=dynamodb.AttributeType.STRING):
    return dynamodb.Attribute(name=name, type=kind)


def test_a_gate_through_the_tls_test_listener_of_another_service_needs_a_name():
    stack = new_stack()
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    owner = http(stack, Deployment.blue_green(test_port=9001), certificate=certificate)
    with pytest.raises(InvalidDeploymentError, match="does not know whose certificate to expect"):
        beside(stack, owner, Deployment.blue_green(health_gate=HealthGate(path="/b/health")))
    named = HealthGate(path="/b/health", server_name="b.example.com")
    beside(stack, owner, Deployment.blue_green(health_gate=named))
    assert variables(synthesized(stack), "HealthGate")["SERVER_NAME"] == "b.example.com"


def test_a_test_port_is_no_port_of_the_listener_that_is_shared():
    stack = new_stack()
    owner = http(stack, Deployment.blue_green())
    with pytest.raises(InvalidDeploymentError, match="service `other`: test_port = 80 is the port of another listener"):
        beside(stack, owner, Deployment.blue_green(test_port=80))


def test_a_test_port_is_no_port_of_the_load_balancers_other_listeners():
    stack = new_stack()
    owner = http(stack, Deployment.blue_green(test_port=9001))
    nothing = elbv2.ListenerAction.fixed_response(404)
    owner.load_balancer.add_listener(
        "Own", port=8080, protocol=elbv2.ApplicationProtocol.HTTP, open=False, default_action=nothing
    )
    with pytest.raises(InvalidDeploymentError, match="test_port = 8080 is the port of another listener"):
        beside(stack, owner, Deployment.blue_green(test_port=8080))
    assert beside(stack, owner, Deployment.blue_green(test_port=9001)).test_listener.port == 9001


def test_without_a_certificate_443_is_free_for_test_traffic():
    assert http(new_stack(), Deployment.blue_green(test_port=443)).test_listener.port == 443


def test_a_load_balancer_that_was_imported_without_its_name_is_not_asked():
    stack = new_stack()
    network = vpc(stack)
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack, "Balancer", load_balancer_arn=BALANCER, security_group_id="sg-0123456789abcdef0", vpc=network
    )
    with pytest.raises(InvalidDeploymentError, match="import it with load_balancer_dns_name"):
        http(stack, Deployment.blue_green(health_gate=HealthGate()), network=network, load_balancer=balancer)
    found = http(stack, Deployment.blue_green(test_port=9001), network=network, load_balancer=balancer).test_listener
    assert (found.url, found.port) == (None, 9001)


def test_grpc_is_not_tested_through_plain_http():
    stack = new_stack()
    network, nothing = vpc(stack), elbv2.ListenerAction.fixed_response(404)
    balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=network)
    listener = balancer.add_listener(
        "Tests", port=9001, protocol=elbv2.ApplicationProtocol.HTTP, default_action=nothing
    )
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    given = {"network": network, "load_balancer": balancer, "certificate": certificate}
    with pytest.raises(InvalidDeploymentError, match="test_listener speaks plain HTTP"):
        http(stack, Deployment.blue_green(test_listener=listener), health_check=HealthCheck.grpc(), **given)


@pytest.mark.parametrize("hosts", [["a.example.com"], ["*.example.org", "a.*"]])
def test_a_gate_asks_for_a_host_that_the_route_forwards(hosts):
    stack = new_stack()
    owner = http(stack, Deployment.rolling())
    gate = HealthGate(server_name="B.example.com")
    with pytest.raises(InvalidDeploymentError, match=r"asks for host B.example.com, which the route does not forward"):
        beside(stack, owner, Deployment.blue_green(health_gate=gate), route=Route(priority=7, hosts=hosts))
    route = Route(priority=7, hosts=[*hosts, "b.Example.*"])
    assert beside(stack, owner, Deployment.blue_green(health_gate=gate), route=route).test_listener.port == 9001


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"partition_key": key("id")}, r"id \(string\)"),
        ({"partition_key": key("service", dynamodb.AttributeType.NUMBER)}, r"service \(number\)"),
        ({"partition_key": key("service"), "sort_key": key("at")}, r"service \(string\), at \(string\)"),
    ],
)
def test_a_lease_table_with_other_keys_is_refused_and_cdk_warns_of_nothing(keys, found, capfd):
    table = dynamodb.Table(new_stack(), "Leases", **keys)
    with pytest.raises(InvalidDeploymentError, match=f"tick lease table Default/Leases has the keys {found}"):
        TickGuard.lease(table)
    assert "deprecated" not in capfd.readouterr().err


@pytest.mark.parametrize("deployment", [Deployment.canary(), Deployment.blue_green().as_rolling()])
def test_clients_that_stick_to_a_task_cannot_be_moved(deployment):
    stack = new_stack()
    with pytest.raises(InvalidDeploymentError, match="service `api`: stickiness keeps clients with blue"):
        http(stack, deployment, stickiness=cdk.Duration.minutes(5))
    assert stack.node.try_find_child("Service") is None


@pytest.mark.parametrize("tick", [TickGuard.lease(), TickGuard.task_protection()])
def test_as_rolling_the_worker_keeps_all_that_its_ticks_need(tick):
    shifting, back = new_stack(), new_stack()
    deployment = Deployment.blue_green(tick=tick)
    http(shifting, deployment)
    http(back, deployment.as_rolling())
    was, now = synthesized(shifting), synthesized(back)
    for kind in ("AWS::ECS::TaskDefinition", "AWS::DynamoDB::Table"):
        assert now.of_type(kind) == was.of_type(kind)
    assert now.statements("ServiceTaskDefinition") == was.statements("ServiceTaskDefinition")
    assert not any("TickGuard" in name for name in now.resources)
    assert findings(back) == set()


def test_as_rolling_the_variables_of_the_guard_are_still_its_own():
    with pytest.raises(InvalidDeploymentError, match="the tick guard sets TICK_LEASE_KEY itself"):
        http(
            new_stack(),
            Deployment.blue_green(tick=TickGuard.lease()).as_rolling(),
            environment={"TICK_LEASE_KEY": "x"},
        )


def test_the_alarm_of_a_service_with_the_longest_name_has_a_name_that_cloudwatch_takes():
    stack = new_stack()
    http(stack, Deployment.blue_green(max_errors=5), name="a" * 255)
    template = synthesized(stack)
    (name,) = configuration(template)["Alarms"]["AlarmNames"]
    assert (len(name), name[-18:]) == (255, "-deployment-errors")
    assert template.only("AWS::CloudWatch::Alarm", AlarmName=name)["Threshold"] == 5


def test_an_alarm_of_yours_that_is_its_own_is_named_once():
    stack = new_stack()
    http(stack, Deployment.blue_green(max_errors=5, alarms=["api-deployment-errors"]))
    assert configuration(synthesized(stack))["Alarms"]["AlarmNames"] == ["api-deployment-errors"]


def test_a_list_of_alarms_may_be_a_token():
    stack = new_stack()
    names = cdk.CfnParameter(stack, "Names", type="CommaDelimitedList").value_as_list
    http(stack, Deployment.blue_green(alarms=names))
    assert configuration(synthesized(stack))["Alarms"]["AlarmNames"] == {"Ref": "Names"}
    with pytest.raises(InvalidDeploymentError, match="alarms is a list that CloudFormation alone knows"):
        Deployment.blue_green(alarms=names, max_errors=5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Deployment.blue_green(alarms=5), "deployment alarms = 5 is no list of names"),
        (lambda: Deployment.rolling(alarms=None), "deployment alarms = None is no list of names"),
        (lambda: Deployment.blue_green(rollback_on_alarm="no"), "rollback_on_alarm = 'no' is no bool"),
        (lambda: CircuitBreaker(type="COUNT"), "circuit breaker type = 'COUNT' is no ThresholdType"),
        (lambda: CircuitBreaker(rollback="no"), "circuit breaker rollback = 'no' is no truth value"),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_is_written(make, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        make()


def test_what_is_written_into_texts_is_no_token():
    stack = new_stack()
    words = cdk.CfnParameter(stack, "Words", type="CommaDelimitedList").value_as_list
    with pytest.raises(InvalidDeploymentError, match="command is a list that CloudFormation alone knows"):
        Migration.run_task(words)
    port = cdk.CfnParameter(stack, "Port", type="Number").value_as_number
    with pytest.raises(InvalidDeploymentError, match=r"test_port = .* is a token: write its value"):
        Deployment.blue_green(test_port=port)


def test_a_service_that_shares_a_listener_keeps_its_rule_when_it_becomes_blue_green():
    found = []
    for deployment in (Deployment.rolling(), Deployment.blue_green()):
        stack = new_stack()
        owner = http(stack, Deployment.rolling())
        beside(stack, owner, deployment)
        found.append(synthesized(stack).of_type(f"{ELB}::ListenerRule"))
    before, after = ({name: {**each, "Actions": None, "Tags": None} for name, each in rules.items()} for rules in found)
    assert before == after
    assert "Weight" in text(found[1])
