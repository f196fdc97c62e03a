"""What may end an update between two steps: Ctrl-C, a CI's SIGTERM, and the hang-up of a lost SSH connection."""

import signal
import threading
from typing import Any

from roadworthy.operations.follow.interrupts import Interrupts

NAMES = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class Signals(Interrupts):
    """Counts all three while it is entered. Under `nohup` a hang-up stays ignored."""

    def __init__(self) -> None:
        super().__init__()
        self._others: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        """Take the signals over, where that is possible: they reach the main thread alone."""
        super().__enter__()
        if threading.current_thread() is threading.main_thread():
            for number in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._others[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *error: object) -> None:
        """Give them back."""
        for number, before in self._others.items():
            signal.signal(number, before)
        self._others.clear()
        super().__exit__(*error)
