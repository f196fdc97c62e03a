"""Whether a service answers after a deployment: "stable" only says that ECS has stopped changing it."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from roadworthy.operations.ecs.service import Service
from roadworthy.operations.errors import OperationError
from roadworthy.operations.place import Target
from roadworthy.operations.targets import TargetHealth, target_health


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
        return judge(service, target_health(target, service))
    except OperationError as error:
        return Verdict(Health.INCONCLUSIVE, str(error))


def judge(service: Service, targets: Sequence[TargetHealth]) -> Verdict:
    """What the numbers say.

    Args:
        service: the service.
        targets: of its load balancers; draining and unused ones do not count.
    """
    tasks = f"{service.running} of {service.desired} tasks run"
    healthy, bad = _count(targets, "healthy"), _count(targets, "unhealthy")
    if service.running < service.desired:
        return Verdict(Health.INCONCLUSIVE, f"{tasks}, {service.pending} are starting")
    if not service.target_groups:
        return Verdict(Health.HEALTHY, tasks)
    for group, members in groupby(sorted(targets, key=_group), key=_group):
        states = [each.state for each in members]
        if "unhealthy" in states and "healthy" not in states:
            ill = f"no target is healthy in {group}: {states.count('unhealthy')} unhealthy"
            return Verdict(Health.UNHEALTHY, f"{tasks}, and {ill}")
    if bad or healthy < service.desired:
        return Verdict(Health.INCONCLUSIVE, f"{tasks}, {healthy} targets are healthy, {bad} are not")
    return Verdict(Health.HEALTHY, f"{tasks}, {healthy} targets are healthy")


def _count(targets: Sequence[TargetHealth], state: str) -> int:
    return sum(each.state == state for each in targets)


def _group(target: TargetHealth) -> str:
    return target.group
