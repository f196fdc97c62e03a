"""The last lines that a task's container wrote.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html (the stream's name)
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from roadworthy.operations.causes.task import culprit
from roadworthy.operations.causes.wording import one_line
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.errors import AccessDeniedError, NotFoundError, OperationError

AWSLOGS = "awslogs"
LINES = 10
LONGEST = 500  # characters of a line; a stack trace in JSON can have many thousands
HIDDEN = "***"
SHORT = 8  # characters; shorter values of the environment ("info", "8080") are no secrets, and stand everywhere
_CREDENTIALS = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")  # postgres://user:password@host


class Stream(NamedTuple):
    """A log stream of CloudWatch Logs."""

    group: str
    name: str
    region: str


class Tail(NamedTuple):
    """The last lines, oldest first, and why there are none where there are none."""

    lines: tuple[str, ...]
    note: str = ""


def tail(cluster: Cluster, task: Task, count: int = LINES) -> Tail:
    """The last lines of the container to which the task's end is due. What cannot be read is a note, never an error.

    Values of the container's environment and passwords in addresses are hidden.
    """
    container = culprit(task)
    try:
        definition = cluster.task_definition(task.task_definition)
        stream = stream_of(definition, task, container.name if container else "")
        if stream is None:
            return Tail((), "its container does not log to CloudWatch Logs with a stream prefix")
        found = _read(cluster, stream, count)
        secrets = list(_environment(definition))
        return found._replace(lines=tuple(_hidden(line, secrets)[:LONGEST] for line in found.lines))
    except AccessDeniedError as error:
        return Tail((), f"its log cannot be read: the credentials lack {error.action}")
    except OperationError as error:
        return Tail((), f"its log cannot be read: {error}")


def last_lines(cluster: Cluster, task: Task, count: int = LINES) -> tuple[str, ...]:
    """The last lines, oldest first; none where they cannot be read."""
    return tail(cluster, task, count).lines


def stream_of(definition: Mapping[str, Any], task: Task, container: str) -> Stream | None:
    """Where a container of a task writes to; None where that is not CloudWatch Logs, or has no prefix."""
    for each in definition.get("containerDefinitions") or []:
        logging = each.get("logConfiguration") or {}
        options = logging.get("options") or {}
        group, prefix = options.get("awslogs-group"), options.get("awslogs-stream-prefix")
        if each.get("name") == container and logging.get("logDriver") == AWSLOGS and group and prefix:
            return Stream(group, f"{prefix}/{container}/{task.id}", options.get("awslogs-region", ""))
    return None


def _read(cluster: Cluster, stream: Stream, count: int) -> Tail:
    if stream.region not in {"", cluster.aws.region}:
        return Tail((), f"its log is in {stream.region}: group {stream.group}, stream {stream.name}")
    try:
        answer = cluster.aws.call(
            "logs", "get_log_events", logGroupName=stream.group, logStreamName=stream.name, limit=count
        )
    except NotFoundError:
        return Tail((), f"it wrote nothing: group {stream.group} has no stream {stream.name}")
    lines = tuple(one_line(event.get("message", "")) for event in answer.get("events", []))
    return Tail(lines, "" if lines else f"it wrote nothing to group {stream.group}, stream {stream.name}")


def _environment(definition: Mapping[str, Any]) -> Iterable[str]:
    """The values of all environment variables that are long enough to be worth hiding, the longest first."""
    containers = definition.get("containerDefinitions") or []
    values = {str(each.get("value", "")) for container in containers for each in container.get("environment") or []}
    return sorted((value for value in values if len(value) >= SHORT), key=len, reverse=True)


def _hidden(line: str, values: Iterable[str]) -> str:
    for value in values:
        line = line.replace(value, HIDDEN)
    return _CREDENTIALS.sub(rf"\1:{HIDDEN}@", line)
