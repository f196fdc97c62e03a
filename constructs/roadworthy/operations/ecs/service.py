"""A service, as DescribeServices tells of it.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Rollout:
    """One of a service's `deployments`: the tasks of one task definition that it runs.

    Attributes:
        id: "ecs-svc/0123456789012345678"; its tasks carry it as `startedBy`.
        status: "PRIMARY", "ACTIVE" or "INACTIVE".
        task_definition: its ARN.
        desired, running, pending, failed: numbers of tasks.
        state: "IN_PROGRESS", "COMPLETED", "FAILED"; empty where ECS does not say.
        reason: why it is in that state, in ECS's words.
        created: when.
    """

    id: str
    status: str
    task_definition: str
    desired: int
    running: int
    pending: int
    failed: int
    state: str
    reason: str
    created: datetime | None

    @classmethod
    def parse(cls, raw: Raw) -> "Rollout":
        """Read one."""
        return cls(
            id=raw.get("id", ""),
            status=raw.get("status", ""),
            task_definition=raw.get("taskDefinition", ""),
            desired=raw.get("desiredCount", 0),
            running=raw.get("runningCount", 0),
            pending=raw.get("pendingCount", 0),
            failed=raw.get("failedTasks", 0),
            state=raw.get("rolloutState", ""),
            reason=raw.get("rolloutStateReason", ""),
            created=raw.get("createdAt"),
        )


@dataclass(frozen=True)
class ServiceEvent:
    """A line of a service's log of events."""

    id: str
    at: datetime
    message: str


@dataclass(frozen=True)
class Service:
    """A service.

    Attributes:
        name, arn, cluster: its name, its ARN, its cluster's ARN.
        status: "ACTIVE", "DRAINING" or "INACTIVE".
        desired, running, pending: numbers of tasks.
        task_definition: the ARN of the one that it should run.
        controller: who deploys it: "ECS", "CODE_DEPLOY" or "EXTERNAL".
        strategy: "ROLLING", "BLUE_GREEN", "CANARY" or "LINEAR".
        rollouts: its `deployments`; the newest, PRIMARY, first.
        events: the newest 100, newest first.
        current_deployment: the ARN of its current service deployment; ECS may lag behind.
        raw: all that AWS said.
    """

    name: str
    arn: str
    cluster: str
    status: str
    desired: int
    running: int
    pending: int
    task_definition: str
    controller: str
    strategy: str
    rollouts: tuple[Rollout, ...]
    events: tuple[ServiceEvent, ...]
    current_deployment: str | None
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def parse(cls, raw: Raw) -> "Service":
        """Read one."""
        configuration = raw.get("deploymentConfiguration") or {}
        events = raw.get("events") or []
        return cls(
            name=raw.get("serviceName", ""),
            arn=raw.get("serviceArn", ""),
            cluster=raw.get("clusterArn", ""),
            status=raw.get("status", ""),
            desired=raw.get("desiredCount", 0),
            running=raw.get("runningCount", 0),
            pending=raw.get("pendingCount", 0),
            task_definition=raw.get("taskDefinition", ""),
            controller=(raw.get("deploymentController") or {}).get("type", "ECS"),
            strategy=configuration.get("strategy", "ROLLING"),
            rollouts=tuple(Rollout.parse(each) for each in raw.get("deployments") or []),
            events=tuple(_event(each) for each in events if "createdAt" in each),
            current_deployment=raw.get("currentServiceDeployment"),
            raw=raw,
        )

    @property
    def primary(self) -> Rollout | None:
        """The rollout that ECS is moving to, or has moved to."""
        return next((each for each in self.rollouts if each.status == "PRIMARY"), None)

    @property
    def target_groups(self) -> tuple[str, ...]:
        """The ARNs of its target groups, those of blue/green's other side too."""
        balancers = self.raw.get("loadBalancers") or []
        others = [(each.get("advancedConfiguration") or {}).get("alternateTargetGroupArn") for each in balancers]
        return tuple(arn for arn in [*(each.get("targetGroupArn") for each in balancers), *others] if arn)


def _event(raw: Raw) -> ServiceEvent:
    message = raw.get("message", "")
    return ServiceEvent(raw.get("id") or f"{raw['createdAt']} {message}", raw["createdAt"], message)
