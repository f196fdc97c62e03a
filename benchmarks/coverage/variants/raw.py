"""Task definitions and services as `aws ecs` takes them, and mistakes of the file itself."""

import json
from typing import Any

from benchmarks.coverage import good
from benchmarks.coverage.edits import REMOVED, put
from benchmarks.coverage.variant import broken_raw, written
from benchmarks.coverage.yaml_form import as_yaml

_TASK = "task-definition.json"
_VALUE = {"name": "DB_PASSWORD", "value": "changeme"}
_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/database"


def _alone(rule: str, name: str, values: dict[str, Any], also: str = "") -> Any:
    """The task definition without the service beside it."""
    return broken_raw(rule, name, put(values), only=_TASK, also=also)


def _bare(rule: str, name: str, values: dict[str, Any]) -> Any:
    """Only its containers, as an array."""

    def text() -> str:
        definitions = good.definitions()
        put(values)(definitions)
        return json.dumps(definitions[_TASK]["containerDefinitions"], indent=2)

    return written(rule, name, "containers.json", text)


def _doubled(line: str) -> str:
    """The task definition with one of its lines twice."""
    lines = json.dumps(good.definitions()[_TASK], indent=2).split("\n")
    place = next(number for number, each in enumerate(lines) if each.strip().startswith(line))
    return "\n".join([*lines[:place], lines[place], *lines[place:]])


def _doubled_yaml() -> str:
    """The template with a second `Memory` in a container."""
    text = as_yaml(good.template())
    return text.replace("        Memory: 1024\n", "        Memory: 1024\n        Memory: 768\n", 1)


def _as_map(template: dict[str, Any]) -> None:
    put({"raw_api.environment": {"LOG_LEVEL": "INFO"}})(template)


VARIANTS = [
    _alone("env-secret-collision", "raw", {"raw_api.environment.+": _VALUE}),
    _bare("env-secret-collision", "bare array of containers", {"raw_api.environment.+": _VALUE}),
    _alone("latest-image-tag", "raw", {"raw_proxy.image": "public.ecr.aws/nginx/nginx:latest"}),
    _alone("fargate-cpu-memory-combination", "raw", {"raw_task.memory": "8192"}),
    _alone("fargate-cpu-memory-combination", "raw number", {"raw_task.cpu": 600}, also="raw-json-type-error"),
    _alone("fargate-network-mode", "raw", {"raw_task.networkMode": "bridge"}),
    _alone("fargate-unsupported-parameter", "raw privileged", {"raw_api.privileged": True}),
    _alone("container-cpu-exceeds-task", "raw", {"raw_api.cpu": 1024}),
    _alone("container-memory-exceeds-task", "raw", {"raw_api.memory": 2048}, also="container-memory-sum-exceeds-task"),
    _alone("duplicate-container-name", "raw", {"raw_proxy.name": "api"}, also="port-used-by-two-containers"),
    _alone("port-used-by-two-containers", "raw", {"raw_proxy.portMappings.0.containerPort": 8000}),
    _alone("host-port-mismatch", "raw", {"raw_api.portMappings.0.hostPort": 80}),
    _alone(
        "depends-on-unknown-container", "raw", {"raw_api.dependsOn": [{"containerName": "nginx", "condition": "START"}]}
    ),
    _alone(
        "depends-on-cycle",
        "raw",
        {
            "raw_api.dependsOn": [{"containerName": "proxy", "condition": "START"}],
            "raw_proxy.dependsOn": [{"containerName": "api", "condition": "START"}],
        },
    ),
    _alone(
        "depends-on-healthy-without-healthcheck",
        "raw",
        {"raw_api.dependsOn": [{"containerName": "proxy", "condition": "HEALTHY"}]},
    ),
    _alone("no-essential-container", "raw", {"raw_api.essential": False, "raw_proxy.essential": False}),
    _alone(
        "healthcheck-command-form",
        "raw, from the console",
        {"raw_api.healthCheck.command": ["CMD-SHELL, curl -f http://127.0.0.1:8000/health || exit 1"]},
    ),
    _alone("healthcheck-range", "raw", {"raw_api.healthCheck.startPeriod": 400}),
    _alone("start-stop-timeout-range", "raw", {"raw_api.stopTimeout": 180}),
    _alone("execution-role-missing", "raw", {"raw_task.executionRoleArn": REMOVED}),
    _alone("awslogs-options", "raw", {"raw_api.logConfiguration.options.awslogs-stream-prefix": REMOVED}),
    _alone("secret-arn-shape", "raw", {"raw_api.secrets.0.valueFrom": f"{_ARN}-a1B2c3:password"}),
    _alone("secret-arn-without-suffix", "raw", {"raw_api.secrets.0.valueFrom": f"{_ARN}:password::"}),
    _alone("secret-entry-form", "raw value in secrets", {"raw_api.secrets.+": {"name": "TOKEN", "value": "x"}}),
    _alone(
        "secret-entry-form",
        "raw valueFrom in environment",
        {"raw_api.environment.+": {"name": "TOKEN", "valueFrom": _ARN}},
    ),
    _alone(
        "volume-mount-mismatch", "raw", {"raw_api.mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}
    ),
    _alone("image-reference-malformed", "raw", {"raw_api.image": "https://ghcr.io/shop/orders:82f44fb"}),
    # What only files for the API can get wrong
    _alone("raw-json-type-error", "number as a value", {"raw_api.environment.+": {"name": "WORKERS", "value": 4}}),
    broken_raw("raw-json-type-error", "environment as a map", _as_map, only=_TASK),
    _alone("raw-json-type-error", "port mappings as a map", {"raw_api.portMappings": {"containerPort": 8000}}),
    _alone("unknown-property", "comment", {"raw_task._comment": "the orders service"}),
    _alone("unknown-property", "template's spelling", {"raw_api.StopTimeout": 60}),
    _alone("describe-only-key", "revision and ARN", {"raw_task.revision": 12, "raw_task.taskDefinitionArn": _ARN}),
    _alone("describe-only-key", "status", {"raw_task.status": "ACTIVE", "raw_task.requiresAttributes": []}),
    written("duplicate-key", "JSON", _TASK, lambda: _doubled('"family"')),
    written("duplicate-key", "YAML", "template.yaml", _doubled_yaml),
    # Task definition and service together
    broken_raw("lb-container-name-mismatch", "raw", put({"raw_service.loadBalancers.0.containerName": "web"})),
    broken_raw("lb-container-port-mismatch", "raw", put({"raw_service.loadBalancers.0.containerPort": 80})),
    broken_raw("network-configuration-missing", "raw", put({"raw_service.networkConfiguration": REMOVED})),
    broken_raw(
        "min-max-both-100",
        "raw",
        put({"raw_service.deploymentConfiguration.maximumPercent": 100}),
        also="rounding-deadlock az-rebalancing-max-percent",
    ),
    broken_raw("rounding-deadlock", "raw", put({"raw_service.deploymentConfiguration.maximumPercent": 125})),
    broken_raw(
        "launch-type-and-capacity-provider",
        "raw",
        put({"raw_service.capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]}),
    ),
    broken_raw(
        "exec-needs-task-role", "raw", put({"raw_service.enableExecuteCommand": True, "raw_task.taskRoleArn": REMOVED})
    ),
    broken_raw("grace-period-too-short", "raw", put({"raw_service.healthCheckGracePeriodSeconds": REMOVED})),
]
