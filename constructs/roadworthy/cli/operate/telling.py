"""Progress on standard error: lines where it is a file or a pipe, a table that moves where it is a terminal."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from roadworthy.cli.operate.wording import lines, seconds, short
from roadworthy.operations.clock import Clock
from roadworthy.operations.follow.events import Answering, Began, Counted, Ended, Event, Listener, Moved

if TYPE_CHECKING:
    from roadworthy.operations.place import Target

BAR = 10  # characters
BLOCKS = "█░"
USUAL = os.terminal_size((80, 24))  # columns, lines
_UP_AND_CLEAR = "\x1b[{count}F\x1b[J"


def listener(clock: Clock, stream: TextIO | None = None, *, alone: bool = False) -> Listener:
    """Who tells of events on standard error, in the form that fits it.

    Args:
        clock: tells how long it takes.
        stream: where to; None: standard error.
        alone: there is one deployment, whose end is the result: it is not told twice.
    """
    stream = sys.stderr if stream is None else stream
    if stream is None:  # a process that was started without one
        return lambda event: None
    if stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR"):
        return Table(stream, clock, alone=alone)
    write = writer(stream)

    def tell(event: Event) -> None:
        if not (alone and isinstance(event, Ended)):
            for line in lines(event):
                write(line)

    return tell


def writer(stream: TextIO) -> Callable[[str], None]:
    """Writes lines in the stream's encoding; what it does not have is escaped. A reader who has gone ends nothing."""
    encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(line: str) -> None:
        try:
            print(line.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
        except OSError:  # the reader has gone, the terminal was closed, the disk is full
            return

    return write


class Table:
    """A row for each deployment that goes on, below the lines of what happened."""

    def __init__(self, stream: TextIO, clock: Clock, *, alone: bool) -> None:
        self._stream = stream
        self._alone = alone
        self._write = writer(stream)
        self._clock = clock
        self._rows: dict[Target, _Row] = {}
        self._drawn = 0
        self._blocks = _blocks(getattr(stream, "encoding", None) or "utf-8")

    def __call__(self, event: Event) -> None:
        """Take an event in: its row changes, or its lines are written above the rows."""
        self._erase()
        if isinstance(event, Began):
            self._rows[event.target] = _Row(event, self._clock.now())
        row = self._rows.get(event.target)
        silent = self._alone and isinstance(event, Ended)
        if not silent and (row is None or not row.takes(event)):
            for line in lines(event):
                self._write(line)
        if isinstance(event, Ended):
            self._rows.pop(event.target, None)
        self._draw()

    def _erase(self) -> None:
        if self._drawn:
            with suppress(OSError):  # the terminal was closed
                self._stream.write(_UP_AND_CLEAR.format(count=self._drawn))
            self._drawn = 0

    def _draw(self) -> None:
        width = max((len(target.words) for target in self._rows), default=0)
        size = _size()
        room = max(1, size.lines - 2)
        for target, row in list(self._rows.items())[:room]:
            text = f"  {target.words:{width}}  {row.text(self._clock.now(), self._blocks)}"
            self._write(text[: size.columns - 1])  # a row that breaks would be two to erase
            self._drawn += 1


class _Row:
    """What a row shows."""

    def __init__(self, began: Began, now: float) -> None:
        self._task_definition = short(began.task_definition)
        self._since = now
        self._stage = ""
        self._counts: Counted | None = None
        self._healthy: int | None = None

    def takes(self, event: Event) -> bool:
        """Whether the event only changes the row."""
        if isinstance(event, Counted):
            self._counts = event
        elif isinstance(event, Answering) and not event.reasons:
            self._healthy = dict(event.states).get("healthy", 0)
        elif isinstance(event, Moved) and not event.why:
            self._stage = (event.stage or event.status).replace("_", " ").lower()
        else:
            return isinstance(event, Began)
        return True

    def text(self, now: float, blocks: str) -> str:
        """The row without the service's name; `blocks` are a full one and an empty one."""
        counts = self._counts
        done = min(BAR, BAR * counts.running // counts.desired) if counts and counts.desired else 0
        tasks = f"{counts.running}/{counts.desired}" if counts else "?"
        failed = f"  {counts.failed} failed" if counts and counts.failed else ""
        healthy = f"  {self._healthy} healthy" if self._healthy is not None else ""
        bar = blocks[0] * done + blocks[1] * (BAR - done)
        return (
            f"{bar} {tasks:>7}  {self._task_definition}  {self._stage:20} {seconds(now - self._since)}{healthy}{failed}"
        )


def _blocks(encoding: str) -> str:
    """A full block and an empty one, that the terminal has."""
    try:
        BLOCKS.encode(encoding)
    except UnicodeEncodeError:
        return "#-"
    return BLOCKS


def _size() -> os.terminal_size:
    """Of the terminal; one that does not say, or says nothing, is of the usual size."""
    try:
        found = os.get_terminal_size(2)
    except OSError:
        return USUAL
    return found if found.columns and found.lines else USUAL
