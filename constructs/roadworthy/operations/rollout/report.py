"""A rollout as its listener: the six lines while it goes on, and what it came to."""

import re
from collections.abc import Callable
from typing import Any

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service_deployment import FORWARD
from roadworthy.operations.follow.events import Counted, Ended, Event, Moved, Sides
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.rollout.overlap import Overlap
from roadworthy.operations.rollout.probe import Answered
from roadworthy.operations.rollout.steps import STEP_OF_STAGE, Steps

_STAGE = re.compile(rf"\b({'|'.join(sorted(STEP_OF_STAGE, key=len, reverse=True))})\b")
STARTING = 2  # the step in which green is started
STATUSES = {Outcome.SUCCEEDED: "success", Outcome.ROLLED_BACK: "rolled_back"}


class RolloutReport:
    """Listens to the events of one rollout.

    Attributes:
        steps: where it is.
    """

    def __init__(self, clock: Clock, write: Callable[[str], None]) -> None:
        self.steps = Steps(clock.now, write)
        self._clock = clock
        self._overlap = Overlap()
        self._end: Ended | None = None
        self._has_stages = False

    def __call__(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, Sides):
            self._overlap.take(event, self._clock.now())
        elif isinstance(event, Moved):
            self._move(event)
        elif isinstance(event, Counted):
            self._count(event)
        elif isinstance(event, Ended):
            self._end = event
            if event.outcome is Outcome.SUCCEEDED:
                self.steps.succeed()
            elif event.outcome is not Outcome.PAUSED:
                self.steps.fail(event.why or event.outcome.value)

    def as_json(self, version: str, answered: Answered | None) -> dict[str, Any]:
        """What it came to: `status`, `version`, the times, the steps."""
        outcome = self._end.outcome if self._end else Outcome.NOT_STARTED
        return {
            "status": STATUSES.get(outcome, outcome.value.replace(" ", "_")),
            "version": version,
            "why": self._end.why if self._end else "",
            "deployment": self._end.deployment if self._end else None,
            "overlap_seconds": round(self._overlap.seconds(self._clock.now()), 1),
            "downtime_seconds": round(answered.downtime, 1) if answered else None,
            "probes": {"asked": answered.asked, "failed": answered.failed} if answered else None,
            "steps": self.steps.as_json(),
        }

    def _count(self, event: Counted) -> None:
        """All new tasks of a rolling deployment run: their health is asked, by ECS."""
        if not self._has_stages and self.steps.number == STARTING and 0 < event.desired <= event.running:
            self.steps.enter(STARTING + 1)

    def _move(self, event: Moved) -> None:
        self._has_stages |= event.stage is not None
        if event.status in FORWARD:
            # A rolling deployment has no stages: it starts new tasks, and stops old ones when they are healthy.
            rolling = STARTING if event.status == "IN_PROGRESS" else 0
            self.steps.enter(STEP_OF_STAGE.get(event.stage, 0) if event.stage else rolling)
            return
        # What goes back goes through stages anew; where it failed is in ECS's words alone.
        self.steps.enter(max((STEP_OF_STAGE[stage] for stage in _STAGE.findall(event.why)), default=0))
