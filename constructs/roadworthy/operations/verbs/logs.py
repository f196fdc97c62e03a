"""`logs`: what the containers of a service write, oldest first.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from roadworthy.operations.aws import Aws
from roadworthy.operations.clock import Clock
from roadworthy.operations.errors import NotFoundError
from roadworthy.operations.logs import AWSLOGS
from roadworthy.operations.place import Target

LATE = 10.0  # seconds that CloudWatch Logs may take until an event can be found


@dataclass(frozen=True)
class Line:
    """A line of a log.

    Attributes:
        at: when it was written.
        task: the task's id; empty where the stream's name does not tell it.
        container: the container's name.
        text: what was written.
    """

    at: datetime
    task: str
    container: str
    text: str


@dataclass(frozen=True)
class Source:
    """Where a container writes: a log group, what its streams' names begin with, and the group's region."""

    container: str
    group: str
    prefix: str
    region: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which lines.

    Attributes:
        since: seconds since the epoch from which on.
        container: of which container; None: of all.
        task: the first digits of a task's id; None: of all tasks.
        pattern: a filter pattern of CloudWatch Logs; None: all lines.
    """

    since: float
    container: str | None = None
    task: str | None = None
    pattern: str | None = None


def sources(target: Target, container: str | None) -> list[Source]:
    """Where the service's containers write.

    Raises:
        NotFoundError: there is no such container, or none of them writes to CloudWatch Logs.
        OperationError: AWS cannot be asked.
    """
    service = target.cluster.service(target.name)
    definition = target.cluster.task_definition(service.task_definition)
    containers = definition.get("containerDefinitions") or []
    names = [each["name"] for each in containers]
    if container is not None and container not in names:
        raise NotFoundError(f"{target.words}: no container `{container}`; it has {', '.join(names)}")
    chosen = [each for each in containers if container in {None, each["name"]}]
    found = [source for each in chosen for source in _source(each)]
    if not found:
        raise NotFoundError(f"{target.words}: its containers do not write to CloudWatch Logs (log driver awslogs)")
    return found


def read(target: Target, found: Sequence[Source], wanted: Wanted, seen: set[str]) -> list[Line]:
    """The lines that are not yet seen, oldest first; `seen` takes their ids in."""
    lines = [line for source in found for line in _lines(target, source, wanted, seen)]
    return sorted(lines, key=lambda line: line.at)


def follow(target: Target, found: Sequence[Source], wanted: Wanted, clock: Clock, poll: float) -> Iterator[Line]:
    """The lines as they come, for ever."""
    seen: set[str] = set()
    since = wanted.since
    while True:
        for line in read(target, found, replace(wanted, since=since), seen):
            yield line
            since = max(since, line.at.timestamp() - LATE)  # the lines' clock: ours may be minutes off
        clock.sleep(poll)


def _source(container: Mapping[str, Any]) -> Iterator[Source]:
    logging = container.get("logConfiguration") or {}
    options = logging.get("options") or {}
    if logging.get("logDriver") == AWSLOGS and options.get("awslogs-group"):
        name, prefix = container["name"], options.get("awslogs-stream-prefix")
        streams = f"{prefix}/{name}/" if prefix else ""
        yield Source(name, options["awslogs-group"], streams, options.get("awslogs-region", ""))


def _lines(target: Target, source: Source, wanted: Wanted, seen: set[str]) -> Iterator[Line]:
    for event in _events(target, source, wanted):
        id = event.get("eventId", "")
        if id not in seen and "timestamp" in event:
            seen.add(id)
            task = event.get("logStreamName", "").removeprefix(source.prefix) if source.prefix else ""
            at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            yield Line(at, task, source.container, event.get("message", "").rstrip("\n"))


def _events(target: Target, source: Source, wanted: Wanted) -> list[dict[str, Any]]:
    aws = target.cluster.aws
    if source.region not in {"", aws.region}:
        aws = Aws(aws.session, source.region)
    try:
        return aws.pages(
            "logs",
            "filter_log_events",
            "events",
            logGroupName=source.group,
            logStreamNamePrefix=f"{source.prefix}{wanted.task or ''}" or None,
            startTime=max(0, int(wanted.since * 1000)),
            filterPattern=wanted.pattern,
        )
    except NotFoundError as error:
        raise NotFoundError(
            f"{target.words}: no log group {source.group} in {aws.region}, where container `{source.container}` "
            "writes: create it, or correct awslogs-group"
        ) from error
