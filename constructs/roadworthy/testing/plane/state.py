"""What there is: clusters, services, task definitions, revisions, deployments, tasks. Times are seconds since 1970."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from roadworthy.testing.faults import Fault, TaskFault

if TYPE_CHECKING:
    from roadworthy.testing.plane.rollout import Rollout

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
LIVE = ("PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")
EVENTS_KEPT = 100  # "A maximum of 100 of the latest events are displayed": API_Service


@dataclass(eq=False)
class Cluster:
    """A cluster; `services` are by name, `tasks` by id, the stopped ones included for an hour."""

    name: str
    arn: str
    services: dict[str, "Service"] = field(default_factory=dict)
    tasks: dict[str, "Task"] = field(default_factory=dict)


@dataclass(eq=False)
class TaskDefinition:
    """A revision of a task definition; `registered` holds the members as RegisterTaskDefinition was given them."""

    arn: str
    family: str
    revision: int
    registered: Mapping[str, Any]
    registered_at: float
    deregistered_at: float | None = None

    @property
    def containers(self) -> list[Mapping[str, Any]]:
        """The container definitions."""
        return list(self.registered["containerDefinitions"])


@dataclass(eq=False)
class Revision:
    """A service revision: what a deployment brings out."""

    arn: str
    definition: TaskDefinition
    created_at: float
    settings: Mapping[str, Any]
    target_group: str | None = None


@dataclass(eq=False)
class Deployment:
    """The tasks of one revision: an entry of DescribeServices' `deployments`, the first one being PRIMARY.

    `kept` says whether it shall have as many tasks as its service, or none. `failed` counts failed tasks as the circuit
    breaker does.
    """

    id: str
    service: "Service"
    revision: Revision
    created_at: float
    updated_at: float
    kept: bool
    fault: Fault
    rollout_state: str = "IN_PROGRESS"
    reason: str = ""
    tasks: dict[str, "Task"] = field(default_factory=dict)
    launched: int = 0
    failed: int = 0
    next_start_at: float = 0.0

    @property
    def wanted(self) -> int:
        """How many tasks there shall be."""
        return self.service.desired if self.kept else 0

    @property
    def alive(self) -> list["Task"]:
        """The tasks that run or come up, in the order of their start."""
        return [task for task in self.tasks.values() if task.desired == "RUNNING"]

    @property
    def healthy(self) -> list["Task"]:
        """The tasks that have passed their health checks."""
        return [task for task in self.alive if task.healthy]


@dataclass(eq=False)
class HookRun:
    """A lifecycle hook of a service deployment that was reached."""

    id: str
    target_type: str
    target_arn: str | None
    stage: str
    status: str
    expires_at: float
    timeout_action: str


@dataclass(eq=False)
class ServiceDeployment:
    """A service deployment: its status moves forward only, and ends in one that is not in `LIVE`."""

    arn: str
    created_at: float
    updated_at: float
    target: Deployment
    sources: list[Deployment]
    configuration: Mapping[str, Any]
    ignored_alarms: frozenset[str]
    status: str = "PENDING"
    reason: str = ""
    stage: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    stopped_at: float | None = None
    rollback_reason: str = ""
    rollback_started_at: float | None = None
    rollback_revision: Revision | None = None
    triggered_alarms: list[str] = field(default_factory=list)
    breaker_triggered: bool = False
    hooks: list[HookRun] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether it is still under way."""
        return self.status in LIVE


@dataclass(frozen=True)
class Timing:
    """How long things take, in seconds.

    `start` from a task's creation to RUNNING, `healthy` from there to healthy, `stop` from the order to stop until
    STOPPED (with a load balancer, that is mostly the deregistration delay).
    """

    start: float = 20.0
    healthy: float = 40.0
    stop: float = 10.0


@dataclass(eq=False)
class Service:
    """A service. `settings` are its members as UpdateService knows them; the first deployment is PRIMARY."""

    name: str
    arn: str
    cluster: Cluster
    settings: dict[str, Any]
    timing: Timing
    desired: int
    created_at: float
    deployments: list[Deployment] = field(default_factory=list)
    history: list[ServiceDeployment] = field(default_factory=list)
    completed: Revision | None = None
    rollout: "Rollout | None" = None
    events: deque[tuple[str, float, str]] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    stopped: deque["Task"] = field(default_factory=deque)
    script: deque[Fault] = field(default_factory=deque)
    production: dict[str, float] = field(default_factory=dict)
    test: dict[str, float] = field(default_factory=dict)
    pointer: str | None = None
    pointer_moves_at: float = 0.0
    status: str = "ACTIVE"
    blocked: bool = False
    steady: bool = False

    @property
    def configuration(self) -> dict[str, Any]:
        """The deployment configuration."""
        configuration: dict[str, Any] = self.settings["deploymentConfiguration"]
        return configuration

    @property
    def strategy(self) -> str:
        """ROLLING, BLUE_GREEN, CANARY or LINEAR."""
        return str(self.configuration.get("strategy", "ROLLING"))

    @property
    def primary(self) -> Deployment:
        """The most recent deployment."""
        return self.deployments[0]


@dataclass(eq=False)
class Ending:
    """How a container ended: its exit code, None when it never ran, and why."""

    exit_code: int | None = None
    reason: str | None = None


@dataclass(eq=False)
class Task:
    """A task; `fault` is what will befall it, None when it lives."""

    id: str
    arn: str
    cluster: Cluster
    definition: TaskDefinition
    timing: Timing
    group: str
    started_by: str | None
    created_at: float
    address: str
    zone: str
    fault: TaskFault | None = None
    service: Service | None = None
    deployment: Deployment | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    desired: str = "RUNNING"
    running_at: float | None = None
    healthy: bool = False
    unhealthy: str = ""
    stopping_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    endings: dict[str, Ending] = field(default_factory=dict)
    protected_until: float | None = None
    tags: list[Mapping[str, Any]] = field(default_factory=list)

    def protected(self, now: float) -> bool:
        """Whether a deployment or a scale-in must leave it alone."""
        return self.protected_until is not None and now < self.protected_until

    def last_status(self, now: float) -> str:
        """Where it is in its life.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
        """
        if self.stopped_at is not None:
            return "STOPPED"
        if self.stopping_at is not None:
            return _of(("DEACTIVATING", "STOPPING", "DEPROVISIONING"), now - self.stopping_at, self.timing.stop)
        if self.running_at is not None:
            return "RUNNING"
        return _of(("PROVISIONING", "PENDING", "ACTIVATING"), now - self.created_at, self.timing.start)


def _of(statuses: tuple[str, ...], elapsed: float, whole: float) -> str:
    """The status after some of the time that all of them take."""
    part = int(len(statuses) * elapsed / whole) if whole > 0 else len(statuses)
    return statuses[min(part, len(statuses) - 1)]
