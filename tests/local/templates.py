"""Pieces of CloudFormation templates for the contract tests."""

import inspect
from collections.abc import Callable
from typing import Any

from tests.local import handlers

Resources = dict[str, Any]
IN_THE_NETWORK = {"Subnets": [{"Ref": "Subnet"}], "SecurityGroups": [{"Ref": "Group"}]}
REGION = "ap-southeast-1"
ANYONE_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def network() -> Resources:
    """A VPC with one subnet and its default-closed group."""
    return {
        "Vpc": resource("EC2::VPC", CidrBlock="10.0.0.0/16"),
        "Subnet": resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24"),
        "Group": resource("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="test"),
    }


def role(service: str, policy: dict[str, Any] | None = None) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
    policies = [{"PolicyName": "own", "PolicyDocument": policy}] if policy else []
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return resource("IAM::Role", AssumeRolePolicyDocument=document, Policies=policies)


def function(
    handler: Callable[..., Any],
    *,
    policy: dict[str, Any] | None = None,
    environment: dict[str, Any] | None = None,
    **properties: Any,
) -> Resources:
    """A Python Lambda with a role of its own; `handler` is one of handlers.py."""
    made = resource(
        "Lambda::Function",
        Runtime="python3.13",
        Handler=f"index.{handler.__name__}",
        Role=att("FunctionRole", "Arn"),
        Code={"ZipFile": inspect.getsource(handlers)},
        Timeout=10,
        Environment={"Variables": environment or {}},
        **properties,
    )
    return {"FunctionRole": role("lambda", policy), "Function": made}


def load_balancer(*, path: str = "/health") -> Resources:
    """An internal load balancer that forwards to the target group `Targets`."""
    return {
        "Targets": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            TargetType="ip", Protocol="HTTP", Port=8000, VpcId=ref("Vpc"), HealthCheckPath=path,
            HealthCheckIntervalSeconds=5, HealthyThresholdCount=2, UnhealthyThresholdCount=2,
        ),
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal", Subnets=[ref("Subnet")]),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"), Port=80, Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
    }  # fmt: skip


def service(image: str, *, environment: dict[str, Any] | None = None, **container: Any) -> Resources:
    """A Fargate service of one task behind `load_balancer()`, in `network()`."""
    variables = [{"Name": name, "Value": value} for name, value in (environment or {}).items()]
    definition = {
        "Name": "app",
        "Image": image,
        "Essential": True,
        "PortMappings": [{"ContainerPort": 8000}],
        "Environment": variables,
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {
                "awslogs-group": ref("Logs"),
                "awslogs-region": ref("AWS::Region"),
                "awslogs-stream-prefix": "ecs",
            },
        },
        **container,
    }
    return {
        "Logs": resource("Logs::LogGroup"),
        "Cluster": resource("ECS::Cluster"),
        "TaskRole": role("ecs-tasks"),
        "Task": resource(
            "ECS::TaskDefinition",
            NetworkMode="awsvpc", RequiresCompatibilities=["FARGATE"], Cpu="256", Memory="512",
            TaskRoleArn=att("TaskRole", "Arn"), ContainerDefinitions=[definition],
        ),
        "Service": {
            **resource(
                "ECS::Service",
                Cluster=ref("Cluster"), TaskDefinition=ref("Task"), DesiredCount=1, LaunchType="FARGATE",
                ServiceName="app",
                NetworkConfiguration={"AwsvpcConfiguration": IN_THE_NETWORK},
                LoadBalancers=[{"ContainerName": "app", "ContainerPort": 8000, "TargetGroupArn": ref("Targets")}],
                DeploymentConfiguration={"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}},
            ),
            "DependsOn": ["Listener"],
        },
    }  # fmt: skip


def whole_service(image: str, **options: Any) -> Resources:
    return {**network(), **load_balancer(), **service(image, **options)}
