"""What an update came to."""

import enum
from typing import Any

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.clock import Clock
from roadworthy.operations.rollout.probe import Answered
from roadworthy.operations.rollout.steps import Steps


class Status(enum.Enum):
    """How it ended, with the exit code."""

    exit_code: ExitCode

    def __new__(cls, value: str, exit_code: ExitCode) -> "Status":
        """A status and its code."""
        member = object.__new__(cls)
        member._value_ = value
        member.exit_code = exit_code
        return member

    SUCCESS = "success", ExitCode.OK
    ROLLED_BACK = "rolled_back", ExitCode.FAILED  # the old version serves
    FAILED = "failed", ExitCode.FAILED  # there was no old version
    CANCELLED = "cancelled", ExitCode.INTERRUPTED  # the old version serves
    ROLLBACK_FAILED = "rollback_failed", ExitCode.ROLLBACK_FAILED


class Report:
    """Filled in while the update goes on.

    Attributes:
        steps: the six.
        status: how it ended.
        why: what ended it, where it did not end well.
        version: which one serves now; empty: none.
        measurable: whether the old version answered when the update began: what was away cannot go away.
    """

    def __init__(self, steps: Steps, clock: Clock) -> None:
        self.steps = steps
        self.status = Status.FAILED
        self.why = ""
        self.version = ""
        self.measurable = False
        self._clock = clock
        self._since: float | None = None
        self._overlap = 0.0

    def both_run(self, *, both: bool) -> None:
        """From now on both versions run, or no longer."""
        if both and self._since is None:
            self._since = self._clock.now()
        elif not both and self._since is not None:
            self._overlap += self._clock.now() - self._since
            self._since = None

    @property
    def overlap(self) -> float:
        """Seconds in which both ran."""
        return self._overlap + (self._clock.now() - self._since if self._since is not None else 0.0)

    def as_json(self, container: str, image: str, answered: Answered | None) -> dict[str, Any]:
        """It as plain JSON, with what the probe of the production port found."""
        found = answered if self.measurable else None
        return {
            "status": self.status.value,
            "version": self.version,
            "why": self.why,
            "container": container,
            "image": image,
            "overlap_seconds": round(self.overlap, 1),
            "downtime_seconds": round(found.downtime, 1) if found else None,
            "probes": {"asked": found.asked, "failed": found.failed} if found else None,
            "steps": self.steps.as_json(),
        }
