"""Whatever may be unknown until CloudFormation knows it: each option as a parameter, in each pattern that has it."""

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_servicediscovery as servicediscovery
from aws_cdk import aws_sqs as sqs

from roadworthy.patterns import (
    Capacity,
    CircuitBreaker,
    Deployment,
    HealthCheck,
    HttpService,
    Image,
    Probe,
    Route,
    Scaling,
    ScheduledBounds,
    ScheduledTask,
    SingletonService,
    TcpService,
    WorkerService,
)
from tests.synth.patterns import ZONES, assembly, new_stack, options
from tests.synth.template import Template, text

pytestmark = pytest.mark.synth

imported = cdk.Fn.import_value


def word(stack, id="Word"):
    return cdk.CfnParameter(stack, id).value_as_string


def number(stack, id="Number"):
    return cdk.CfnParameter(stack, id, type="Number").value_as_number


def seconds(stack):
    return cdk.Duration.seconds(number(stack))


def namespace(stack):
    return servicediscovery.HttpNamespace(stack, "Namespace", name="shop")


def certificate(stack):
    return acm.Certificate.from_certificate_arn(stack, "Certificate", imported("certificate"))


def network(stack):
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=imported("vpc"),
        availability_zones=ZONES,
        private_subnet_ids=[imported("a"), imported("b")],
        private_subnet_route_table_ids=[imported("c"), imported("d")],
    )


def cluster(stack):
    vpc = network(stack)
    attributes = {"cluster_name": imported("cluster"), "vpc": vpc}
    return {"network": vpc, "cluster": ecs.Cluster.from_cluster_attributes(stack, "Cluster", **attributes)}


def roles(stack):
    task, execution = (iam.Role.from_role_arn(stack, id, imported(id)) for id in ("TaskRole", "ExecutionRole"))
    return {"task_role": task, "execution_role": execution}


def secret(stack):
    found = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", imported("secret"))
    return {"secrets": {"PASSWORD": ecs.Secret.from_secrets_manager(found, "password")}}


def check_timing(stack):
    names = ("interval_seconds", "timeout_seconds", "healthy_threshold", "unhealthy_threshold", "start_seconds")
    return {name: number(stack, name.title().replace("_", "")) for name in (*names, "grace_seconds", "port")}


def http_check(stack):
    return HealthCheck.http(word(stack), matcher=word(stack, "Matcher"), **check_timing(stack))


def shared(stack):
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", imported("group"))
    attributes = {"listener_arn": imported("listener"), "security_group": group, "default_port": 443}
    listener = elbv2.ApplicationListener.from_application_listener_attributes(stack, "Listener", **attributes)
    route = Route(priority=number(stack), hosts=[word(stack)], paths=[imported("path")])
    return {"listener": listener, "route": route}


def balancer(stack):
    arns = {"load_balancer_arn": imported("balancer"), "security_group_id": imported("group")}
    return elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(stack, "Balancer", **arns)


TASK = {
    "name": lambda s: {"name": word(s)},
    "container_name": lambda s: {"container_name": word(s)},
    "command": lambda s: {"command": ["work", word(s)]},
    "size": lambda s: {"cpu": number(s), "memory_mib": number(s, "Memory")},
    "environment": lambda s: {"environment": {"ONE": word(s), "OTHER": imported("other")}},
    "secrets": secret,
    "tag": lambda s: {"image": Image.from_ecr(ecr.Repository.from_repository_name(s, "R", word(s)), tag=imported("t"))},
    "digest": lambda s: {"image": Image.from_ecr(ecr.Repository.from_repository_name(s, "R", "api"), digest=word(s))},
    "registry": lambda s: {"image": Image.from_registry(imported("image"))},
    "log_group": lambda s: {"log_group": logs.LogGroup.from_log_group_name(s, "Logs", word(s))},
    "encryption_key": lambda s: {"encryption_key": kms.Key.from_key_arn(s, "Key", imported("key"))},
    "roles": roles,
    "cluster": cluster,
}
DEPLOYED = {
    "secrets_nonce": lambda s: {"secrets_nonce": word(s)},
    "capacity": lambda s: {"capacity": Capacity(base=number(s), on_demand_weight=number(s, "W"), spot_weight=1)},
    "namespace": lambda s: {"name": word(s), "container_name": "api", "namespace": namespace(s)},
}
SERVICE = {
    **DEPLOYED,
    "bounds": lambda s: {"scaling": Scaling(min=number(s), max=number(s, "Most"), cpu_percent=number(s, "Cpu"))},
    "count": lambda s: {"scaling": Scaling.fixed(number(s))},
    "schedule": lambda s: {
        "scaling": Scaling(
            schedules=[ScheduledBounds(name="M", expression=word(s), min=number(s), time_zone=word(s, "Zone"))]
        )
    },
    "percents": lambda s: {
        "deployment": Deployment.rolling(min_healthy_percent=number(s), max_percent=number(s, "Most"))
    },
    "breaker": lambda s: {"deployment": Deployment.rolling(circuit_breaker=CircuitBreaker.count(number(s)))},
    "alarms": lambda s: {"deployment": Deployment.rolling(alarms=[word(s)])},
}
COMMAND = {
    "health_check": lambda s: {"health_check": HealthCheck.command(["CMD", "alive", word(s)])},
    "stop_timeout": lambda s: {"stop_timeout": seconds(s)},
}
HTTP = {
    "port": lambda s: {"port": number(s)},
    "port in a namespace": lambda s: {"port": number(s), "namespace": namespace(s)},
    "health_check": lambda s: {"health_check": http_check(s)},
    "its own port": lambda s: {"health_check": HealthCheck.http("/", port=number(s), probe=Probe.NODE)},
    "its command": lambda s: {"health_check": HealthCheck.http("/health", probe=["CMD", word(s)])},
    "grpc": lambda s: {"health_check": HealthCheck.grpc(word(s), port=number(s)), "certificate": certificate(s)},
    "idle_timeout": lambda s: {"idle_timeout": seconds(s)},
    "stickiness": lambda s: {"stickiness": seconds(s)},
    "longest_request": lambda s: {"longest_request": seconds(s)},
    "certificate": lambda s: {"certificate": certificate(s)},
    "listener": shared,
    "load_balancer": lambda s: {"load_balancer": balancer(s)},
    "requests": lambda s: {"scaling": Scaling(requests_per_target=number(s))},
}
TCP = {
    "port": lambda s: {"port": number(s)},
    "listener_port": lambda s: {"listener_port": number(s)},
    "health_check": lambda s: {"health_check": HealthCheck.tcp(**check_timing(s))},
    "stop_timeout": lambda s: {"stop_timeout": seconds(s)},
    "alone in a namespace": lambda s: {
        "port": number(s),
        "namespace": namespace(s),
        "network_load_balancer": False,
    },
}
SCHEDULED = {
    "schedule": lambda s: {"schedule": word(s), "time_zone": imported("zone")},
    "retries": lambda s: {"retry_attempts": number(s), "max_event_age": cdk.Duration.seconds(number(s, "Age"))},
    "dead_letters": lambda s: {"dead_letters": sqs.Queue.from_queue_arn(s, "Queue", imported("queue"))},
}
PATTERNS = {
    HttpService: ({"port": 8000, "health_check": HealthCheck.http("/health")}, {**TASK, **SERVICE, **HTTP}),
    WorkerService: ({}, {**TASK, **SERVICE, **COMMAND}),
    SingletonService: ({}, {**DEPLOYED, **COMMAND}),
    TcpService: ({"port": 6432}, {"name": TASK["name"], **SERVICE, **TCP}),
    ScheduledTask: ({"schedule": "rate(1 hour)"}, {**TASK, **SCHEDULED}),
}
CASES = [(pattern, option) for pattern, (_, table) in PATTERNS.items() for option in table]


def synthesized(pattern, option):
    """The template's text, of a stack in which one option is made of tokens."""
    stack = new_stack()
    given, table = PATTERNS[pattern]
    pattern(stack, "Service", **{**given, **options(stack, **table[option](stack))})
    return (assembly(stack) / "Default.template.json").read_text()


@pytest.mark.parametrize(("pattern", "option"), CASES, ids=lambda case: getattr(case, "__name__", case))
def test_a_token_reaches_the_template_as_the_reference_that_it_is(pattern, option):
    found = synthesized(pattern, option)
    references = re.findall(r'"(?:Ref|Fn::ImportValue)": "(?!AWS::)', found)
    declared = json.loads(found).get("Parameters", {}).keys() - {"BootstrapVersion"}
    assert references != []
    assert [name for name in declared if f'"Ref": "{name}"' not in found] == []
    assert re.search(r"token\[|-1\.88\d+e", found, re.IGNORECASE) is None


def test_a_checks_timing_is_the_containers_and_the_target_groups():
    template = Template(json.loads(synthesized(HttpService, "health_check"))["Resources"], {})
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    group = template.only("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert container["HealthCheck"]["Interval"] == group["HealthCheckIntervalSeconds"] == {"Ref": "IntervalSeconds"}
    assert container["HealthCheck"]["Timeout"] == group["HealthCheckTimeoutSeconds"] == {"Ref": "TimeoutSeconds"}
    assert container["HealthCheck"]["Retries"] == group["UnhealthyThresholdCount"] == {"Ref": "UnhealthyThreshold"}
    assert group["HealthyThresholdCount"] == {"Ref": "HealthyThreshold"}
    assert '"Ref": "GraceSeconds"' in text(template.only("AWS::ECS::Service")["HealthCheckGracePeriodSeconds"])


def test_a_number_beside_a_token_is_kept():
    stack = new_stack()
    check = HealthCheck.http("/", interval_seconds=5, timeout_seconds=number(stack), grace_seconds=60)
    HttpService(stack, "Service", port=80, health_check=check, **options(stack))
    template = Template(json.loads((assembly(stack) / "Default.template.json").read_text())["Resources"], {})
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert (container["HealthCheck"]["Interval"], container["HealthCheck"]["Timeout"]) == (5, {"Ref": "Number"})


def test_a_load_balancer_is_not_named_by_a_token_since_nobody_knows_how_long_it_is():
    template = Template(json.loads(synthesized(HttpService, "name"))["Resources"], {})
    assert "Name" not in template.only("AWS::ElasticLoadBalancingV2::LoadBalancer")
