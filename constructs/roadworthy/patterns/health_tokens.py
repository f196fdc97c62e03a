"""Timing that is a token: CDK's own health checks take numbers alone, so tokens are written into the resources instead.

Meanwhile the defaults of `HealthTiming` stand in for them.
"""

import dataclasses
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from roadworthy.patterns.health_timing import HealthTiming
from roadworthy.patterns.values import is_token

_IN_CONTAINER = {
    "Interval": "interval_seconds",
    "Timeout": "timeout_seconds",
    "Retries": "unhealthy_threshold",
    "StartPeriod": "start_seconds",
}
_IN_GROUP = {
    "HealthCheckIntervalSeconds": "interval_seconds",
    "HealthCheckTimeoutSeconds": "timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold",
    "UnhealthyThresholdCount": "unhealthy_threshold",
}


def stand_in(check: HealthTiming) -> HealthTiming:
    """The timing as CDK takes it: the defaults where it has tokens."""
    names = {*_IN_CONTAINER.values(), *_IN_GROUP.values()}
    if not any(is_token(getattr(check, name)) for name in names):
        return check
    numbers = {name: getattr(check, name) for name in names if not is_token(getattr(check, name))}
    timing = HealthTiming(**numbers)
    if timing.timeout_seconds < timing.interval_seconds:
        return timing
    if "timeout_seconds" in numbers:  # which then contradicts the default of the other one
        return dataclasses.replace(timing, interval_seconds=timing.timeout_seconds + 1)
    return dataclasses.replace(timing, timeout_seconds=timing.interval_seconds - 1)


def keep_in_container(task_definition: ecs.FargateTaskDefinition, check: HealthTiming) -> None:
    """Write the tokens of a check into the first container's, which has one."""
    resource = cast("ecs.CfnTaskDefinition", task_definition.node.default_child)
    _keep(resource, "ContainerDefinitions.0.HealthCheck.", _IN_CONTAINER, check)


def keep_in_group(group: elbv2.ApplicationTargetGroup | elbv2.NetworkTargetGroup, check: HealthTiming) -> None:
    """Write the tokens of a check into its target group."""
    _keep(cast("elbv2.CfnTargetGroup", group.node.default_child), "", _IN_GROUP, check)


def _keep(resource: cdk.CfnResource, where: str, names: dict[str, str], check: HealthTiming) -> None:
    for name, attribute in names.items():
        value = getattr(check, attribute)
        if is_token(value):
            resource.add_property_override(f"{where}{name}", value)


def port_of_checks(port: int) -> ec2.Port:
    """Where checks come in, for a security group: CDK takes all ports that are tokens for the same, but by a name."""
    if not is_token(port):
        return ec2.Port.tcp(port)
    return ec2.Port(protocol=ec2.Protocol.TCP, from_port=port, to_port=port, string_representation="PortOfHealthChecks")
