"""What is told while deployments are followed; a terminal, a log and the records each listen to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from roadworthy.operations.causes import Cause
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.place import Target

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Began:
    """A deployment was started, or found going on.

    Attributes:
        target: of which service.
        deployment: its ARN; None where ECS keeps no service deployments.
        task_definition: the ARN of what is rolled out.
    """

    target: Target
    deployment: str | None
    task_definition: str


@dataclass(frozen=True)
class Counted:
    """The numbers of tasks changed: of the new rollout, and of the whole service."""

    target: Target
    desired: int
    running: int
    pending: int
    failed: int
    total: int


@dataclass(frozen=True)
class Moved:
    """The deployment entered a status or a lifecycle stage; `why` has ECS's words where it goes back."""

    target: Target
    status: str
    stage: str | None
    why: str


@dataclass(frozen=True)
class Sides:
    """The numbers of running tasks of the new version and of the old one changed."""

    target: Target
    new_running: int
    old_running: int


@dataclass(frozen=True)
class Shifted:
    """The new version's share of the production traffic changed, in percent."""

    target: Target
    percent: float


@dataclass(frozen=True)
class Answering:
    """The states of the targets behind the service's load balancers changed.

    Attributes:
        target: of which service.
        states: state -> how many targets: {"healthy": 1, "unhealthy": 1}, sorted by state.
        reasons: the reason codes of the unhealthy ones: ("Target.ResponseCodeMismatch",).
    """

    target: Target
    states: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """ECS wrote a line into the service's events."""

    target: Target
    at: datetime
    message: str


@dataclass(frozen=True)
class Failed:
    """A task of the new rollout failed.

    Attributes:
        target: of which service.
        task: the task's id; None where ECS could not even start one.
        cause: why, and what to do.
        log: the last lines that it wrote.
        times: how many tasks failed in this way so far.
    """

    target: Target
    task: str | None
    cause: Cause
    log: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class Noted:
    """Something that we did or saw."""

    target: Target
    text: str
    level: Level = "info"


@dataclass(frozen=True)
class Ended:
    """How it ended.

    Attributes:
        target: of which service.
        outcome: how.
        why: in one line; empty where there is nothing to say.
        seconds: from its start.
        causes: why tasks failed, the most frequent first.
        deployment: its ARN, if it has one.
        task_definition: the ARN of what was rolled out; empty where nothing was started.
        replaced_by: the ARN of the deployment that took its place.
        error: what made it impossible to start or to follow.
        wanted: the outcome that was wanted: of a rollback another one.
        rolled_back: whether what ran before runs again.
    """

    target: Target
    outcome: Outcome
    why: str = ""
    seconds: float = 0.0
    causes: tuple[Cause, ...] = ()
    deployment: str | None = None
    task_definition: str = ""
    replaced_by: str | None = None
    error: Exception | None = None
    wanted: Outcome = Outcome.SUCCEEDED
    rolled_back: bool = False

    @property
    def well(self) -> bool:
        """Whether it ended as it was wanted."""
        return self.outcome is self.wanted


Event = Began | Counted | Moved | Sides | Shifted | Answering | Said | Failed | Noted | Ended
Listener = Callable[[Event], None]
