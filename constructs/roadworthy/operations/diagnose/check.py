"""A point of the checklist, and how a function becomes one."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step

Finder: TypeAlias = Callable[[Live], Iterable[Problem | Skipped]]


class Check(NamedTuple):
    """A registered check.

    Attributes:
        id: its name in kebab-case.
        step: the part of the checklist that it is in.
        stage: how early in the life of a task what it finds goes wrong.
        fact: what is so where it finds nothing, for the tree: "the image is in ECR".
        find: the service -> what is wrong. It lets `OperationError` pass: the check is then skipped.
    """

    id: str
    step: Step
    stage: Stage
    fact: str
    find: Finder


CHECKS: dict[str, Check] = {}


def check(check_id: str, *, step: Step, stage: Stage, fact: str) -> Callable[[Finder], Finder]:
    """Register a function as the check `check_id`.

    Raises:
        ValueError: the id is taken.
    """

    def register(find: Finder) -> Finder:
        if check_id in CHECKS:
            raise ValueError(f"check `{check_id}` is registered twice")
        CHECKS[check_id] = Check(check_id, step, stage, fact, find)
        return find

    return register
