"""One step of the migration: start it, look at it, or end it when its time is over.

What is known between two invocations is in `hookDetails`: the task, since when, and how often ECS could not start it.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from deployment_hook import hook
from deployment_hook.troubles import AWS_ERRORS, may_pass
from deployment_migration.task import Exit, MigrationTask, NotStartedError

REASON_LENGTH = 255  # what ECS keeps of a reason is not documented; this is short enough for a line

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """`since` is in seconds since 1970; the names are the keys of `hookDetails`."""

    since: float
    taskArn: str = ""  # noqa: N815 - ECS's own word
    attempt: int = 0

    @classmethod
    def of(cls, details: Mapping[str, Any], now: float) -> "State":
        """What the last answer left; the first invocation finds nothing."""
        since, attempt, task = hook.number(details, "since"), hook.number(details, "attempt"), details.get("taskArn")
        return cls(
            since=now if since is None or since > now else since,
            taskArn=task if isinstance(task, str) else "",
            attempt=int(attempt or 0),
        )


def advance(task: MigrationTask, now: float) -> hook.Answer:
    """Take the next step and give ECS's answer; never raises for an error of AWS."""
    details, name = task.invocation.details, task.invocation.short
    state = State.of(details, now)
    age, limit = now - state.since, task.settings.timeout_seconds
    try:
        state, ended = _step(task, state)
    except AWS_ERRORS as error:
        if not may_pass(error, age):
            return _give_up(task, state, f"AWS says: {error}")
        logger.warning("%s: the migration is asked for again: %s", name, error)
        ended = None
    if ended:
        return _end(task, state, ended)
    if age >= limit:
        return _give_up(task, state, f"not over after {limit} s")
    return hook.again(task.settings.poll_seconds, {**details, **asdict(state)})


def _step(task: MigrationTask, state: State) -> tuple[State, Exit | None]:
    if state.taskArn:
        return state, task.look(state.taskArn)
    found = task.find()
    if found:
        logger.info("%s: the migration was started before: %s", task.invocation.short, found)
        return replace(state, taskArn=found), None
    try:
        started = task.start(state.attempt)
    except NotStartedError as error:
        logger.warning("%s: the migration did not start: %s", task.invocation.short, error)
        # Another token: for the same one ECS may answer the same again.
        return replace(state, attempt=state.attempt + 1), None
    logger.info("%s: the migration started: %s", task.invocation.short, started)
    return replace(state, taskArn=started), None


def _end(task: MigrationTask, state: State, ended: Exit) -> hook.Answer:
    if not ended.stopping:
        # Only a container that is not essential leaves the others of its task behind.
        _stop(task, state, "it is over")
    if not ended.succeeded:
        return _fail(task, state, ended.reason)
    logger.info("%s: the migration succeeded", task.invocation.short)
    return hook.succeeded()


def _give_up(task: MigrationTask, state: State, reason: str) -> hook.Answer:
    _stop(task, state, reason)
    return _fail(task, state, reason)


def _fail(task: MigrationTask, state: State, reason: str) -> hook.Answer:
    logger.error("%s: the migration failed: %s (%s)", task.invocation.short, reason, state.taskArn or "never started")
    return hook.failed()


def _stop(task: MigrationTask, state: State, reason: str) -> None:
    if not state.taskArn:
        return
    try:
        task.stop(state.taskArn, f"migration: {reason}"[:REASON_LENGTH])
    except AWS_ERRORS as error:
        logger.warning("%s: cannot stop %s: %s", task.invocation.short, state.taskArn, error)
