"""Which of the things that are wrong explains the others."""

from collections.abc import Sequence
from typing import NamedTuple

from roadworthy.operations.diagnose.check import Check
from roadworthy.operations.diagnose.problem import ERROR, Problem
from roadworthy.operations.diagnose.stage import Stage
from roadworthy.operations.diagnose.verdict import Verdict


class RootCause(NamedTuple):
    """The problem to begin with.

    Attributes:
        check: which found it.
        problem: it.
        explains: the ids of the other checks that it explains, in the checklist's order.
    """

    check: Check
    problem: Problem
    explains: tuple[str, ...]


def root_cause(verdicts: Sequence[Verdict]) -> RootCause | None:
    """The error of the earliest stage: a task that cannot be pulled has no healthy target, and ends no deployment.

    At the same stage what ECS saw goes before what only a look at the service tells, and what it saw more often
    before what it saw less. Where tasks did start, what only a look tells of the stages before is for the next ones.
    None where nothing is bad.
    """
    errors = [(each.check, problem) for each in verdicts for problem in each.problems if problem.severity == ERROR]
    if not errors:
        return None
    started = any(problem.evidence and Stage.START <= check.stage <= Stage.HEALTH for check, problem in errors)
    check, problem = min(errors, key=lambda error: _rank(*error, started=started))
    later = [each.check.id for each in verdicts if each.bad and each.check.stage > check.stage]
    same = [other.id for other, each in errors if other.stage == check.stage and other != check]
    return RootCause(check, problem, tuple(id for id in dict.fromkeys([*same, *later]) if id != check.id))


def _rank(check: Check, problem: Problem, *, started: bool) -> tuple[bool, int, bool, int]:
    is_to_come = started and not problem.evidence and check.stage < Stage.START
    return is_to_come, check.stage, not problem.evidence, -problem.times
