"""What load balancers see of ECS's tasks: their targets, and the weights of the traffic.

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


class Targets:
    """The tasks of a control plane, as targets."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def groups(self) -> dict[str, int]:
        """The ARNs of the target groups that services use, with their ports."""
        return {arn: port for service in self._plane.services() for arn, port in _groups_of(service)}

    def of(self, group: str) -> list[Target]:
        """The targets in a target group, in the order of their start."""
        port = self.groups().get(group, 80)
        tasks = (task for cluster in self._plane.clusters.values() for task in cluster.tasks.values())
        registered = (task for task in tasks if _group_of(task) == group and task.running_at and not task.stopped_at)
        return [_target(task, port) for task in registered]

    def weight(self, group: str) -> int | None:
        """The share of the production traffic that ECS gives to a target group, in percent; None: it leaves it."""
        for service in self._plane.services():
            if service.strategy != "ROLLING" and any(arn == group for arn, _ in _groups_of(service)):
                return round(sum(weight for arn, weight in self._shares(service) if arn == group))
        return None

    def _shares(self, service: Service) -> Iterator[tuple[str | None, float]]:
        """Target groups with the traffic of the revisions behind them."""
        for arn, weight in service.production.items():
            if revision := self._plane.revisions.get(arn):
                yield revision.target_group, weight


def _groups_of(service: Service) -> Iterator[tuple[str, int]]:
    for balancer in service.settings.get("loadBalancers") or ():
        port = int(balancer.get("containerPort", 80))
        alternate = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        yield from ((arn, port) for arn in (balancer.get("targetGroupArn"), alternate) if arn)


def _group_of(task: Task) -> str | None:
    return task.deployment.revision.target_group if task.deployment else None


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
