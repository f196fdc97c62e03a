"""What containers wrote, by log group and stream."""

from typing import NamedTuple


class LogLine(NamedTuple):
    """One line; `at` is in seconds since 1970."""

    at: float
    message: str


class Logs:
    """The log groups that exist, with their streams and lines."""

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, list[LogLine]]] = {}

    def create(self, group: str) -> None:
        """Let a log group exist."""
        self.groups.setdefault(group, {})

    def write(self, group: str, stream: str, at: float, message: str) -> None:
        """Append a line to a stream; group and stream are made when they are missing."""
        self.groups.setdefault(group, {}).setdefault(stream, []).append(LogLine(at, message))
