"""What looks like a mistake and is none: a finding here is a false alarm."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, drop, put
from benchmarks.coverage.good.alternatives import (
    behind_network_load_balancer,
    blue_green,
    in_public_subnets,
    isolated,
    on_spot,
)
from benchmarks.coverage.variant import Variant, broken_raw, trap, written

_NOTHING = {"Ref": "AWS::NoValue"}
_SECRET = {"Name": "TOKEN", "ValueFrom": {"Ref": "DatabaseSecret"}}
_CONDITION = put({"Conditions.Live": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}})
_TASK = "task-definition.json"
_NO_FILES = put({"task.Volumes": REMOVED, "api.MountPoints": REMOVED})
_APP_SPEC = """version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TASK_DEFINITION>"
        LoadBalancerInfo: {ContainerName: api, ContainerPort: 8000}
"""
_DOCKERRUN = """{"AWSEBDockerrunVersion": 2, "containerDefinitions": [
  {"name": "web", "image": "nginx", "memory": 128, "portMappings": [{"hostPort": 80, "containerPort": 80}]}
]}
"""
_TEMPLATED = """Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      {% if debug %}
      Cpu: {{ cpu }}
      {% endif %}
"""


def _raw(name: str, edit: Edit) -> Variant:
    return broken_raw("", name, edit, only=_TASK)


def _imported_network(template: dict[str, Any]) -> None:
    """Subnets and groups of another stack: nothing is known of their routes and rules."""
    subnets = [{"Fn::ImportValue": "network-PrivateSubnetA"}, {"Fn::ImportValue": "network-PrivateSubnetB"}]
    put({"awsvpc.Subnets": subnets, "awsvpc.SecurityGroups": [{"Fn::ImportValue": "network-TaskGroup"}]})(template)


def _main_route_table(template: dict[str, Any]) -> None:
    """Subnets without an association use the VPC's main table, which no template holds."""
    del template["Resources"]["PrivateAssociationA"], template["Resources"]["PrivateAssociationB"]
    names = template["Resources"]["Service"]["DependsOn"]
    template["Resources"]["Service"]["DependsOn"] = [
        name for name in names if not name.startswith("PrivateAssociation")
    ]


def _transit_gateway(template: dict[str, Any]) -> None:
    route = template["Resources"]["PrivateDefaultRoute"]["Properties"]
    del route["NatGatewayId"]
    route["TransitGatewayId"] = "tgw-0a1b2c3d4e5f60718"


VARIANTS = [
    trap("the good template"),
    trap("the good template in YAML", yaml=True),
    broken_raw("", "the good raw definitions"),
    trap("isolated subnets with endpoints", isolated),
    trap("public subnets with public addresses", in_public_subnets),
    trap("network load balancer", behind_network_load_balancer),
    trap("blue green", blue_green),
    trap("Spot", on_spot, yaml=True),
    # Section 9 of the catalogue
    trap("target group port is not the container's", put({"Targets.Port": 80})),
    trap(
        "grace period without a load balancer",
        put({"service.LoadBalancers": REMOVED}),
        drop("RequestScaling"),
    ),
    trap("FARGATE left out of the compatibilities", put({"task.RequiresCompatibilities": REMOVED})),
    trap("memory reservation without memory", put({"collector.Memory": REMOVED, "collector.MemoryReservation": 256})),
    trap("pid mode of the task", put({"task.PidMode": "task"})),
    trap("system controls", put({"api.SystemControls": [{"Namespace": "net.core.somaxconn", "Value": "1024"}]})),
    trap("main route table", _main_route_table),
    trap("transit gateway", _transit_gateway, yaml=True),
    trap("imported network", _imported_network),
    # What real files hold
    trap(
        "a name in environment under one condition and in secrets under the other",
        _CONDITION,
        put({"api.Environment.+": {"Fn::If": ["Live", _NOTHING, {"Name": "TOKEN", "Value": "none"}]}}),
        put({"api.Secrets.+": {"Fn::If": ["Live", _SECRET, _NOTHING]}}),
        yaml=True,
    ),
    trap(
        "names that differ in case",
        put({"api.Environment.+": {"Name": "db_password", "Value": {"Ref": "Limits"}}}),
    ),
    trap(
        "another port of the same task checked",
        put({"collector.HealthCheck.Command": ["CMD-SHELL", "wget -qO- http://127.0.0.1:4317/ready || exit 1"]}),
    ),
    trap(
        "tag that ends in latest",
        put({"collector.Image": "public.ecr.aws/aws-observability/aws-otel-collector:amd64-latest"}),
    ),
    trap(
        "digest",
        put({"api.Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:" + "9f86d081884c7d65" * 4}),
    ),
    trap(
        "image from a parameter without a default",
        put({"Parameters.Image": {"Type": "String"}, "api.Image": {"Ref": "Image"}}),
    ),
    trap(
        "numbers as text",
        put(
            {
                "api.Cpu": "512",
                "api.Memory": "1024",
                "service.HealthCheckGracePeriodSeconds": "120",
                "api.Essential": "true",
            }
        ),
    ),
    trap("unknown sizes", put({"Parameters.Size": {"Type": "Number"}, "task.Cpu": {"Ref": "Size"}})),
    trap(
        "hard limits that overlap",
        put(
            {
                "migrate.MemoryReservation": 64,
                "migrate.Memory": 1024,
                "collector.MemoryReservation": 128,
                "collector.Memory": 1024,
            }
        ),
    ),
    trap(
        "whole list in a condition",
        _CONDITION,
        put({"api.Secrets": {"Fn::If": ["Live", [_SECRET], _NOTHING]}}),
        yaml=True,
    ),
    trap(
        "properties null", lambda template: template["Resources"]["InternetGateway"].update(Properties=None), yaml=True
    ),
    trap(
        "health command with a variable",
        put({"api.HealthCheck.Command": ["CMD-SHELL", "curl -f http://127.0.0.1:$PORT/health || exit 1"]}),
    ),
    trap(
        "health command by python",
        put(
            {
                "api.HealthCheck.Command": [
                    "CMD",
                    "python",
                    "-c",
                    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=3)",
                ]
            }
        ),
    ),
    trap(
        "policy of another stack",
        put(
            {
                "ExecutionRole.ManagedPolicyArns": [{"Fn::ImportValue": "ecs-execution-policy"}],
                "ExecutionRole.Policies": REMOVED,
            }
        ),
    ),
    trap("role of another stack", put({"task.ExecutionRoleArn": {"Fn::ImportValue": "execution-role"}})),
    trap(
        "log group of another stack", put({"api.LogConfiguration.Options.awslogs-group": {"Fn::ImportValue": "logs"}})
    ),
    trap(
        "second copy of the listener's port",
        add(
            "Admin",
            "ElasticLoadBalancingV2::ListenerRule",
            ListenerArn={"Ref": "Listener"},
            Priority=10,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/admin/*"]}}],
            Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": {"Ref": "Targets"}}]}}],
        ),
    ),
    trap("no file system", _NO_FILES),
    _raw(
        "bridge on EC2",
        put(
            {
                "raw_task.requiresCompatibilities": ["EC2"],
                "raw_task.networkMode": "bridge",
                "raw_api.portMappings.0.hostPort": 0,
            }
        ),
    ),
    _raw("placeholder images", put({"raw_api.image": "<IMAGE1_NAME>", "raw_proxy.image": "${IMAGE}"})),
    _raw(
        "placeholder roles",
        put({"raw_task.executionRoleArn": "{{ must_env `ROLE` }}", "raw_task.taskRoleArn": "TASK_ROLE_ARN"}),
    ),
    _raw("sizes as numbers in text", put({"raw_task.cpu": "1 vCPU", "raw_task.memory": "2 GB"})),
    written("", "AppSpec of CodeDeploy", "appspec.yaml", lambda: _APP_SPEC),
    written("", "Dockerrun of Elastic Beanstalk", "Dockerrun.aws.json", lambda: _DOCKERRUN),
    written("", "templated file", "task.yaml", lambda: _TEMPLATED),
]
