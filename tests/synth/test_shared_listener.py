"""Services that share: a listener, a load balancer, a network and a cluster, of this app or imported."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns import (
    HealthCheck,
    HttpService,
    InvalidListenerError,
    InvalidRouteError,
    PrivateNetwork,
    Route,
    UnknownLoadBalancerError,
    WorkerService,
)
from tests.synth.patterns import ZONES, findings, new_stack, options, synthesized, vpc

pytestmark = pytest.mark.synth

ELB = "AWS::ElasticLoadBalancingV2"
LISTENER_ARN = (
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef"
)


def http(stack, id="Service", **more):
    taken = {"port": 8000, "health_check": HealthCheck.http("/health"), **options(stack, **more)}
    return HttpService(stack, id, **taken)


def imported(stack, **more):
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    return elbv2.ApplicationListener.from_application_listener_attributes(
        stack, "Listener", listener_arn=LISTENER_ARN, security_group=group, **more
    )


def test_network_cluster_and_listener_may_be_another_stacks():
    app = cdk.App()
    shared, stack = new_stack(app, "Shared"), new_stack(app, "Service")
    network = PrivateNetwork(shared, "Network", availability_zones=ZONES)
    cluster = ecs.Cluster(shared, "Cluster", vpc=network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
    isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    balancer = elbv2.ApplicationLoadBalancer(shared, "Balancer", vpc=network.vpc, vpc_subnets=isolated)
    nothing = elbv2.ListenerAction.fixed_response(404)
    listener = balancer.add_listener("Http", port=80, open=False, default_action=nothing)
    service = http(
        stack,
        network=network,
        cluster=cluster,
        listener=listener,
        route=Route(priority=5, paths=["/api/*"]),
        health_check=HealthCheck.http("/health", port=9000),
    )
    client = WorkerService(stack, "Client", **options(stack, network=network, cluster=cluster, name="client"))
    service.allow_from(client)
    assert synthesized(stack).only(f"{ELB}::ListenerRule")["Priority"] == 5
    assert findings(stack) | findings(shared) == set()


def test_an_imported_listener_is_shared_by_its_attributes():
    stack = new_stack()
    route = Route(priority=1, hosts=["api.example.com"])
    service = http(stack, network=vpc(stack), listener=imported(stack, default_port=443), route=route)
    with pytest.raises(UnknownLoadBalancerError, match="does not tell its load balancer"):
        _ = service.load_balancer
    assert service.url == "https://api.example.com"
    assert synthesized(stack).only(f"{ELB}::ListenerRule")["ListenerArn"] == LISTENER_ARN
    assert findings(stack) == set()


def test_a_load_balancer_that_is_brought_along_gets_a_listener_once():
    stack = new_stack()
    network = vpc(stack)
    private = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    balancer = elbv2.ApplicationLoadBalancer(stack, "Mine", vpc=network, vpc_subnets=private)
    first = http(stack, network=network, load_balancer=balancer)
    with pytest.raises(InvalidListenerError, match="Default/Mine already has the listener Http"):
        http(stack, "Second", network=network, load_balancer=balancer, name="second")
    assert first.load_balancer is balancer
    assert synthesized(stack).only(f"{ELB}::LoadBalancer")["Scheme"] == "internal"
    assert findings(stack) == set()


def test_an_imported_listener_without_a_port_is_told_so():
    stack = new_stack()
    service = http(stack, network=vpc(stack), listener=imported(stack), route=Route(priority=1, paths=["/"]))
    with pytest.raises(UnknownLoadBalancerError, match="give it default_port"):
        service.allow_from(service)
    assert getattr(service, "load_balancer", None) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("public", True), ("deletion_protection", True), ("idle_timeout", cdk.Duration.minutes(2))],
)
def test_what_belongs_to_the_owner_of_a_shared_listener_is_refused(name, value):
    stack = new_stack()
    given = {"listener": imported(stack), "route": Route(priority=1, paths=["/"]), name: value}
    with pytest.raises(InvalidListenerError, match=f"{name} belongs to the owner of listener"):
        http(stack, **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"priority": 0, "paths": ["/"]}, "priority = 0 is not in 1..50000"),
        ({"priority": 1}, "route 1 names 0 hosts and 0 paths"),
        ({"priority": 1, "paths": ["/"] * 6}, "route 1 names 0 hosts and 6 paths"),
        ({"priority": 1, "paths": "/api"}, "paths = '/api' is no list of texts"),
        ({"priority": 1, "paths": ["api/*"]}, "path 'api/\\*' does not begin with /"),
        ({"priority": 1, "hosts": None, "paths": ["/"]}, "hosts = None is no list of texts"),
        ({"priority": 1, "hosts": [""]}, "'' is not 1 to 128 characters"),
    ],
)
def test_a_route_that_the_load_balancer_would_refuse_is_refused(given, message):
    with pytest.raises(InvalidRouteError, match=message):
        Route(**given)
