"""`status`: how a service is, now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import LIVE, ServiceDeployment
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.errors import OperationError
from roadworthy.operations.follow.health import Verdict, judge
from roadworthy.operations.place import Target
from roadworthy.operations.targets import TargetHealth, target_health


@dataclass(frozen=True)
class Status:
    """How a service is.

    Attributes:
        target: which.
        service: as ECS tells of it.
        deployments: those that go on, newest first.
        tasks: those that run or start.
        targets: of its load balancers.
        verdict: what it comes to.
        untold: what could not be asked, in words.
    """

    target: Target
    service: Service
    deployments: tuple[ServiceDeployment, ...]
    tasks: tuple[Task, ...]
    targets: tuple[TargetHealth, ...]
    verdict: Verdict
    untold: tuple[str, ...]


def status(target: Target) -> Status:
    """Ask how a service is.

    Raises:
        OperationError: it does not exist, or AWS cannot be asked for it.
    """
    service = target.cluster.service(target.name)
    untold: list[str] = []
    questions: tuple[Callable[[], list[Any]], ...] = (
        lambda: _live(target),
        lambda: target.cluster.tasks(target.cluster.task_arns(target.name)),
        lambda: target_health(target, service),
    )
    deployments, tasks, targets = target.cluster.aws.each(lambda ask: _tolerantly(ask, untold), questions)
    verdict = judge(service, targets)
    return Status(target, service, tuple(deployments), tuple(tasks), tuple(targets), verdict, tuple(untold))


def _live(target: Target) -> list[ServiceDeployment]:
    listed = target.cluster.deployments_of(target.name, *LIVE)
    return list(target.cluster.deployments([each.arn for each in listed]).values())


def _tolerantly(ask: Callable[[], list[Any]], untold: list[str]) -> list[Any]:
    """What is answered; nothing, and a word about it, where it may not be asked."""
    try:
        return ask()
    except OperationError as error:
        untold.append(str(error))
        return []
