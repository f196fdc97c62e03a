"""Network, cluster, listener, roles and names may come from elsewhere: it is deployed blue/green all the same."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicediscovery as servicediscovery

from roadworthy.patterns import (
    Approval,
    Capacity,
    Deployment,
    EncryptionKey,
    HealthGate,
    Migration,
    PrivateNetwork,
    Route,
    Scaling,
    TickGuard,
)
from tests.synth.blue_green import hooks, http, variables
from tests.synth.patterns import ZONES, findings, new_stack, synthesized, vpc
from tests.synth.template import text

pytestmark = pytest.mark.synth


def everything(**more):
    return Deployment.blue_green(
        migration=Migration.run_task(["migrate"]),
        health_gate=HealthGate(path="/api/health"),
        tick=TickGuard.lease(),
        approval=Approval(),
        max_overlap=None,
        **more,
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
    route = Route(priority=5, paths=["/api/*"])
    http(stack, everything(), network=network, cluster=cluster, listener=listener, route=route)
    template = synthesized(stack)
    assert list(hooks(template)) == ["Migration", "HealthGate", "TickGuard", "PAUSE"]
    assert findings(stack) | findings(shared) == set()


def test_a_name_may_be_a_token():
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    http(stack, everything(), name=name)
    template = synthesized(stack)
    assert "Name" in text(variables(template, "TickGuard")["LEASE_KEY"])
    assert all("Name" in text(each["FunctionName"]) for each in template.of_type("AWS::Lambda::Function").values())
    assert findings(stack) == set()


def test_roles_cluster_and_network_may_be_imported():
    stack = new_stack()
    network = vpc(stack)
    roles = {
        name: iam.Role.from_role_arn(stack, name, f"arn:aws:iam::111122223333:role/{name}", mutable=False)
        for name in ("task_role", "execution_role")
    }
    cluster = ecs.Cluster.from_cluster_attributes(stack, "Cluster", cluster_name="main", vpc=network)
    http(stack, everything(), network=network, cluster=cluster, **roles)
    template = synthesized(stack)
    passed = [each for each in template.statements("ServiceBlueGreenMigration") if each["Action"] == "iam:PassRole"]
    assert [each["Resource"] for each in passed] == [
        [f"arn:aws:iam::111122223333:role/{name}" for name in ("task_role", "execution_role")]
    ]
    assert variables(template, "TickGuard")["LEASE_KEY"] == "main/api"
    assert findings(stack) == set()


def test_a_key_encrypts_logs_and_variables_of_the_functions():
    stack = new_stack()
    key = EncryptionKey(stack, "Key", alias="api")
    http(stack, everything(), encryption_key=key)
    functions = synthesized(stack).of_type("AWS::Lambda::Function").values()
    assert all("Key" in text(each["KmsKeyArn"]) for each in functions)
    assert findings(stack) == set()


def test_capacity_namespace_exec_and_a_fixed_count_go_along():
    stack = new_stack()
    namespace = servicediscovery.HttpNamespace(stack, "Namespace", name="shop")
    given = {"capacity": Capacity(base=1, spot_weight=1), "execute_command": True, "scaling": Scaling.fixed(2)}
    http(stack, everything(), namespace=namespace, **given)
    assert synthesized(stack).only("AWS::ECS::Service")["DesiredCount"] == 2
    assert findings(stack) == set()


def test_two_services_of_a_stack_have_functions_of_their_own():
    stack = new_stack()
    first = http(stack, Deployment.blue_green(health_gate=HealthGate()))
    taken = {"network": stack.node.find_child("Network"), "cluster": first.cluster, "name": "second"}
    http(stack, Deployment.blue_green(health_gate=HealthGate()), "Second", **taken)
    names = [each["FunctionName"] for each in synthesized(stack).of_type("AWS::Lambda::Function").values()]
    ours = sorted(name for name in names if "-deployment-" in name)
    assert ours == [f"{name}-deployment-{what}" for name in ("api", "second") for what in ("deadline", "health-gate")]
    assert findings(stack) == set()
