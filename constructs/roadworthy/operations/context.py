"""What a verb takes from its surroundings: the time, the AWS session, and whom to ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from roadworthy.aws.session import open_session
from roadworthy.operations.clock import Clock, SystemClock


class Terminal(Protocol):
    """The person at the command, if there is one."""

    @property
    def present(self) -> bool:
        """Whether somebody can answer."""

    def ask(self, question: str) -> str:
        """The answer, without its line break; empty when there is none."""


class ThisTerminal:
    """Standard input and standard error: what is asked is no result."""

    @property
    def present(self) -> bool:
        """Whether the question can be seen, and answered."""
        import sys  # noqa: PLC0415

        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def ask(self, question: str) -> str:
        """Print the question, read a line."""
        import sys  # noqa: PLC0415

        print(question, end="", file=sys.stderr, flush=True)  # noqa: T201
        try:
            return sys.stdin.readline().rstrip("\n")
        except (OSError, UnicodeDecodeError):  # the terminal has gone; what was typed is no text
            return ""


@dataclass(frozen=True)
class Context:
    """The surroundings of a verb; the defaults are this machine's.

    Attributes:
        clock: tells the time and waits.
        open_session: the name of a profile, or None, -> a `boto3.Session`.
        terminal: who is asked.
    """

    clock: Clock = field(default_factory=SystemClock)
    open_session: Callable[[str | None], Any] = open_session
    terminal: Terminal = field(default_factory=ThisTerminal)
