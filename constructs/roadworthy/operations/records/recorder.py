"""Writing a deployment's record while it goes on. A record that cannot be written is said, and stops nothing."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from roadworthy.operations.clock import Clock
from roadworthy.operations.errors import CancelledError, OperationError
from roadworthy.operations.follow.events import Ended
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.place import Place
from roadworthy.operations.place import Target as OfService
from roadworthy.operations.records.record import LogLine, Move, Record, Target
from roadworthy.operations.records.status import Status
from roadworthy.operations.records.table import RecordTable

LINES_AT_ONCE = 25
EVERY = 5.0  # seconds after which lines are written, however few
# An item of DynamoDB has room for 400 KB, also of a thousand services: characters of one text, and of all the whys.
LONGEST, ROOM_FOR_WHYS, SHORTEST_WHY = 2000, 50_000, 40


class Recorder:
    """Keeps one deployment's record.

    Attributes:
        record: as it was written last.
    """

    def __init__(self, table: RecordTable, record: Record, clock: Clock, warn: Callable[[str], None]) -> None:
        """Keep a record in a table; `warn` is told once when that is not possible."""
        self.record = record
        self._table = table
        self._clock = clock
        self._warn = warn
        self._works = True  # it was begun: how it ends is written whatever becomes of its lines
        self._warned = False
        self._writer = secrets.token_hex(4)
        self._written = 0
        self._lines: list[LogLine] = []
        self._flushed = clock.now()

    @property
    def id(self) -> str | None:
        """The record's id; None where it cannot be written."""
        return self.record.id if self._works else None

    def begin(self) -> None:
        """Write it for the first time; where that is not possible, nothing is tried again."""
        self._works = self._try(lambda: self._table.create(self.record))

    def move(self, status: Status) -> None:
        """Write its next status."""

        def write() -> None:
            self.record = self._table.change(self.record, to=status, at=_now(self._clock))

        if self.record.status is not status:
            self._try(write)

    def say(self, level: str, text: str) -> None:
        """Add a line to its log; lines are written some at a time."""
        self._lines.append(LogLine(_now(self._clock), level, text))
        if len(self._lines) >= LINES_AT_ONCE or self._clock.now() - self._flushed >= EVERY:
            self._flush()

    def end(self, ends: Sequence[Ended], error: BaseException | None = None) -> None:
        """Write how it ended, once: each service, and all in all; `error` is what kept it from being started."""
        if self.record.status.final:
            return
        self._flush()
        room = max(SHORTEST_WHY, ROOM_FOR_WHYS // max(1, len(ends)))
        by_place = {(end.target.cluster.name, end.target.name): end for end in ends}
        groups = tuple(
            tuple(_ended(target, by_place.get((target.cluster, target.name)), room) for target in group)
            for group in self.record.groups
        )
        failed = "; ".join(f"{end.target.label}: {end.outcome.value}" for end in ends if not end.well)
        why = (str(error) or type(error).__name__) if error else failed
        status = final_status(ends, cancelled=isinstance(error, CancelledError | KeyboardInterrupt))

        def write() -> None:
            at = _now(self._clock)
            self.record = self._table.change(self.record, to=status, at=at, groups=groups, error=why[:LONGEST])

        self._try(write)

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        self._flushed = self._clock.now()
        if lines and not self._warned:
            self._written += 1
            self._try(lambda: self._table.write_log(self.record.id, lines, self._writer, self._written))

    def _try(self, write: Callable[[], None]) -> bool:
        """Whether it was written; the first failure is told."""
        if not self._works:
            return False
        try:
            write()
        except OperationError as error:
            if not self._warned:
                self._warn(f"not recorded: {error}")
            self._warned = True
            return False
        return True


def new_record(
    *, type: str, place: Place, groups: Sequence[Sequence[OfService]], clock: Clock, **sources: Any
) -> Record:
    """A record of a deployment that has not begun.

    Args:
        type: "full", "restart_only" or "rollback".
        place: the environment.
        groups: the services that go on at the same time, group after group.
        clock: tells the time.
        **sources: other attributes of the record: `image`, `branch`, `commit`, `message`, `rollback_of`.
    """
    now = clock.now()
    return Record(
        id=f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        project=place.project,
        environment=place.name,
        type=type,
        who=_caller(place),
        groups=tuple(tuple(Target(each.label, each.name, each.cluster.name) for each in group) for group in groups),
        moves=(Move(Status.PENDING, int(now * 1000)),),
        **_short(sources),
    )


def _short(sources: dict[str, Any]) -> dict[str, Any]:
    return {name: text[:LONGEST] for name, text in sources.items()}


def _caller(place: Place) -> str:
    """Who it is; empty where STS cannot be asked, as in a network without a way to it."""
    try:
        return place.aws.caller
    except OperationError:
        return ""


def final_status(ends: Sequence[Ended], *, cancelled: bool) -> Status:
    """The status of a deployment whose services ended so."""
    outcomes = {end.outcome for end in ends}
    if ends and all(end.well for end in ends):
        return Status.SUCCESS
    if cancelled or Outcome.LEFT in outcomes or (ends and all(_was_cancelled(end) for end in ends)):
        return Status.CANCELLED
    return Status.ROLLED_BACK if outcomes == {Outcome.ROLLED_BACK} else Status.FAILED


def _was_cancelled(end: Ended) -> bool:
    return end.outcome is Outcome.NOT_STARTED and end.error is None


def _ended(target: Target, end: Ended | None, room: int) -> Target:
    if end is None:
        return target
    return replace(
        target,
        outcome=end.outcome.value,
        why=end.why[:room],
        deployment=end.deployment or "",
        task_definition=end.task_definition.rpartition("/")[2],
    )


def _now(clock: Clock) -> int:
    return int(clock.now() * 1000)
