"""Progress lines with the time since the start, on stderr."""

import sys
import time
from typing import TextIO


class Progress:
    """Says what is done, each line with the seconds since this object was made."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._start = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def say(self, line: str) -> None:
        """Write one line at once."""
        print(f"[{self.elapsed:6.1f}s] {line}", file=self._stream, flush=True)


class Silence(Progress):
    """Says nothing: for tests."""

    def say(self, line: str) -> None:
        """Drop the line."""
