"""A service deployment: what ECS does from one UpdateService on, until it has succeeded or is rolled back.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Raw = Mapping[str, Any]

LIVE = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")
# In which ECS moves forward: it can be stopped then.
FORWARD = ("PENDING", "IN_PROGRESS")
PAUSE = "PAUSE"
AWAITING_ACTION = "AWAITING_ACTION"


@dataclass(frozen=True)
class Revision:
    """One side of a deployment: a service revision with its tasks and its share of the traffic, in percent."""

    arn: str
    requested: int
    running: int
    pending: int
    production_weight: float | None
    test_weight: float | None

    @classmethod
    def parse(cls, raw: Raw) -> "Revision":
        """Read one."""
        return cls(
            arn=raw.get("arn", ""),
            requested=raw.get("requestedTaskCount", 0),
            running=raw.get("runningTaskCount", 0),
            pending=raw.get("pendingTaskCount", 0),
            production_weight=raw.get("requestedProductionTrafficWeight"),
            test_weight=raw.get("requestedTestTrafficWeight"),
        )


@dataclass(frozen=True)
class Hook:
    """A lifecycle hook of the present stage.

    Attributes:
        id: by which ContinueServiceDeployment names it.
        kind: "AWS_LAMBDA" or "PAUSE".
        status: "IN_PROGRESS", "AWAITING_ACTION", "SUCCEEDED", "FAILED", "TIMED_OUT".
        expires: when it times out.
        on_timeout: "ROLLBACK" or "CONTINUE".
    """

    id: str
    kind: str
    status: str
    expires: datetime | None
    on_timeout: str

    @property
    def awaits_action(self) -> bool:
        """Whether somebody has to continue or reject it."""
        return self.kind == PAUSE and self.status == AWAITING_ACTION


@dataclass(frozen=True)
class ServiceDeployment:
    """A service deployment.

    Attributes:
        arn: its ARN.
        service: the service's ARN.
        status: one of LIVE, or "SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED".
        stage: the lifecycle stage, "SCALE_UP"; None before the first one, and where ECS does not say.
        reason: ECS's words for the status.
        created, started, finished: when.
        target: the revision that is rolled out.
        sources: the revisions that it replaces; none on a service's creation.
        rollback_reason: why it is rolled back, if it is.
        alarms: the names of the alarms that went off.
        failures, threshold: the circuit breaker's count of failed tasks, and where it breaks.
        hooks: of the present stage.
        raw: all that AWS said.
    """

    arn: str
    service: str
    status: str
    stage: str | None
    reason: str
    created: datetime | None
    started: datetime | None
    finished: datetime | None
    target: Revision | None
    sources: tuple[Revision, ...]
    rollback_reason: str
    alarms: tuple[str, ...]
    failures: int
    threshold: int | None
    hooks: tuple[Hook, ...]
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def parse(cls, raw: Raw) -> "ServiceDeployment":
        """Read one, of DescribeServiceDeployments or, with less in it, of ListServiceDeployments."""
        breaker = raw.get("deploymentCircuitBreaker") or {}
        target = raw.get("targetServiceRevision") or {"arn": raw.get("targetServiceRevisionArn")}
        hooks = raw.get("lifecycleHookDetails") or []
        return cls(
            arn=raw.get("serviceDeploymentArn", ""),
            service=raw.get("serviceArn", ""),
            status=raw.get("status", ""),
            stage=raw.get("lifecycleStage"),
            reason=raw.get("statusReason") or "",
            created=raw.get("createdAt"),
            started=raw.get("startedAt"),
            finished=raw.get("finishedAt"),
            target=Revision.parse(target) if target.get("arn") else None,
            sources=tuple(Revision.parse(each) for each in raw.get("sourceServiceRevisions") or []),
            rollback_reason=(raw.get("rollback") or {}).get("reason") or "",
            alarms=tuple((raw.get("alarms") or {}).get("triggeredAlarmNames") or []),
            failures=breaker.get("failureCount", 0),
            threshold=breaker.get("threshold"),
            hooks=tuple(_hook(each) for each in hooks),
            raw=raw,
        )

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self.status in LIVE

    @property
    def paused(self) -> Hook | None:
        """The hook at which it waits for somebody's word."""
        return next((hook for hook in self.hooks if hook.awaits_action), None) if self.status in FORWARD else None


def _hook(raw: Raw) -> Hook:
    return Hook(
        id=raw.get("hookId", ""),
        kind=raw.get("targetType", ""),
        status=raw.get("status", ""),
        expires=raw.get("expiresAt"),
        on_timeout=raw.get("timeoutAction", ""),
    )
