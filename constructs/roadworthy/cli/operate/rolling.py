"""What all verbs share that start deployments: how they are followed, told, recorded and summed up."""

import argparse
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from roadworthy.cli.operate import arguments
from roadworthy.cli.operate.results import as_json, summary
from roadworthy.cli.operate.telling import listener
from roadworthy.cli.operate.wording import level, lines
from roadworthy.cli.output import complain, emit, reader_may_leave
from roadworthy.operations.busy import Way
from roadworthy.operations.context import Context
from roadworthy.operations.errors import CancelledError
from roadworthy.operations.follow.drive import Drive, Start, exit_code
from roadworthy.operations.follow.events import Ended, Event, Listener
from roadworthy.operations.follow.interrupts import Interrupts
from roadworthy.operations.place import Place, Target
from roadworthy.operations.records.name import OFF
from roadworthy.operations.records.recorder import Recorder, new_record
from roadworthy.operations.records.sources import of_ci
from roadworthy.operations.records.status import Status
from roadworthy.operations.records.table import RecordTable

Result = Callable[[Sequence[Ended], str | None], str]  # the ends and the record's id -> what is printed


class Rolling:
    """Starts deployments as the command line says.

    Attributes:
        interrupts: the presses of Ctrl-C.
        way: clears the way for a deployment.
    """

    def __init__(
        self,
        verb: str,
        args: argparse.Namespace,
        context: Context,
        *,
        tell: Listener | None = None,
        result: Result | None = None,
    ) -> None:
        """Start deployments for a verb; a verb that tells in its own way, or has its own result, says how."""
        self._verb = verb
        self._args = args
        self._context = context
        self._own_tell = tell
        self._tell: Listener = tell or listener(context.clock)
        self._result = result
        self._recorder: Recorder | None = None
        self._telling = threading.Lock()
        self.interrupts = Interrupts()
        self.way = Way(
            arguments.if_busy(args),
            clock=context.clock,
            listen=self._listen,
            interrupts=self.interrupts,
            timeout=args.timeout,
        )

    def active(self, place: Place, names: Sequence[str]) -> tuple[Target, ...]:
        """The services of these names, or all; those that services.toml calls inactive are left out with a warning."""
        if names:
            found = place.targets(names)
            skipped = [target.label for target in found if target.entry and not target.entry.active]
            targets = tuple(target for target in found if target.label not in skipped)
        else:
            targets, inactive = place.all_targets()
            skipped = [entry.service for entry in inactive]
        for label in skipped:
            complain(f"warning: {label} is not active in services.toml: skipped")
        return targets

    @contextmanager
    def recorded(self, place: Place, targets: Sequence[Target], type: str, **what: Any) -> Iterator[None]:
        """Keep a record of what happens meanwhile; `what` are attributes of the record, as `image`."""
        if self._args.record == OFF:
            yield
            return
        parallel = getattr(self._args, "parallel", 1)
        groups = [targets[start : start + parallel] for start in range(0, len(targets), parallel)]
        record = new_record(
            type=type,
            place=place,
            groups=groups,
            clock=self._context.clock,
            **{**of_ci(os.environ), **self._sources(), **what},
        )
        table = RecordTable(place.aws, self._args.record)
        self._recorder = Recorder(table, record, self._context.clock, complain)
        self._recorder.begin()
        try:
            yield
        except BaseException as error:  # whatever it is: no record goes on for ever
            self._recorder.end([], error)
            raise

    def enter(self, status: Status) -> None:
        """The record's next status."""
        if self._recorder:
            self._recorder.move(status)

    def go_on(self) -> None:
        """Between two steps: whether the next one is wanted.

        Raises:
            CancelledError: Ctrl-C was pressed.
        """
        if self.interrupts.presses:
            raise CancelledError(f"{self._verb}: cancelled; nothing was started")

    def run(self, starts: Sequence[Start]) -> int:
        """Start and follow them; say how they ended; the exit code."""
        self._tell = self._own_tell or listener(self._context.clock, alone=len(starts) == 1)
        drive = Drive(
            clock=self._context.clock,
            limits=arguments.limits(self._args),
            listen=self._listen,
            interrupts=self.interrupts,
            parallel=getattr(self._args, "parallel", 1),
        )
        ends = drive.run(starts)
        if self._recorder:
            self._recorder.end(ends)
        with reader_may_leave():
            emit(self._told(ends))
        return exit_code(ends)

    def _told(self, ends: Sequence[Ended]) -> str:
        record = self._recorder.id if self._recorder else None
        if self._result:
            return self._result(ends, record)
        return as_json(self._verb, ends, record) if self._args.output == "json" else "\n".join(summary(ends))

    def _listen(self, event: Event) -> None:
        with self._telling:  # services that start at the same time have their say one after the other
            self._tell(event)
            if self._recorder:
                for line in lines(event):
                    self._recorder.say(level(event), line)

    def _sources(self) -> dict[str, str]:
        """What the command line says of the sources."""
        given = {name: getattr(self._args, name) for name in ("branch", "commit", "message")}
        return {name: value for name, value in given.items() if value}
