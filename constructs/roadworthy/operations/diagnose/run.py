"""Service -> diagnosis."""

from collections.abc import Sequence
from dataclasses import dataclass

from roadworthy.operations.clock import Clock
from roadworthy.operations.diagnose.check import Check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.ranking import RootCause, root_cause
from roadworthy.operations.diagnose.registry import all_checks
from roadworthy.operations.diagnose.verdict import Verdict
from roadworthy.operations.errors import AccessDeniedError, OperationError
from roadworthy.operations.place import Target


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a service.

    Attributes:
        target: which service.
        verdicts: of each check, in the checklist's order.
        root_cause: the problem to begin with; None where nothing is bad.
    """

    target: Target
    verdicts: tuple[Verdict, ...]
    root_cause: RootCause | None

    @property
    def well(self) -> bool:
        """Whether nothing is bad."""
        return self.root_cause is None


def diagnose(target: Target, clock: Clock, checks: Sequence[Check] | None = None) -> Diagnosis:
    """Make all checks, at the same time.

    Args:
        target: the service.
        clock: tells the time.
        checks: which; None: all.

    Raises:
        OperationError: there is no such service, or AWS cannot be asked for it. What else cannot be asked is skipped.
    """
    live = Live(target, clock)
    wanted = all_checks() if checks is None else checks
    verdicts = tuple(live.aws.each(lambda check: _verdict(check, live), wanted))
    return Diagnosis(target, verdicts, root_cause(verdicts))


def _verdict(check: Check, live: Live) -> Verdict:
    problems: list[Problem] = []
    skips: list[Skipped] = []
    try:
        for found in check.find(live):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                skips.append(found)
    except AccessDeniedError as error:
        skips.append(Skipped(f"the credentials lack {error.action}", error.action))
    except OperationError as error:
        skips.append(Skipped(str(error)))
    except Exception as error:  # a bug of ours, which ends no diagnosis; its text may hold what AWS answered
        skips.append(Skipped(f"the check could not finish: {type(error).__name__}"))
    return Verdict(check, tuple(problems), tuple(skips))
