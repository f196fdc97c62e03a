"""The six steps of a rollout: each told once, with a tick when it is done or a cross where it ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace

TITLES = (
    "Building and migrating",
    "Starting the new version (green) next to the old one (blue)",
    "Health gate of the new version",
    "Waiting for the old version's work to end",
    "Switching the traffic",
    "Stopping the old version and verifying",
)
COUNT = len(TITLES)
# Lifecycle stage of ECS -> the step in which it is.
# Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
STEP_OF_STAGE = {
    "RECONCILE_SERVICE": 1,
    "PRE_SCALE_UP": 1,
    "SCALE_UP": 2,
    "POST_SCALE_UP": 3,
    "TEST_TRAFFIC_SHIFT": 3,
    "POST_TEST_TRAFFIC_SHIFT": 3,
    "PRE_PRODUCTION_TRAFFIC_SHIFT": 4,
    "PRODUCTION_TRAFFIC_SHIFT": 5,
    "POST_PRODUCTION_TRAFFIC_SHIFT": 5,
    "BAKE_TIME": 6,
    "CLEAN_UP": 6,
}


@dataclass(frozen=True)
class Step:
    """A step that was entered.

    Attributes:
        number: 1 to 6.
        done: whether it ended well; None: it goes on.
        seconds: how long it took; of one that passed unseen 0.
        why: what ended it, where it did not end well.
        title: what is done in it.
    """

    number: int
    done: bool | None = None
    seconds: float = 0.0
    why: str = ""
    title: str = ""


class Steps:
    """Where a rollout is. Steps that pass unseen between two looks are entered and done all the same.

    Attributes:
        steps: those that were entered.
    """

    def __init__(
        self, now: Callable[[], float], write: Callable[[str], None], titles: tuple[str, ...] = TITLES
    ) -> None:
        """Tell the lines to `write`; `now` gives seconds; `titles` are what is done in the six."""
        self._titles = titles
        self.steps: list[Step] = []
        self._now = now
        self._write = write
        self._entered = 0.0
        self._over = False

    @property
    def number(self) -> int:
        """The present step; 0 before the first."""
        return len(self.steps)

    def enter(self, number: int) -> None:
        """The rollout is in this step; an earlier one is not entered again: canaries go through some several times."""
        for following in range(self.number + 1, number + 1):
            self._finish(done=True)
            if not self._over:
                self.steps.append(Step(following, title=self._titles[following - 1]))
                self._entered = self._now()
                self._write(f"[{following}/{COUNT}] {self.steps[-1].title} ...")

    def succeed(self) -> None:
        """All is done."""
        self.enter(COUNT)
        self._finish(done=True)
        self._over = True

    def fail(self, why: str) -> None:
        """The present step ended badly; none follows."""
        if not self.steps:
            self.enter(1)
        self._finish(done=False, why=why)
        self._over = True

    def as_json(self) -> list[dict[str, object]]:
        """The steps as plain JSON."""
        return [
            {"step": step.number, "title": step.title, "done": step.done, "seconds": round(step.seconds, 1)}
            for step in self.steps
        ]

    def _finish(self, *, done: bool, why: str = "") -> None:
        if not self.steps or self._over:
            return
        step = self.steps[-1]
        took = self._now() - self._entered
        self.steps[-1] = replace(step, done=done, seconds=took, why=why)
        mark, words = ("✓", "done") if done else ("✗", why or "failed")
        self._write(f"      {mark} {words} ({took:.0f} s)")
