"""Poolers and the like: a Network Load Balancer with a security group, Service Connect, or both."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_servicediscovery as servicediscovery

from roadworthy.patterns import (
    HealthCheck,
    InvalidHealthCheckError,
    InvalidScalingError,
    InvalidServiceError,
    InvalidTimeoutError,
    Scaling,
    TcpService,
    WorkerService,
)
from tests.synth.patterns import findings, new_stack, options, synthesized
from tests.synth.template import ancestors, reference

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    pooler = TcpService(stack, "Pooler", port=6432, **options(stack))
    client = WorkerService(stack, "Client", **options(stack, network=stack.node.find_child("Network"), name="client"))
    pooler.allow_from(client)
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def ways(template, kind, source):
    """(from, to, port) of every rule of a kind between two groups that are no endpoints."""
    rules = template.of_type(f"AWS::EC2::SecurityGroup{kind}").values()
    found = {(reference(rule[source]), reference(rule["GroupId"]), rule["FromPort"]) for rule in rules}
    return {way for way in found if not any("Endpoint" in group for group in way[:2])}


def test_clients_reach_the_load_balancer_and_only_it_reaches_the_tasks(template):
    groups = template.of_type("AWS::EC2::SecurityGroup")
    client, balancer, tasks = (
        next(name for name in groups if name.startswith(prefix))
        for prefix in ("Client", "PoolerLoadBalancer", "PoolerSecurity")
    )
    let_in = {(client, balancer, 6432), (balancer, tasks, 6432)}
    assert ways(template, "Ingress", "SourceSecurityGroupId") == let_in
    assert ways(template, "Egress", "DestinationSecurityGroupId") == {(to, of, port) for of, to, port in let_in}
    assert template.only("AWS::ElasticLoadBalancingV2::LoadBalancer")["SecurityGroups"] == [
        {"Fn::GetAtt": [balancer, "GroupId"]}
    ]


def test_the_load_balancer_is_internal_and_forwards_tcp(template):
    balancer = template.only("AWS::ElasticLoadBalancingV2::LoadBalancer")
    listener = template.only("AWS::ElasticLoadBalancingV2::Listener")
    assert (balancer["Type"], balancer["Scheme"]) == ("network", "internal")
    assert (listener["Protocol"], listener["Port"]) == ("TCP", 6432)


def test_its_targets_are_checked_over_tcp_and_drained_as_long_as_the_container_may_stop(template):
    group = template.only("AWS::ElasticLoadBalancingV2::TargetGroup")
    attributes = {each["Key"]: each["Value"] for each in group["TargetGroupAttributes"]}
    container = next(iter(template.of_type("AWS::ECS::TaskDefinition").values()))["ContainerDefinitions"][0]
    assert (group["HealthCheckProtocol"], group["TargetType"]) == ("TCP", "ip")
    assert attributes["deregistration_delay.timeout_seconds"] == str(container["StopTimeout"]) == "30"
    assert attributes["deregistration_delay.connection_termination.enabled"] == "true"


def test_listener_and_rules_are_there_before_the_first_task(template):
    service = next(name for name in template.of_type("AWS::ECS::Service") if name.startswith("Pooler"))
    rules = {name for name in template.of_type("AWS::EC2::SecurityGroupIngress") if name.startswith("Pooler")}
    assert rules | template.of_type("AWS::ElasticLoadBalancingV2::Listener").keys() <= ancestors(template, service)


def test_our_own_rules_find_nothing_in_the_default(default):
    assert findings(default) == set()


@pytest.fixture(scope="module")
def connected():
    stack = new_stack()
    namespace = servicediscovery.HttpNamespace(stack, "Namespace", name="shop")
    taken = options(stack, namespace=namespace)
    pooler = TcpService(stack, "Pooler", port=6432, network_load_balancer=False, **{**taken, "name": "PgBouncer"})
    client = WorkerService(stack, "Client", cluster=pooler.cluster, **{**taken, "name": "client"})
    client.service.node.add_dependency(pooler.service)
    pooler.allow_from(client)
    assert pooler.address == "pgbouncer:6432"
    return stack


def test_without_a_load_balancer_it_is_found_by_its_name_and_clients_reach_its_tasks(connected):
    template = synthesized(connected)
    (found,) = template.only("AWS::ECS::Service", ServiceName="PgBouncer")["ServiceConnectConfiguration"]["Services"]
    ((source, to, port),) = ways(template, "Ingress", "SourceSecurityGroupId")
    assert found["ClientAliases"] == [{"DnsName": "pgbouncer", "Port": 6432}]
    assert (source[:6], to[:14], port) == ("Client", "PoolerSecurity", 6432)
    assert template.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer") == {}


def test_our_own_rules_find_nothing_in_a_namespace(connected):
    assert findings(connected) == set()


def test_another_listener_port_and_a_health_port_are_opened():
    stack = new_stack()
    check = HealthCheck.http("/health", port=9000)
    pooler = TcpService(stack, "Pooler", port=6432, listener_port=5432, health_check=check, **options(stack))
    template = synthesized(stack)
    assert pooler.address.endswith(":5432")
    assert {port for *_, port in ways(template, "Ingress", "SourceSecurityGroupId")} == {6432, 9000}
    assert template.only("AWS::ElasticLoadBalancingV2::TargetGroup")["HealthCheckPort"] == "9000"
    assert findings(stack) == set()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"network_load_balancer": False}, InvalidServiceError, "network_load_balancer = False without a namespace"),
        ({"health_check": HealthCheck.grpc()}, InvalidHealthCheckError, "does not check so; give HealthCheck.tcp"),
        ({"health_check": HealthCheck.command(["CMD", "up"])}, InvalidHealthCheckError, "a load balancer runs no"),
        ({"health_check": "6432"}, InvalidHealthCheckError, "give HealthCheck.tcp"),
        ({"listener_port": 70_000}, InvalidServiceError, r"listener_port = 70000 is not in 1\.\.65535"),
        ({"stop_timeout": cdk.Duration.minutes(5)}, InvalidTimeoutError, "stop_timeout = 300 s is not"),
        ({"scaling": Scaling(requests_per_target=9)}, InvalidScalingError, "requests_per_target = 9 needs"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value_before_anything_is_made(given, error, message):
    stack = new_stack()
    taken = options(stack, **given)
    before = len(stack.node.children)
    with pytest.raises(error, match=message):
        TcpService(stack, "Pooler", port=6432, **taken)
    assert len(stack.node.children) == before


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    pooler = TcpService(stack, "Pooler", port=6432, **options(stack))
    pooler.target_group.node.default_child.add_property_override("TargetType", "instance")
    pooler.service.node.default_child.add_property_override("LoadBalancers.0.ContainerPort", 6433)
    assert findings(stack) >= {"target-type-not-ip", "lb-container-port-mismatch"}
