"""Something that goes on over virtual time and can be woken: a generator that yields until when it waits."""

from collections.abc import Generator

from roadworthy.testing.clock import Timer, VirtualClock

Steps = Generator[float | None, None, None]  # it yields seconds since 1970; None: until it is poked


class Process:
    """Runs the steps; `poke` lets them look again before their time."""

    def __init__(self, clock: VirtualClock, steps: Steps) -> None:
        self._clock = clock
        self._steps = steps
        self._timer: Timer | None = None
        self._busy = self._again = False

    def poke(self) -> None:
        """Take the next step now; from within a step: right after it."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        try:
            self._go()
        finally:
            self._busy = False

    def _go(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer, self._again, until = None, True, None
        while self._again:
            self._again = False
            try:
                until = next(self._steps)
            except StopIteration:
                return
        if until is not None:
            self._timer = self._clock.at(until, self.poke)
