"""What load balancers see of ECS's tasks: their targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Service, Task


class Target(NamedTuple):
    """A target with its health, in the words of Elastic Load Balancing; a healthy one has no reason."""

    address: str
    port: int
    zone: str
    state: str
    reason: str | None = None
    description: str | None = None


def target_groups(plane: Plane) -> dict[str, int]:
    """The ARNs of the target groups that services use, with the ports of their containers."""
    return {arn: port for service in plane.services() for arn, port in groups_of(service)}


def groups_of(service: Service) -> Iterator[tuple[str, int]]:
    """The target groups of a service, with the port of its container; of two, the alternate one comes second."""
    for balancer in service.settings.get("loadBalancers") or ():
        port = int(balancer.get("containerPort", 80))
        alternate = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        yield from ((arn, port) for arn in (balancer.get("targetGroupArn"), alternate) if arn)


def targets_in(plane: Plane, group: str) -> list[Target]:
    """The targets in a target group, in the order of their start."""
    port = target_groups(plane).get(group, 80)
    tasks = (task for cluster in plane.clusters.values() for task in cluster.tasks.values())
    return [_target(task, port) for task in tasks if _group_of(task) == group and _registered(task)]


def _group_of(task: Task) -> str | None:
    return task.deployment.revision.target_group if task.deployment else None


def _registered(task: Task) -> bool:
    return task.running_at is not None and task.stopped_at is None


def _target(task: Task, port: int) -> Target:
    target = Target(task.address, port, task.zone, "healthy")
    if task.desired == "STOPPED":
        text = "Target deregistration is in progress"
        return target._replace(state="draining", reason="Target.DeregistrationInProgress", description=text)
    reason = task.fault.target_reason if task.fault else ""
    if task.unhealthy and reason:
        return target._replace(state="unhealthy", reason=reason, description=task.unhealthy)
    if task.healthy or task.unhealthy:
        return target
    text = "Initial health checks in progress"
    return target._replace(state="initial", reason="Elb.InitialHealthChecking", description=text)
