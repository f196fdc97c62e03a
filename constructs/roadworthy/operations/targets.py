"""The health of a service's targets behind its load balancers.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadworthy.operations.ecs.service import Service
from roadworthy.operations.place import Target


@dataclass(frozen=True)
class TargetHealth:
    """A target.

    Attributes:
        group: its target group's name.
        id: an IP address, or an instance's id.
        port: on which it is asked.
        state: "healthy", "unhealthy", "initial", "draining", "unused", "unavailable".
        reason: the reason code, "Target.ResponseCodeMismatch"; empty while it is healthy.
        description: AWS's words for it.
    """

    group: str
    id: str
    port: int
    state: str
    reason: str
    description: str


def target_health(target: Target, service: Service) -> list[TargetHealth]:
    """The targets of all target groups of a service.

    Raises:
        OperationError: AWS cannot be asked.
    """
    aws = target.cluster.aws
    groups = service.target_groups
    answers = aws.each(lambda arn: aws.call("elbv2", "describe_target_health", TargetGroupArn=arn), groups)
    return [
        _target(arn, each)
        for arn, answer in zip(groups, answers, strict=True)
        for each in answer.get("TargetHealthDescriptions", [])
    ]


def _target(group: str, raw: Mapping[str, Any]) -> TargetHealth:
    target, health = raw.get("Target") or {}, raw.get("TargetHealth") or {}
    return TargetHealth(
        group=group.split("/")[1],
        id=target.get("Id", ""),
        port=target.get("Port", 0),
        state=health.get("State", ""),
        reason=health.get("Reason", ""),
        description=health.get("Description", ""),
    )
