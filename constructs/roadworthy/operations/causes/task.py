"""Why a task stopped.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.exits import OUT_OF_MEMORY, cause_of_exit, first_to_end
from roadworthy.operations.causes.families import FAMILIES
from roadworthy.operations.causes.own_words import own_words, speaks_of_trouble
from roadworthy.operations.causes.values import values_of
from roadworthy.operations.causes.wording import cause_of_text, has, one_line
from roadworthy.operations.ecs.task import Task, TaskContainer

UNHEALTHY = "UNHEALTHY"
BY_USER, BY_SCHEDULER = "UserInitiated", "ServiceSchedulerInitiated"
NORMAL = r"scaling activity initiated|service scheduler initiated|task stopped by user|rebalanc"
EXITED = r"essential container in task exited|essential container exited"


def cause_of_task(task: Task, definition: Mapping[str, Any] | None = None, log: Sequence[str] = ()) -> Cause | None:
    """Why the task stopped; None while it runs, and when somebody or a scale-in stopped it.

    Args:
        task: the task.
        definition: its task definition, as DescribeTaskDefinition tells of it: it names the log group.
        log: the last lines of the container that ended.
    """
    reason = one_line(task.stopped_reason)
    if task.stop_code == BY_USER or has(NORMAL, reason) or not (task.stop_code or reason):
        return None
    container = culprit(task)
    texts = [one_line(f"{task.stop_code}: {reason}"), one_line(container.reason) if container else ""]
    causes = (_of_text(text, container, definition) for text in texts if text and not has(EXITED, text))
    told = next(filter(None, causes), None)
    if told is None and container and task.stop_code != BY_SCHEDULER:
        told = _of_exit(task, container, log)
    return told or _unknown(task)


def culprit(task: Task) -> TaskContainer | None:
    """The container that the cause is about: unhealthy, or the first to end, or the only one."""
    sick = [each for each in task.containers if each.health == UNHEALTHY]
    return next(iter(sick), None) or first_to_end(task.containers) or next(iter(task.containers), None)


def _of_exit(task: Task, container: TaskContainer, log: Sequence[str]) -> Cause | None:
    values = values_of(container.reason, {"container": container.name, "image": container.image})
    by_task = cause_of_text(one_line(task.stopped_reason), (OUT_OF_MEMORY,), values)
    cause = by_task or cause_of_exit(container, values, log)
    ended = [f"{task.stop_code}: {task.stopped_reason}", f"{container.name}: exit code {container.exit_code}"]
    words = "; ".join([*ended, container.reason] if container.reason else ended)
    return replace(cause, evidence=one_line(words)) if cause else None


def _of_text(text: str, container: TaskContainer | None, definition: Mapping[str, Any] | None) -> Cause | None:
    known = {"container": container.name, "image": container.image} if container else {}
    return cause_of_text(text, FAMILIES, values_of(text, known | _log_group(container, definition)))


def _log_group(container: TaskContainer | None, definition: Mapping[str, Any] | None) -> dict[str, str]:
    for each in (definition or {}).get("containerDefinitions") or []:
        if container and each.get("name") == container.name:
            options = (each.get("logConfiguration") or {}).get("options") or {}
            return {"log_group": options["awslogs-group"]} if "awslogs-group" in options else {}
    return {}


def _unknown(task: Task) -> Cause | None:
    words = one_line(f"{task.stopped_reason or task.stop_code}")
    if task.stop_code == BY_SCHEDULER and not speaks_of_trouble(words):
        return None
    return own_words(words)
