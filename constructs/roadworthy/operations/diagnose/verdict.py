"""The answer of a check."""

import enum
from dataclasses import dataclass

from roadworthy.operations.diagnose.check import Check
from roadworthy.operations.diagnose.problem import ERROR, Problem, Skipped


class Status(enum.Enum):
    """Of a check."""

    OK = "ok"
    WARNING = "warning"  # worth knowing; the service lives with it
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Verdict:
    """What a check found, and what of it could not be checked.

    Attributes:
        check: the check.
        problems: what is wrong.
        skips: why it was not made, or not wholly.
    """

    check: Check
    problems: tuple[Problem, ...] = ()
    skips: tuple[Skipped, ...] = ()

    @property
    def status(self) -> Status:
        """What is wrong wins over what could not be checked."""
        if self.problems:
            return Status.BAD if self.bad else Status.WARNING
        return Status.SKIPPED if self.skips else Status.OK

    @property
    def bad(self) -> bool:
        """Whether it found an error."""
        return any(problem.severity == ERROR for problem in self.problems)
