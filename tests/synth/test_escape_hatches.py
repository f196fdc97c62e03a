"""Whoever breaks a pattern past its arguments, by CDK's own means, is told by the rules."""

import aws_cdk as cdk
import pytest

from roadworthy.patterns import HealthCheck, HttpService, ScheduledTask, SingletonService, TcpService, WorkerService
from tests.synth.patterns import findings, new_stack, options

pytestmark = pytest.mark.synth

HTTP = (HttpService, {"port": 8000, "health_check": HealthCheck.http("/health")})
TCP = (TcpService, {"port": 6432})
WORKER, SINGLETON = (WorkerService, {}), (SingletonService, {})
SCHEDULED = (ScheduledTask, {"schedule": "rate(1 hour)"})

# what is overridden, with what, and the rule that speaks
CONTAINER = [
    ("Image", "nginx:latest", "latest-image-tag"),
    ("Image", "nginx", "latest-image-tag"),
    ("Essential", False, "no-essential-container"),
    ("Memory", 9999, "container-memory-exceeds-task"),
    ("Privileged", True, "fargate-unsupported-parameter"),
    ("StopTimeout", 300, "start-stop-timeout-range"),
    ("Command", ["python app.py --forever"], "command-not-exec-form"),
    ("Environment", [{"Name": "A", "Value": "1"}, {"Name": "A", "Value": "2"}], "duplicate-environment-name"),
    ("LogConfiguration.LogDriver", "syslog", "log-driver-unsupported"),
    ("LogConfiguration.Options.awslogs-region", "us-east-1", "log-region-mismatch"),
]
CHECKED = [
    ("HealthCheck.Command", ["CMD", "curl -f http://localhost:8000/health"], "healthcheck-command-form"),
    ("HealthCheck.Command", ["CMD", "curl", "-f", "http://localhost:8000/other"], "health-check-path-mismatch"),
    ("HealthCheck.Timeout", 90, "healthcheck-timeout-exceeds-interval"),
    ("HealthCheck.Interval", 400, "healthcheck-range"),
    ("PortMappings.0.HostPort", 80, "host-port-mismatch"),
    ("PortMappings.0.ContainerPort", 9999, "lb-container-port-mismatch"),
    ("StopTimeout", 2, "stop-timeout-below-deregistration"),
]
TASK = [
    ("Cpu", "300", "fargate-cpu-memory-combination"),
    ("Memory", None, "fargate-cpu-memory-combination"),
    ("NetworkMode", "bridge", "fargate-network-mode"),
    ("ExecutionRoleArn", None, "execution-role-missing"),
    ("EphemeralStorage.SizeInGiB", 500, "ephemeral-storage-range"),
]
SERVICE = [
    ("DeploymentConfiguration.MaximumPercent", 100, "min-max-both-100"),
    ("DeploymentConfiguration.DeploymentCircuitBreaker", None, "circuit-breaker-disabled"),
    ("DeploymentController.Type", "CODE_DEPLOY", "circuit-breaker-wrong-controller"),
    ("DesiredCount", 4, "desired-count-vs-autoscaling"),
    ("NetworkConfiguration", None, "network-configuration-missing"),
    ("SchedulingStrategy", "DAEMON", "daemon-on-fargate"),
    ("TaskDefinition", "api", "task-definition-unpinned"),
    ("EnableExecuteCommand", True, "exec-permissions"),
    ("CapacityProviderStrategy", [{"CapacityProvider": "FARGATE", "Weight": 1}], "launch-type-and-capacity-provider"),
]
BALANCED = [
    ("HealthCheckGracePeriodSeconds", 1, "grace-period-too-short"),
    ("HealthCheckGracePeriodSeconds", None, "grace-period-too-short"),
    ("LoadBalancers.0.ContainerName", "other", "lb-container-name-mismatch"),
    ("LoadBalancers.0.ContainerPort", 1, "lb-container-port-mismatch"),
    ("DeploymentConfiguration.MinimumHealthyPercent", 0, "min-healthy-outage"),
]
GROUP = [
    ("HealthCheckPath", "/other", "health-check-path-mismatch"),
    ("HealthCheckPort", "9999", "health-check-port-mismatch"),
    ("HealthCheckTimeoutSeconds", 60, "health-check-timing-invalid"),
    ("Matcher.HttpCode", "600", "health-check-matcher"),
    ("TargetType", "instance", "target-type-not-ip"),
]
IN_CONTAINER = "ContainerDefinitions.0."


def case(pattern, of, path, value, rule):
    return pytest.param(pattern, of, path, value, rule, id=f"{pattern[0].__name__}-{path}-{rule}")


CASES = [
    *(case(WORKER, "task_definition", IN_CONTAINER + path, *rest) for path, *rest in CONTAINER),
    *(case(HTTP, "task_definition", IN_CONTAINER + path, *rest) for path, *rest in CHECKED),
    *(case(WORKER, "task_definition", *each) for each in TASK),
    *(case(WORKER, "service", *each) for each in SERVICE),
    *(case(HTTP, "service", *each) for each in BALANCED),
    *(case(HTTP, "target_group", *each) for each in GROUP),
    case(HTTP, "listener", "Protocol", "HTTPS", "https-listener-no-certificate"),
    case(HTTP, "listener", "DefaultActions", [], "target-group-without-listener"),
    case(TCP, "load_balancer", "SecurityGroups", None, "nlb-target-sg-closed"),
    case(TCP, "target_group", "TargetType", "instance", "target-type-not-ip"),
    case(SINGLETON, "service", "DeploymentConfiguration.MaximumPercent", 200, "min-healthy-outage"),
    case(
        WORKER, "execution_role", "AssumeRolePolicyDocument.Statement.0.Principal.Service", "ec2", "role-trust-policy"
    ),
    *(case(SCHEDULED, "task_definition", *each) for each in TASK[:1]),
    case(SCHEDULED, "task_definition", IN_CONTAINER + "Image", "nginx:latest", "latest-image-tag"),
]


@pytest.mark.parametrize(("pattern", "of", "path", "value", "rule"), CASES)
def test_an_override_that_breaks_it_is_found(pattern, of, path, value, rule):
    stack = new_stack()
    kind, given = pattern
    resource = getattr(kind(stack, "Service", **given, **options(stack)), of).node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.add_property_override(path, value) if value is not None else resource.add_property_deletion_override(path)
    assert rule in findings(stack)


@pytest.mark.parametrize("endpoint", ["EcrApi", "EcrDocker", "Logs", "S3"])
def test_an_endpoint_that_was_taken_away_is_missed(endpoint):
    stack = new_stack()
    service = WorkerService(stack, "Service", **options(stack))
    assert stack.node.find_child("Network").vpc.node.try_remove_child(endpoint)
    assert service.service
    assert "missing-vpc-endpoint" in findings(stack)


def test_a_service_that_no_longer_waits_for_what_it_needs_is_found():
    stack = new_stack()
    kind, given = HTTP
    kind(stack, "Service", **given, **options(stack)).service.node.default_child.add_override("DependsOn", [])
    assert findings(stack) >= {
        "ingress-rule-created-after-service",
        "policy-created-after-service",
        "route-created-after-service",
        "service-before-listener",
    }


def test_an_execution_role_without_its_policy_is_found():
    stack = new_stack()
    role = WorkerService(stack, "Service", **options(stack)).execution_role
    policy = role.node.find_child("DefaultPolicy").node.default_child
    policy.add_property_override("PolicyDocument.Statement", [])
    assert "execution-role-cannot-pull" in findings(stack)
