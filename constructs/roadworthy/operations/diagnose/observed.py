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


def observed(live: Live, stage: Stage) -> list[Problem]:
    """What went wrong at a stage, the most frequent first; nothing that was over before the last success.

    Raises:
        OperationError: AWS cannot be asked.
    """
    return [problem for problem in live.once("observed", lambda: _all(live)) if _stage(problem) is stage]


def _all(live: Live) -> list[Problem]:
    found = _of_events(live)
    said = {problem.kind for problem in found if STAGES.get(problem.kind) is Stage.HEALTH}  # an event says why
    found += [problem for problem in _of_tasks(live) if problem.kind not in said]
    merged: dict[tuple[str, str], Problem] = {}
    for problem in found:
        key = problem.kind, problem.what
        merged[key] = _together(merged[key], problem) if key in merged else problem
    return sorted(merged.values(), key=lambda problem: -problem.times)


def _together(event: Problem, task: Problem) -> Problem:
    return replace(task, times=max(event.times, task.times))


def _stage(problem: Problem) -> Stage:
    return STAGES.get(problem.kind, Stage.START)


def _of_events(live: Live) -> list[Problem]:
    causes = [cause for event in _recent(live) if (cause := cause_of_event(event.message))]
    kept = [cause for cause in causes if cause.kind in STAGES and cause.kind not in TOLD_BY_DEPLOYMENT]
    return [_problem(live, cause, kept.count(cause)) for cause in dict.fromkeys(kept)]


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
        return _problem(live, cause, times)
    found = tail(live.cluster, task)
    better = cause_of_task(task, log=found.lines) or cause
    return replace(_problem(live, better, times), log=found.lines, note=found.note)


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
