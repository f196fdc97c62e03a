"""A clock whose time passes only when somebody sleeps: hours of a deployment take milliseconds, and always the same."""

import heapq
import threading
from collections.abc import Callable
from itertools import count

START = 1_767_225_600.0  # seconds since 1970: 2026-01-01 00:00:00 UTC


class Timer:
    """Something that is due at a moment; `cancel` takes it back."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Let it never happen."""
        self.call = None


class VirtualClock:
    """Virtual time, in seconds since 1970.

    `sleep` does at their moments, in their order, what becomes due meanwhile. Threads may sleep at the same time: each
    returns when its own time is over, and the time of all of them passes. `lock` is held while something happens, and
    is that of everything that the clock moves.
    """

    def __init__(self, start: float = START) -> None:
        self.lock = threading.RLock()
        self._now = start
        self._due: list[tuple[float, int, Timer]] = []
        self._order = count()

    def now(self) -> float:
        """The virtual time, in seconds since 1970."""
        return self._now

    def at(self, when: float, call: Callable[[], object]) -> Timer:
        """Call a function at a time, in seconds since 1970; at once with the next `sleep` when it is past."""
        timer = Timer(call)
        with self.lock:
            heapq.heappush(self._due, (when, next(self._order), timer))
        return timer

    def after(self, seconds: float, call: Callable[[], object]) -> Timer:
        """Call a function so many seconds from now."""
        return self.at(self._now + seconds, call)

    def sleep(self, seconds: float) -> None:
        """Let time pass, and happen what is due."""
        with self.lock:
            end = self._now + max(0.0, seconds)
        while self._happens(end):
            pass
        with self.lock:
            self._now = max(self._now, end)

    def _happens(self, end: float) -> bool:
        """Do the next thing that is due until `end`; False when there is none."""
        with self.lock:
            if not self._due or self._due[0][0] > end:
                return False
            when, _, timer = heapq.heappop(self._due)
            if timer.call:
                self._now = max(self._now, when)
                timer.call()
            return True
