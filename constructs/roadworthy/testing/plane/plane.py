"""All that there is, found by name and by ARN."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from roadworthy.testing.clock import VirtualClock
from roadworthy.testing.plane.ids import Ids
from roadworthy.testing.plane.logs import Logs
from roadworthy.testing.plane.state import Cluster, Revision, Service, ServiceDeployment, Task, TaskDefinition
from roadworthy.testing.wire.backend import AwsError, Backend

if TYPE_CHECKING:
    from roadworthy.testing.faults import Fault

Hook = Callable[[dict[str, Any], Any], Any]


class Plane:
    """The state of ECS in one account and region. Whoever changes it holds the clock's lock.

    Attributes:
        families: the revisions of each family of task definitions, the first one first.
        alarms: the state of CloudWatch's alarms: "OK", "ALARM" or "INSUFFICIENT_DATA".
        hooks: what is called for a lifecycle hook, by the ARN or the name of its function.
        one_off: what befalls the next tasks of RunTask, by family.
        requested: the tasks that RunTask has started, by its client token.
    """

    def __init__(self, backend: Backend, clock: VirtualClock) -> None:
        self.backend = backend
        self.clock = clock
        self.ids = Ids()
        self.logs = Logs()
        self.clusters: dict[str, Cluster] = {}
        self.families: dict[str, list[TaskDefinition]] = {}
        self.revisions: dict[str, Revision] = {}
        self.service_deployments: dict[str, tuple[Service, ServiceDeployment]] = {}
        self.alarms: dict[str, str] = {}
        self.hooks: dict[str, Hook] = {}
        self.hook_errors: list[BaseException] = []
        self.one_off: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.requested: dict[str, list[Task]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def now(self) -> float:
        """The virtual time, in seconds since 1970."""
        return self.clock.now()

    def arn(self, resource: str) -> str:
        """The ARN of a resource of ECS: "cluster/shop"."""
        return self.backend.arn("ecs", resource)

    def services(self) -> Iterator[Service]:
        """All services, of all clusters."""
        for cluster in self.clusters.values():
            yield from cluster.services.values()

    def services_named(self, name: str) -> list[Service]:
        """The services of a name, in whichever cluster."""
        found = (cluster.services.get(name) for cluster in self.clusters.values())
        return [service for service in found if service]

    def event(self, service: Service, text: str) -> None:
        """Add an event to a service's stream."""
        service.events.appendleft((self.ids.event(), self.now(), f"(service {service.name}) {text}"))

    def definition(self, family: str, revision: int | None) -> TaskDefinition | None:
        """A task definition; without a revision the newest that is active."""
        revisions = self.families.get(family, [])
        if revision is None:
            return next((one for one in reversed(revisions) if one.deregistered_at is None), None)
        return revisions[revision - 1] if 0 < revision <= len(revisions) else None

    def register(self, members: dict[str, Any]) -> TaskDefinition:
        """Add a revision of a task definition; its log groups are made, as `awslogs` does with its group there."""
        family = str(members["family"])
        revisions = self.families.setdefault(family, [])
        arn = self.arn(f"task-definition/{family}:{len(revisions) + 1}")
        definition = TaskDefinition(arn, family, len(revisions) + 1, members, self.now())
        revisions.append(definition)
        return definition

    def new_revision(self, service: Service, definition: TaskDefinition) -> Revision:
        """A service revision of a service as it is set up now."""
        arn = self.arn(f"service-revision/{service.cluster.name}/{service.name}/{self.ids.service_revision()}")
        revision = Revision(arn, definition, self.now(), dict(service.settings))
        self.revisions[arn] = revision
        return revision

    def cluster(self, name_or_arn: str | None) -> Cluster:
        """The cluster that a call names; without a name it is "default".

        Raises:
            AwsError: ClusterNotFoundException.
        """
        name = (name_or_arn or "default").rpartition("/")[2]
        if name not in self.clusters:
            raise AwsError("ClusterNotFoundException", "Cluster not found.")
        return self.clusters[name]
