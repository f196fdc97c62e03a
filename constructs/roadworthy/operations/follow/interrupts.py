"""Ctrl-C while ECS works: the first press says what goes on, the second rolls back, the third leaves."""

import signal
import threading
from types import FrameType
from typing import Any

from roadworthy.operations.clock import Clock

SLICE = 0.2  # seconds until a press is noticed


class Interrupts:
    """Counts the presses while it is entered; outside of it Ctrl-C is Python's."""

    def __init__(self) -> None:
        self.presses = 0
        self._before: Any = None

    def press(self) -> None:
        """Count one."""
        self.presses += 1

    def wait(self, clock: Clock, seconds: float) -> None:
        """Let time pass; a press ends the wait."""
        presses, end = self.presses, clock.now() + seconds
        while self.presses == presses and (left := end - clock.now()) > 0:
            clock.sleep(min(SLICE, left))

    def __enter__(self) -> "Interrupts":
        """Take Ctrl-C over, where that is possible: signals reach the main thread alone."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        self.press()
