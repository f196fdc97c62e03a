"""`list`: the services of an environment, as services.toml and ECS have them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.errors import OperationError
from roadworthy.operations.image_reference import version_of
from roadworthy.operations.place import Place

NOT_DEPLOYED = "not deployed"
INACTIVE = "inactive"
UNLISTED = "not in services.toml"


@dataclass(frozen=True)
class Row:
    """A service.

    Attributes:
        service: its name in services.toml; of one that is not there, in ECS.
        name: its name in ECS.
        cluster: its cluster's name.
        desired, running, pending: numbers of tasks; None where it is not deployed.
        state: of its deployment: "completed", "in progress", "failed"; or NOT_DEPLOYED.
        image: the tag, or the first digits of the digest, of its first essential container's image.
        deployed: when its last deployment began.
        note: INACTIVE, UNLISTED or empty.
    """

    service: str
    name: str
    cluster: str
    desired: int | None
    running: int | None
    pending: int | None
    state: str
    image: str
    deployed: datetime | None
    note: str


def rows(place: Place, *, images: bool = True) -> list[Row]:
    """Every service of the catalogue and of its clusters, in the catalogue's order; those it does not know at the end.

    Args:
        place: the environment.
        images: whether the task definitions are asked for their images.

    Raises:
        OperationError: AWS cannot be asked.
    """
    found = {cluster.name: _services(place, cluster) for cluster in place.clusters}
    versions = _versions(place, [each for group in found.values() for each in group.values()]) if images else {}
    listed = [_entry_row(place, service, found, versions) for service in place.expected]
    known = {(row.cluster, row.name) for row in listed}
    unlisted = [
        _row(name, cluster, service, versions, UNLISTED if place.expected else "")
        for cluster, services in found.items()
        for name, service in sorted(services.items())
        if (cluster, name) not in known
    ]
    return listed + unlisted


def state_of(service: Service) -> str:
    """The state of a service's deployment, in words."""
    primary = service.primary
    state = primary.state.replace("_", " ").lower() if primary else ""
    if len(service.rollouts) > 1 and state == "completed":
        return "in progress"  # old tasks are still stopping
    return state or service.status.lower()


def _services(place: Place, cluster: Cluster) -> dict[str, Service]:
    """A cluster's services; those of the catalogue are described while the cluster is listed, page after page."""
    targets = [place.target(name) for name in place.expected]
    expected = [target.name for target in targets if target.cluster.name == cluster.name]
    names: list[str] = []
    found: dict[str, Service] = {}
    asked: list[Callable[[], None]] = [
        lambda: names.extend(cluster.service_names()),
        lambda: found.update(cluster.services(expected)),
    ]
    place.aws.each(lambda ask: ask(), asked)
    return found | cluster.services(name for name in names if name not in found)


def _entry_row(place: Place, name: str, found: dict[str, dict[str, Service]], versions: dict[str, str]) -> Row:
    target = place.target(name)
    note = "" if target.entry is None or target.entry.active else INACTIVE
    service = found.get(target.cluster.name, {}).get(target.name)
    if service is None:
        return Row(name, target.name, target.cluster.name, None, None, None, NOT_DEPLOYED, "", None, note)
    return _row(name, target.cluster.name, service, versions, note)


def _row(label: str, cluster: str, service: Service, versions: dict[str, str], note: str) -> Row:
    return Row(
        service=label,
        name=service.name,
        cluster=cluster,
        desired=service.desired,
        running=service.running,
        pending=service.pending,
        state=state_of(service),
        image=versions.get(service.task_definition, ""),
        deployed=service.primary.created if service.primary else None,
        note=note,
    )


def _versions(place: Place, services: Sequence[Service]) -> dict[str, str]:
    """Task definition -> which version its image is; empty texts where it may not be asked."""
    arns = list(dict.fromkeys(service.task_definition for service in services if service.task_definition))
    return dict(zip(arns, place.aws.each(lambda arn: _version(place, arn), arns), strict=True))


def _version(place: Place, arn: str) -> str:
    try:
        definition = place.aws.call("ecs", "describe_task_definition", taskDefinition=arn)["taskDefinition"]
    except OperationError:
        return ""
    containers = definition.get("containerDefinitions") or [{}]
    first = next((each for each in containers if each.get("essential", True)), containers[0])
    return version_of(first["image"]) if first.get("image") else ""
