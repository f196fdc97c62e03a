"""Ctrl-C while something goes on is counted, not raised: what a press means is for whoever waits to say."""

import signal
import threading
from types import FrameType
from typing import Any

from roadworthy.operations.clock import Clock

SLICE = 0.2  # seconds until a press is noticed
# What tells a process to end: a CI that cancels its job, a terminal or an SSH connection that is closed. Windows has no
# SIGHUP.
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupts:
    """Counts the presses while it is entered; outside of it Ctrl-C is Python's.

    Attributes:
        presses: how often Ctrl-C was pressed, or the process told to end.
        ended: whether it was told to end: a cancelled job of a CI, a terminal that was closed.
    """

    def __init__(self) -> None:
        self.presses = 0
        self.ended = False
        self._before: dict[int, Any] = {}

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
            for number in (signal.SIGINT, *ENDING):
                if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup`, a job in the background
                    self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self.ended |= number in ENDING
        self.press()
