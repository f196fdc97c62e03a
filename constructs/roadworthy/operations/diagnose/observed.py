"""What ECS says went wrong: the causes of tasks that stopped and of events, each told once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from roadworthy.operations.causes import Cause, cause_of_event, cause_of_task
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import ERROR, WARNING, Problem
from roadworthy.operations.diagnose.stage import STAGES, Stage
from roadworthy.operations.ecs.service import ServiceEvent
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.logs import tail

STEADY = "has reached a steady state"
# Which AWS does, and ECS mends by itself.
PASSING = {"spot-interruption", "infrastructure-maintenance", "ecs-throttled"}
# What the end of a deployment tells better.
TOLD_BY_DEPLOYMENT = {"circuit-breaker", "deployment-alarm", "tasks-replaced", "replaced", "rollback-requested"}
WITH_LOG = {Stage.START, Stage.HEALTH}
WITH_REASON = {"target-unhealthy"}


def observed(live: Live, stage: Stage) -> list[Problem]:
    """What went wrong at a stage, the most frequent first; nothing that was over before the last success.

    Raises:
        OperationError: AWS cannot be asked.
    """
    return [problem for found, problem in live.once("observed", lambda: _all(live)) if found is stage]


def _all(live: Live) -> list[tuple[Stage, Problem]]:
    tasks, events = _of_tasks(live), _of_events(live)
    merged = [(STAGES.get(each.kind, Stage.DEPLOYMENT), _with_task(each, tasks)) for each in events]
    merged += [
        (STAGES.get(each.kind, Stage.START), each) for each in tasks if not any(_same(each, event) for event in events)
    ]
    return sorted(merged, key=lambda item: -item[1].times)


def _same(task: Problem, event: Problem) -> bool:
    """Whether an event tells of what a task tells of: in the same words of ECS, or with the reason of its health."""
    _, _, words = task.evidence.partition(": ")  # behind the stop code
    is_quoted = bool(words) and words in event.evidence
    return task.kind == event.kind and (is_quoted or task.what == event.what or STAGES.get(task.kind) is Stage.HEALTH)


def _with_task(event: Problem, tasks: Sequence[Problem]) -> Problem:
    """An event and the task that it tells of as one: a task has more names, but of a target only the event a reason."""
    task = next((each for each in tasks if _same(each, event)), None)
    if task is None:
        return event
    times = max(event.times, task.times)
    if event.kind in WITH_REASON:
        return replace(event, times=times, log=task.log, note=task.note, task=task.task)
    return replace(task, times=times)


def _of_events(live: Live) -> list[Problem]:
    causes = [cause for event in _recent(live) if (cause := cause_of_event(event.message))]
    kept = [cause for cause in causes if cause.kind not in TOLD_BY_DEPLOYMENT]
    found = [_problem(live, cause, kept.count(cause)) for cause in dict.fromkeys(kept)]
    return [each if each.kind in STAGES else replace(each, severity=WARNING) for each in found]


def _recent(live: Live) -> Iterator[ServiceEvent]:
    """The events since the troubled deployment began, or since the service was last steady; newest first."""
    since = live.troubled_since
    for event in live.service.events:
        if event.at < since if since else STEADY in event.message:
            return
        yield event


def _of_tasks(live: Live) -> list[Problem]:
    failed = [(task, cause) for task in live.stopped if _counts(live, task) and (cause := _cause(live, task))]
    newest: dict[Cause, Task] = {}
    for task, cause in failed:
        newest.setdefault(cause, task)
    times = [cause for _, cause in failed]
    return live.aws.each(lambda item: _told(live, *item, times.count(item[0])), newest.items())


def _counts(live: Live, task: Task) -> bool:
    """Whether the task belongs to what is in trouble now."""
    since = live.troubled_since
    if since:
        return task.created is None or task.created >= since
    return live.primary is None or task.started_by == live.primary.id


def _cause(live: Live, task: Task) -> Cause | None:
    return cause_of_task(task, live.task_definition(task.task_definition) if task.task_definition else None)


def _told(live: Live, cause: Cause, task: Task, times: int) -> Problem:
    """The cause with the last lines of the newest of its tasks, which may tell more."""
    if STAGES.get(cause.kind, Stage.START) not in WITH_LOG:
        return replace(_problem(live, cause, times), task=task.id)
    found = tail(live.cluster, task)
    better = cause_of_task(task, log=found.lines) or cause
    return replace(_problem(live, better, times), log=found.lines, note=found.note, task=task.id)


def _problem(live: Live, cause: Cause, times: int) -> Problem:
    return Problem(cause.kind, cause.what, cause.next_step, _severity(live, cause, times), cause.evidence, times)


def _severity(live: Live, cause: Cause, times: int) -> str:
    """A single task that failed, and was replaced, is no more than worth knowing."""
    if cause.kind in PASSING or (live.is_steady and not live.troubled_since and times == 1):
        return WARNING
    return ERROR


def also(problems: Sequence[Problem], others: Sequence[Problem]) -> list[Problem]:
    """`problems`, and of `others` those that say something else."""
    told = {problem.what for problem in problems}
    return [*problems, *(problem for problem in others if problem.what not in told)]
