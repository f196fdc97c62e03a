"""`stop-task`: stop tasks of a service, with a reason; ECS starts others in their place."""

from collections.abc import Sequence

from roadworthy.operations.ecs.task import Task
from roadworthy.operations.errors import NotFoundError, OperationError
from roadworthy.operations.place import Target
from roadworthy.operations.targets import target_health

SHORTEST = 4  # digits of a task's id that name it


def chosen(target: Target, ids: Sequence[str]) -> list[Task]:
    """The running tasks whose ids begin so.

    Raises:
        NotFoundError: a text begins no task's id.
        OperationError: one begins several, or is too short.
    """
    tasks = target.cluster.tasks(target.cluster.task_arns(target.name))
    return list({task.arn: task for each in ids for task in [_one(target, each, tasks)]}.values())


def unhealthy(target: Target) -> list[Task]:
    """The running tasks that are unhealthy: by their own health check, or by a load balancer's."""
    service = target.cluster.service(target.name)
    tasks = target.cluster.tasks(target.cluster.task_arns(target.name))
    bad = {each.id for each in target_health(target, service) if each.state == "unhealthy"}
    return [task for task in tasks if task.health == "UNHEALTHY" or bad & set(_addresses(task))]


def stop_all(target: Target, tasks: Sequence[Task], reason: str) -> None:
    """Stop them all; one that cannot be stopped keeps none of the others.

    Raises:
        OperationError: of the first that could not be stopped; of several, the message says which were.
    """
    errors = {task.id: error for task in tasks if (error := _refusal(target, task, reason))}
    if not errors:
        return
    first = next(iter(errors.values()))
    if len(tasks) > 1:
        stopped = ", ".join(task.id[:8] for task in tasks if task.id not in errors) or "none"
        first.args = (f"{len(errors)} of {len(tasks)} tasks could not be stopped: {first}; stopped: {stopped}",)
    raise first


def _refusal(target: Target, task: Task, reason: str) -> OperationError | None:
    try:
        stop(target, task, reason)
    except OperationError as error:
        return error
    return None


def stop(target: Target, task: Task, reason: str) -> None:
    """Stop one.

    Raises:
        OperationError: AWS refuses, or cannot be asked.
    """
    target.cluster.aws.call("ecs", "stop_task", cluster=target.cluster.name, task=task.arn, reason=reason)


def _one(target: Target, given: str, tasks: list[Task]) -> Task:
    id = given.rpartition("/")[2]
    if len(id) < SHORTEST:
        raise OperationError(f"task {given!r} is too short: give {SHORTEST} digits of its id, or more")
    found = [task for task in tasks if task.id.startswith(id)]
    if not found:
        known = ", ".join(task.id[:8] for task in tasks) or "none"
        raise NotFoundError(f"no task `{given}` of {target.words} runs; running: {known}")
    if len(found) > 1:
        raise OperationError(f"task {given!r} may be {' or '.join(task.id for task in found)}: give more digits")
    return found[0]


def _addresses(task: Task) -> list[str]:
    """The private IP addresses of a task's network interfaces."""
    details = [each for attachment in task.raw.get("attachments") or [] for each in attachment.get("details") or []]
    return [each["value"] for each in details if each.get("name") == "privateIPv4Address"]
