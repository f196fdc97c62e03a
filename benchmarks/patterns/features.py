"""What all apps must make, read from their templates: only apps that do the same may be compared."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Resources = Mapping[str, Mapping[str, Any]]


def missing(resources: Resources) -> list[str]:
    """The features that a template does not have."""
    return [name for name, has in FEATURES.items() if not has(resources)]


def _of(resources: Resources, kind: str) -> Iterator[Mapping[str, Any]]:
    return (each.get("Properties", {}) for each in resources.values() if each["Type"] == kind)


def _only(resources: Resources, kind: str) -> Mapping[str, Any]:
    """The one resource of a kind; an empty one where there are none or several."""
    found = list(_of(resources, kind))
    return found[0] if len(found) == 1 else {}


def _container(resources: Resources) -> Mapping[str, Any]:
    containers = _only(resources, "AWS::ECS::TaskDefinition").get("ContainerDefinitions") or [{}]
    return dict(containers[0])


def _runs_privately(resources: Resources) -> bool:
    task = _only(resources, "AWS::ECS::TaskDefinition")
    network = _only(resources, "AWS::ECS::Service").get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    ways_out = [*_of(resources, "AWS::EC2::NatGateway"), *_of(resources, "AWS::EC2::InternetGateway")]
    size = (task.get("Cpu"), task.get("Memory"))
    return (*size, network.get("AssignPublicIp"), ways_out) == ("256", "512", "DISABLED", [])


def _reaches_aws(resources: Resources) -> bool:
    endpoints = json.dumps([each["ServiceName"] for each in _of(resources, "AWS::EC2::VPCEndpoint")])
    return all(name in endpoints for name in ("ecr.api", "ecr.dkr", "logs", "s3", "execute-api"))


def _is_balanced(resources: Resources) -> bool:
    balancer = _only(resources, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    return balancer.get("Scheme") == "internal" and len(list(_of(resources, _LISTENER))) == 1


def _is_checked_twice(resources: Resources) -> bool:
    group = _only(resources, "AWS::ElasticLoadBalancingV2::TargetGroup")
    command = json.dumps(_container(resources).get("HealthCheck", {}))
    return group.get("HealthCheckPath") == "/health" and "/health" in command


def _gives_up(resources: Resources) -> bool:
    deployment = _only(resources, "AWS::ECS::Service").get("DeploymentConfiguration", {})
    breaker = deployment.get("DeploymentCircuitBreaker")
    return (breaker, deployment.get("MinimumHealthyPercent")) == ({"Enable": True, "Rollback": True}, 100)


def _alarms(resources: Resources) -> bool:
    told = [each for each in _of(resources, "AWS::CloudWatch::Alarm") if each.get("AlarmActions")]
    return all(any(_watches(alarm, *wanted) for alarm in told) for wanted in _THRESHOLDS)


def _watches(alarm: Mapping[str, Any], metric: str, threshold: float) -> bool:
    return alarm["Threshold"] == threshold and f'"{metric}"' in json.dumps(alarm)


def _scales(resources: Resources) -> bool:
    target = _only(resources, "AWS::ApplicationAutoScaling::ScalableTarget")
    policies = _of(resources, "AWS::ApplicationAutoScaling::ScalingPolicy")
    aims = sorted(each["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] for each in policies)
    return (target.get("MinCapacity"), target.get("MaxCapacity"), aims) == (2, 10, [60, 70])


def _api_is_private(resources: Resources) -> bool:
    api = _only(resources, "AWS::ApiGateway::RestApi")
    through = "aws:SourceVpce" in json.dumps([api.get("Policy"), api.get("Body")])
    return through and api.get("EndpointConfiguration", {}).get("Types") == ["PRIVATE"]


def _api_is_answered(resources: Resources) -> bool:
    callers = {each.get("Principal") for each in _of(resources, "AWS::Lambda::Permission")}
    return "apigateway.amazonaws.com" in callers and "/invocations" in json.dumps(resources)


def _api_validates(resources: Resources) -> bool:
    document = json.dumps(_only(resources, "AWS::ApiGateway::RestApi").get("Body", {}))
    made = [*_of(resources, "AWS::ApiGateway::RequestValidator")]
    return bool(made) or "x-amazon-apigateway-request-validators" in document


def _knows_the_api(resources: Resources) -> bool:
    return "ORDERS_API" in {each["Name"] for each in _container(resources).get("Environment", [])}


def _keeps_logs(resources: Resources) -> bool:
    kept = [each.get("RetentionInDays") for each in _of(resources, "AWS::Logs::LogGroup")]
    return bool(kept) and set(kept) == {30}


_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_THRESHOLDS = (
    ("CPUUtilization", 70),
    ("MemoryUtilization", 80),
    ("TargetResponseTime", 0.1),
    ("HTTPCode_Target_5XX_Count", 1),
)
FEATURES: dict[str, Callable[[Resources], bool]] = {
    "a task of 0.25 vCPU and 512 MiB in subnets without a way out": _runs_privately,
    "endpoints for ECR, S3, CloudWatch Logs and API Gateway": _reaches_aws,
    "an internal load balancer": _is_balanced,
    "`/health` checked by container and target group": _is_checked_twice,
    "a circuit breaker that rolls back, no task less while deploying": _gives_up,
    "alarms on CPU, memory, response time and error rate, told to a topic": _alarms,
    "2 to 10 tasks, by CPU and memory": _scales,
    "a private REST API, reached through one endpoint": _api_is_private,
    "a Lambda function that answers it": _api_is_answered,
    "requests validated": _api_validates,
    "the API's URL in the container's environment": _knows_the_api,
    "logs kept for 30 days": _keeps_logs,
}
