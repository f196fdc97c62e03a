"""Service revisions and service deployments, as ECS keeps them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html
"""

import dataclasses
import secrets
import time
from typing import Any

from roadworthy.local.shims.internals import ecs

SETTINGS = (
    "taskDefinition", "launchType", "capacityProviderStrategy", "platformVersion", "platformFamily", "loadBalancers",
    "serviceRegistries", "networkConfiguration",
)  # fmt: skip
LIVE = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")


@dataclasses.dataclass
class Revision:
    """What a service was at one time; `side` is 1 when its tasks are in the alternate target groups."""

    arn: str
    settings: dict[str, Any]
    side: int
    created_at: float = dataclasses.field(default_factory=time.time)


@dataclasses.dataclass
class HookRun:
    """One hook at one stage; `status` is that of ECS's lifecycleHookDetails."""

    id: str
    kind: str
    target: str | None
    status: str
    expires_at: float
    timeout_action: str


@dataclasses.dataclass
class ServiceDeployment:
    """One service deployment.

    Attributes:
        key: `cluster/service`.
        entry: the same deployment in ministack's `deployments` of the service.
        may_start: the tasks of `target` may be started.
        may_finish: the tasks of `sources` may be stopped.
        test: test traffic in percent by the revisions' ARNs; `production` likewise.
    """

    arn: str
    key: str
    entry: dict[str, Any]
    target: Revision
    sources: list[Revision]
    configuration: dict[str, Any]
    status: str = "PENDING"
    reason: str = ""
    stage: str | None = None
    may_start: bool = True
    may_finish: bool = True
    test: dict[str, float] = dataclasses.field(default_factory=dict)
    production: dict[str, float] = dataclasses.field(default_factory=dict)
    hooks: list[HookRun] = dataclasses.field(default_factory=list)
    rollback: dict[str, Any] | None = None
    red_alarms: list[str] = dataclasses.field(default_factory=list)
    created_at: float = dataclasses.field(default_factory=time.time)
    finished_at: float | None = None
    stopped_at: float | None = None
    updated_at: float = dataclasses.field(default_factory=time.time)

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self.status in LIVE

    @property
    def blue(self) -> Revision | None:
        """The revision that served when it began."""
        return self.sources[0] if self.sources else None

    @property
    def shifts_traffic(self) -> bool:
        """Whether green comes up beside blue."""
        return str(self.configuration.get("strategy", "ROLLING")) != "ROLLING"

    def move(self, status: str, reason: str = "") -> None:
        """Take another status; a final one ends it."""
        self.status, self.reason, self.updated_at = status, reason or self.reason, time.time()
        if not self.live:
            self.finished_at = self.updated_at


revisions: dict[str, Revision] = {}
deployments: dict[str, ServiceDeployment] = {}


def begin(key: str, service: dict[str, Any], entry: dict[str, Any]) -> ServiceDeployment:
    """Record the deployment that ministack's `entry` is, and the service's new revision."""
    others = [one for one in service["deployments"] if one is not entry]
    others.sort(key=lambda one: one.get("rolloutState") != "COMPLETED")
    sources = [revisions[one["_revision"]] for one in others if "_revision" in one and one["rolloutState"] != "FAILED"]
    configuration = dict(service.get("deploymentConfiguration") or {})
    shifts = configuration.get("strategy", "ROLLING") != "ROLLING"
    revision = Revision(
        arn=_arn(service, "service-revision", str(secrets.randbelow(9 * 10**18) + 10**18)),
        settings={name: service[name] for name in SETTINGS if service.get(name)},
        side=sources[0].side ^ shifts if sources else 0,
    )
    revisions[revision.arn] = revision
    entry["_revision"], entry["_side"] = revision.arn, revision.side
    record = ServiceDeployment(
        arn=_arn(service, "service-deployment", secrets.token_hex(11)[:21]), key=key, entry=entry, target=revision,
        sources=sources, configuration=configuration, may_start=not shifts, may_finish=not shifts,
    )  # fmt: skip
    deployments[record.arn] = record
    return record


def of(service: dict[str, Any]) -> list[ServiceDeployment]:
    """The deployments of a service, the newest first."""
    prefix = _arn(service, "service-deployment", "")
    return [one for arn, one in reversed(deployments.items()) if arn.startswith(prefix)]


def current(key: str) -> ServiceDeployment | None:
    """The deployment that ministack's primary one is."""
    primary = ecs._primary_deployment(ecs._services.get(key) or {})
    return next((one for one in deployments.values() if one.entry is primary), None) if primary else None


def _arn(service: dict[str, Any], kind: str, name: str) -> str:
    return f"{service['serviceArn'].replace(':service/', f':{kind}/')}/{name}"
