"""Workers: no load balancer, no port, and everything there before the first task."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicediscovery as servicediscovery
from aws_cdk import aws_ssm as ssm

from roadworthy.patterns import (
    Capacity,
    HealthCheck,
    InvalidCapacityError,
    InvalidHealthCheckError,
    InvalidImageError,
    InvalidNameError,
    InvalidNetworkError,
    InvalidScalingError,
    InvalidServiceError,
    InvalidTimeoutError,
    Scaling,
    WorkerService,
)
from roadworthy.patterns.service_options import ServiceOptions, ServiceSettings
from roadworthy.patterns.task_options import TaskOptions, TaskSettings
from tests.synth.patterns import ZONES, findings, new_stack, options, synthesized, vpc
from tests.synth.template import ancestors, text

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    WorkerService(stack, "Service", **options(stack))
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def test_a_worker_has_no_load_balancer_and_no_port(template):
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert template.of_type("AWS::ElasticLoadBalancingV2::LoadBalancer") == {}
    assert "PortMappings" not in container
    assert template.of_type("AWS::EC2::SecurityGroupIngress").keys() == {
        name for name in template.of_type("AWS::EC2::SecurityGroupIngress") if name.startswith("NetworkEndpoint")
    }


def test_its_container_is_hardened_and_logs_to_a_group_that_expires(template):
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert (container["ReadonlyRootFilesystem"], container["StopTimeout"]) == (True, 30)
    assert template.only("AWS::Logs::LogGroup", LogGroupName="/ecs/api")["RetentionInDays"] == 30


def test_a_deployment_goes_back_by_itself_and_never_falls_below_the_desired_count(template):
    configuration = template.only("AWS::ECS::Service")["DeploymentConfiguration"]
    assert configuration["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (100, 200)


def test_roles_endpoints_and_rules_are_there_before_the_first_task(template):
    (service,) = template.of_type("AWS::ECS::Service")
    before = ancestors(template, service)
    for kind in ("EC2::VPCEndpoint", "EC2::SecurityGroupIngress", "EC2::SecurityGroupEgress", "IAM::Role"):
        assert template.of_type(f"AWS::{kind}").keys() <= before
    assert any("ExecutionRoleDefaultPolicy" in name for name in before)


def test_our_own_rules_find_nothing_in_the_default(default):
    assert findings(default) == set()


def test_in_a_vpc_with_a_nat_gateway_its_routes_are_there_first_and_https_may_go_out():
    stack = new_stack()
    WorkerService(stack, "Service", **options(stack, network=vpc(stack)))
    template = synthesized(stack)
    (service,) = template.of_type("AWS::ECS::Service")
    private = {name for name in template.of_type("AWS::EC2::Route") if "Private" in name}
    (group,) = template.of_type("AWS::EC2::SecurityGroup").values()
    assert private <= ancestors(template, service)
    assert [(rule["CidrIp"], rule["FromPort"]) for rule in group["SecurityGroupEgress"]] == [("0.0.0.0/0", 443)]
    assert findings(stack) == set()


@pytest.fixture(scope="module")
def full():
    stack = new_stack()
    secret = ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Token", parameter_name="/token")
    namespace = servicediscovery.HttpNamespace(stack, "Namespace", name="shop")
    worker = WorkerService(
        stack,
        "Service",
        **options(
            stack,
            execute_command=True,
            capacity=Capacity(base=2, on_demand_weight=0, spot_weight=1),
            namespace=namespace,
            secrets={"TOKEN": ecs.Secret.from_ssm_parameter(secret)},
            secrets_nonce="4",
            command=["work", "--forever"],
            health_check=HealthCheck.command(["CMD", "work", "--alive"]),
            stop_timeout=cdk.Duration.seconds(120),
        ),
    )
    s3.Bucket.from_bucket_name(stack, "Bucket", "orders").grant_read(worker)
    return stack


def test_exec_brings_its_channels_its_endpoint_and_a_root_that_can_be_written_to(full):
    template = synthesized(full)
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    endpoints = text(template.of_type("AWS::EC2::VPCEndpoint"))
    assert template.only("AWS::ECS::Service")["EnableExecuteCommand"] is True
    assert "ssmmessages:OpenDataChannel" in text(template.statements("ServiceTaskDefinitionTaskRole"))
    assert ".ssmmessages" in endpoints
    assert container["ReadonlyRootFilesystem"] is False
    assert container["LinuxParameters"] == {"InitProcessEnabled": True}


def test_capacity_providers_are_associated_before_the_service(full):
    template = synthesized(full)
    (service,) = template.of_type("AWS::ECS::Service")
    (association,) = template.of_type("AWS::ECS::ClusterCapacityProviderAssociations")
    strategy = template.only("AWS::ECS::Service")["CapacityProviderStrategy"]
    assert [(each["CapacityProvider"], each.get("Base", 0), each["Weight"]) for each in strategy] == [
        ("FARGATE", 2, 0),
        ("FARGATE_SPOT", 0, 1),
    ]
    assert association in ancestors(template, service)


def test_a_nonce_starts_a_deployment_and_a_namespace_makes_a_client(full):
    service = synthesized(full).only("AWS::ECS::Service")
    assert service["ForceNewDeployment"] == {"EnableForceNewDeployment": True, "ForceNewDeploymentNonce": "4"}
    assert service["ServiceConnectConfiguration"]["Enabled"] is True
    assert not service["ServiceConnectConfiguration"].get("Services")


def test_what_is_granted_to_a_worker_its_task_role_may_do(full):
    assert "s3:GetObject*" in text(synthesized(full).statements("ServiceTaskDefinitionTaskRole"))


def test_our_own_rules_find_nothing_with_every_option(full):
    assert findings(full) == set()


def test_what_is_brought_along_is_used_and_nothing_made_instead():
    stack = new_stack()
    network = vpc(stack)
    cluster = ecs.Cluster(stack, "Cluster", vpc=network, container_insights_v2=ecs.ContainerInsights.ENABLED)
    role = iam.Role(stack, "Task", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    execution = iam.Role(stack, "Execution", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    group = logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_WEEK)
    brought = {"cluster": cluster, "task_role": role, "execution_role": execution, "log_group": group}
    WorkerService(stack, "Service", **options(stack, network=network, **brought))
    template = synthesized(stack)
    assert [len(template.of_type(f"AWS::{kind}")) for kind in ("ECS::Cluster", "Logs::LogGroup")] == [1, 1]
    assert template.of_type("AWS::IAM::Role").keys() == {
        stack.get_logical_id(r.node.default_child) for r in (role, execution)
    }
    assert findings(stack) == set()


def test_tokens_pass_unchecked():
    stack = new_stack()
    name, memory = cdk.CfnParameter(stack, "Name"), cdk.CfnParameter(stack, "Memory", type="Number")
    network = ec2.Vpc.from_vpc_attributes(
        stack,
        "Imported",
        vpc_id=cdk.Fn.import_value("vpc"),
        availability_zones=ZONES,
        private_subnet_ids=[cdk.Fn.import_value("a"), cdk.Fn.import_value("b")],
    )
    given = {"name": name.value_as_string, "container_name": "api", "memory_mib": memory.value_as_number}
    WorkerService(stack, "Service", **options(stack, network=network, **given, secrets_nonce=name.value_as_string))
    template = synthesized(stack)
    assert template.only("AWS::ECS::Service")["ServiceName"] == {"Ref": "Name"}
    assert template.only("AWS::ECS::TaskDefinition")["Memory"] == {"Ref": "Memory"}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"name": "a b"}, InvalidNameError, "service name 'a b' is not"),
        ({"container_name": ""}, InvalidNameError, "container name '' is not"),
        ({"command": "work"}, InvalidNameError, "command 'work' is one text"),
        ({"image": "api:1"}, InvalidImageError, "image 'api:1' is none of"),
        ({"network": 5}, InvalidNetworkError, "network = 5 is neither"),
        ({"stop_timeout": cdk.Duration.seconds(121)}, InvalidTimeoutError, "stop_timeout = 121 s is not"),
        ({"stop_timeout": cdk.Duration.seconds(1)}, InvalidTimeoutError, "stop_timeout = 1 s is not"),
        ({"health_check": HealthCheck.http("/health")}, InvalidHealthCheckError, "has no port to check"),
        ({"scaling": Scaling(requests_per_target=9)}, InvalidScalingError, "requests_per_target = 9 needs"),
        ({"stop_timeout": 30}, InvalidTimeoutError, "stop_timeout = 30 is no duration"),
        ({"health_check": "/health"}, InvalidHealthCheckError, "health_check = '/health' is no HealthCheck"),
        ({"scaling": 3}, InvalidServiceError, "scaling = 3 is no Scaling"),
        ({"capacity": "spot"}, InvalidServiceError, "capacity = 'spot' is no Capacity"),
        ({"secrets_nonce": ""}, InvalidServiceError, "secrets_nonce = '' is not"),
        ({"secrets_nonce": "n" * 256}, InvalidServiceError, "is not 1 to 255 characters"),
        (
            {"execute_command": True, "readonly_root_filesystem": True},
            InvalidServiceError,
            "execute_command = True with readonly_root_filesystem = True",
        ),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value_before_anything_is_made(given, error, message):
    stack = new_stack()
    taken = options(stack, **given)
    before = len(stack.node.children)
    with pytest.raises(error, match=message):
        WorkerService(stack, "Service", **taken)
    assert len(stack.node.children) == before


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"base": -1}, "base = -1 is not in 0..100000"),
        ({"spot_weight": 1001}, "spot_weight = 1001 is not in 0..1000"),
        ({"on_demand_weight": 0, "spot_weight": 0}, "no task could be placed"),
    ],
)
def test_capacity_that_ecs_would_refuse_is_refused(given, message):
    with pytest.raises(InvalidCapacityError, match=message):
        Capacity(**given)


@pytest.mark.parametrize(
    ("subnets", "message"),
    [
        (None, "Default/Public has no private subnets"),
        (ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC), "subnets of VPC Default/Public are public"),
        (ec2.SubnetSelection(subnet_group_name="data"), "Default/Public has no such subnets"),
    ],
)
def test_a_vpc_where_no_task_could_start_is_refused(subnets, message):
    stack = new_stack()
    kinds = [ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)]
    public = ec2.Vpc(stack, "Public", availability_zones=ZONES, nat_gateways=0, subnet_configuration=kinds)
    with pytest.raises(InvalidNetworkError, match=message):
        WorkerService(stack, "Service", **options(stack, network=public, subnets=subnets))


def test_a_cluster_of_another_vpc_is_refused():
    stack = new_stack()
    cluster = ecs.Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Other", availability_zones=ZONES))
    with pytest.raises(InvalidNetworkError, match="its cluster's is Default/Other"):
        WorkerService(stack, "Service", **options(stack, cluster=cluster))


def test_the_keywords_are_the_settings():
    for keywords, settings in ((TaskOptions, TaskSettings), (ServiceOptions, ServiceSettings)):
        fields = {name for name, field in settings.__dataclass_fields__.items() if field.init}
        assert keywords.__annotations__.keys() <= fields
        assert fields == keywords.__required_keys__ | keywords.__optional_keys__


def test_its_metrics_are_those_of_its_service():
    stack = new_stack()
    worker = WorkerService(stack, "Service", **options(stack))
    metrics = [worker.metric_cpu_utilization(), worker.metric_memory_utilization(), worker.metric_running_tasks()]
    assert [metric.metric_name for metric in metrics] == ["CPUUtilization", "MemoryUtilization", "RunningTaskCount"]
    assert {metric.dimensions["ServiceName"] for metric in metrics} == {worker.service.service_name}


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    worker = WorkerService(stack, "Service", **options(stack, execute_command=True))
    service, task = worker.service.node.default_child, worker.task_definition.node.default_child
    service.add_property_override("DeploymentConfiguration.DeploymentCircuitBreaker.Enable", False)
    task.add_property_override("ContainerDefinitions.0.ReadonlyRootFilesystem", True)
    task.add_property_override("Memory", "300")
    assert findings(stack) >= {"circuit-breaker-disabled", "exec-readonly-rootfs", "fargate-cpu-memory-combination"}
