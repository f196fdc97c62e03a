"""How long both versions ran together, as far as the looks at a deployment tell."""

from roadworthy.operations.follow.events import Sides


class Overlap:
    """Counts the seconds in which both sides had running tasks."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._seconds = 0.0

    def take(self, sides: Sides, at: float) -> None:
        """What a look at `at` seconds showed."""
        both = sides.new_running > 0 and sides.old_running > 0
        if both and self._since is None:
            self._since = at
        elif not both and self._since is not None:
            self._seconds += at - self._since
            self._since = None

    def seconds(self, now: float) -> float:
        """So far."""
        return self._seconds + (now - self._since if self._since is not None else 0.0)
