"""Looking at many deployments at once, in as few calls as ECS takes."""

from collections.abc import Iterable, Iterator, Sequence

from roadworthy.operations.causes import cause_of_task
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.errors import AccessDeniedError, NotFoundError, RefusedError
from roadworthy.operations.follow.by_rollout import by_rollout
from roadworthy.operations.follow.events import Event, Noted
from roadworthy.operations.follow.tracked import Tracked
from roadworthy.operations.logs import last_lines
from roadworthy.operations.targets import target_health

# Deployments of which stopped tasks and targets are asked for at each look; of more, tasks only where some have failed.
FEW = 10
LOG_LINES = 10


def look(tracked: Sequence[Tracked]) -> Iterator[Event]:
    """What is new of these deployments.

    Raises:
        OperationError: AWS cannot be asked.
    """
    for cluster, group in _by_cluster(tracked).items():
        services = cluster.services(each.started.target.name for each in group)
        known = cluster.deployments([each.started.deployment for each in group if each.started.deployment])
        for each in group:
            yield from _take_in(each, services.get(each.started.target.name), known)
        asked = [each for each in group if not each.blind and (len(group) <= FEW or each.suspicious())]
        for events in cluster.aws.each(failures, asked):
            yield from events
        for each in group:
            yield from each.fail_by_events()
        balanced = [each for each in group if len(group) <= FEW and not each.deaf and each.service is not None]
        for events in cluster.aws.each(answers, balanced):
            yield from events


def failures(tracked: Tracked) -> list[Event]:
    """The tasks of a deployment that failed since the last look, with their causes and their last lines."""
    try:
        return _failures(tracked)
    except AccessDeniedError as error:
        tracked.blind = True
        return [Noted(tracked.started.target, f"why tasks fail cannot be told: {error}", "warning")]


def answers(tracked: Tracked) -> list[Event]:
    """What changed in the health of the targets."""
    if tracked.service is None:
        return []
    try:
        return list(tracked.answer(target_health(tracked.started.target, tracked.service)))
    except (AccessDeniedError, NotFoundError, RefusedError):
        tracked.deaf = True  # at the end it is told that the health is not certain
        return []


def _failures(tracked: Tracked) -> list[Event]:
    cluster, target = tracked.started.target.cluster, tracked.started.target
    new = [arn for arn in cluster.task_arns(target.name, stopped=True) if arn not in tracked.seen_tasks]
    tasks = cluster.tasks(new)
    tracked.seen_tasks.update(new)
    events: list[Event] = []
    for task in sorted(tasks, key=lambda each: each.stopped.timestamp() if each.stopped else 0.0):
        cause = cause_of_task(task) if tracked.ours(task) else None
        if cause:
            first = cause not in tracked.causes
            events.append(tracked.fail(task, cause, last_lines(cluster, task, LOG_LINES) if first else ()))
    return events


def _take_in(tracked: Tracked, service: Service | None, known: dict[str, ServiceDeployment]) -> Iterator[Event]:
    if service is None:
        tracked.gone = True
        return
    deployment = known.get(tracked.started.deployment or "")
    yield from tracked.see(service, deployment or by_rollout(tracked.started, service, failed=tracked.failed_rollout))


def _by_cluster(tracked: Iterable[Tracked]) -> dict[Cluster, list[Tracked]]:
    groups: dict[Cluster, list[Tracked]] = {}
    for each in tracked:
        groups.setdefault(each.started.target.cluster, []).append(each)
    return groups
