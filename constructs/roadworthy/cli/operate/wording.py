"""How the events of a deployment read: one line each, indented ones for what belongs to it."""

import re
from collections.abc import Iterator

from roadworthy.operations.follow.events import (
    Answering,
    Began,
    Counted,
    Ended,
    Event,
    Failed,
    Level,
    Moved,
    Noted,
    Said,
    Shifted,
)
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.report.words import shown

_STATUSES = {
    "PENDING": "waits for its turn",
    "STOP_REQUESTED": "is being stopped",
    "STOPPED": "was stopped",
    "ROLLBACK_REQUESTED": "is about to be rolled back",
    "ROLLBACK_IN_PROGRESS": "is being rolled back",
    "ROLLBACK_SUCCESSFUL": "was rolled back",
    "ROLLBACK_FAILED": "could not be rolled back",
    "SUCCESSFUL": "succeeded",
}
_MARKS = {Outcome.PAUSED: "‖"}
_SERVICE = re.compile(r"^\(service [^)]+\)(?:,)? ")
_ARN = re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:[\w-]+/([\w-]+)(?:/\w+)?")
_TASK = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")
_LEVELS = {"info": "", "warning": "warning: ", "error": "error: "}


def lines(event: Event) -> Iterator[str]:
    """The lines of an event; none where it says nothing to a reader."""
    name = event.target.words
    match event:
        case Began():
            which = f"deployment {event.deployment.rpartition('/')[2]}" if event.deployment else "deployment"
            of = f" of {short(event.task_definition)}" if event.task_definition else ""
            yield f"{name}: {which}{of}"
        case Moved():
            yield from _moved(event)
        case Counted():
            failed = f", {event.failed} failed" if event.failed else ""
            yield f"{name}: {event.running} of {event.desired} new tasks run, {event.pending} starting{failed}"
        case Shifted():
            yield f"{name}: the new version has {event.percent:g} % of the traffic"
        case Answering():
            why = f" ({', '.join(event.reasons)})" if event.reasons else ""
            states = ", ".join(f"{count} {state}{why if state == 'unhealthy' else ''}" for state, count in event.states)
            yield f"{name}: targets: {states}"
        case Said():
            yield f"{name}: ECS: {shown(brief(event.message))}"
        case Failed():
            yield from _failed(event)
        case Noted():
            yield f"{name}: {_LEVELS[event.level]}{event.text}"
        case Ended():
            yield from _ended(event)


def level(event: Event) -> Level:
    """How grave an event is."""
    if isinstance(event, Noted):
        return event.level
    if isinstance(event, Failed) or (isinstance(event, Ended) and not event.well):
        return "error"
    return "info"


def short(arn: str) -> str:
    """The last part of an ARN: "web:12"."""
    return arn.rpartition("/")[2]


def brief(message: str) -> str:
    """An event of ECS without what every one has, tasks and ARNs as short as a reader needs them."""
    text = _SERVICE.sub("", message)
    return _TASK.sub(r"\1", _ARN.sub(r"\1", text)).removesuffix(".")


def seconds(value: float) -> str:
    """95.2 -> "1m 35s"."""
    minutes, rest = divmod(round(value), 60)
    return f"{minutes}m {rest}s" if minutes else f"{rest}s"


def _moved(event: Moved) -> Iterator[str]:
    why = f": {shown(event.why)}" if event.why else ""
    if event.status in _STATUSES:
        yield f"{event.target.words}: {_STATUSES[event.status]}{why}"
    elif event.stage:
        yield f"{event.target.words}: {event.stage.replace('_', ' ').lower()}"


def _failed(event: Failed) -> Iterator[str]:
    times = f" ({event.times} times)" if event.times > 1 else ""
    what = f"task {event.task[:8]} failed{times}" if event.task else f"trouble{times}"
    yield f"{event.target.words}: {what}: {shown(event.cause.what)}"
    if event.times == 1:
        yield f"    next: {shown(event.cause.next_step)}"
        for line in event.log:
            yield f"    | {shown(line)}"


def _ended(event: Ended) -> Iterator[str]:
    after = f" after {seconds(event.seconds)}" if event.seconds else ""
    why = f": {shown(event.why)}" if event.why else ""
    mark = "✓" if event.well else _MARKS.get(event.outcome, "✗")
    yield f"{mark} {event.target.words}: {event.outcome.value}{after}{why}"
    if event.causes and not event.well:
        yield f"    next: {shown(event.causes[0].next_step)}"
