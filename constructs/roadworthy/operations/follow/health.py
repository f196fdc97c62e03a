"""Whether a service answers after a deployment: "stable" only says that ECS has stopped changing it."""

import enum
from dataclasses import dataclass

from roadworthy.operations.ecs.service import Service
from roadworthy.operations.errors import OperationError
from roadworthy.operations.place import Target
from roadworthy.operations.targets import target_health


class Health(enum.Enum):
    """What can be said of a service."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Verdict:
    """What was found, and in which words."""

    health: Health
    words: str


def health(target: Target) -> Verdict:
    """Ask how the service is: its tasks, and its load balancers' targets."""
    try:
        service = target.cluster.service(target.name)
        return judge(service, [each.state for each in target_health(target, service)])
    except OperationError as error:
        return Verdict(Health.INCONCLUSIVE, str(error))


def judge(service: Service, states: list[str]) -> Verdict:
    """What the numbers say.

    Args:
        service: the service.
        states: of its load balancers' targets; draining and unused ones do not count.
    """
    tasks = f"{service.running} of {service.desired} tasks run"
    healthy, bad = states.count("healthy"), states.count("unhealthy")
    if service.running < service.desired:
        return Verdict(Health.INCONCLUSIVE, f"{tasks}, {service.pending} are starting")
    if not service.target_groups:
        return Verdict(Health.HEALTHY, tasks)
    if bad and not healthy:
        return Verdict(Health.UNHEALTHY, f"{tasks}, and no target is healthy: {bad} unhealthy")
    if bad or healthy < service.desired:
        return Verdict(Health.INCONCLUSIVE, f"{tasks}, {healthy} targets are healthy, {bad} are not")
    return Verdict(Health.HEALTHY, f"{tasks}, {healthy} targets are healthy")
