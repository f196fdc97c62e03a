"""What all verbs share that start deployments: how they are followed, told and summed up."""

import argparse
from collections.abc import Sequence

from roadworthy.cli.operate import arguments
from roadworthy.cli.operate.results import as_json, summary
from roadworthy.cli.operate.telling import listener
from roadworthy.cli.output import complain, emit
from roadworthy.operations.busy import Way
from roadworthy.operations.context import Context
from roadworthy.operations.errors import CancelledError
from roadworthy.operations.follow.drive import Drive, Start, exit_code
from roadworthy.operations.follow.events import Event, Listener
from roadworthy.operations.follow.interrupts import Interrupts
from roadworthy.operations.place import Place, Target


class Rolling:
    """Starts deployments as the command line says.

    Attributes:
        interrupts: the presses of Ctrl-C.
        way: clears the way for a deployment.
    """

    def __init__(self, verb: str, args: argparse.Namespace, context: Context) -> None:
        self._verb = verb
        self._args = args
        self._context = context
        self._tell: Listener = listener(context.clock)
        self.interrupts = Interrupts()
        self.way = Way(
            arguments.if_busy(args),
            clock=context.clock,
            listen=self._listen,
            interrupts=self.interrupts,
            timeout=args.timeout,
            poll=args.poll,
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

    def go_on(self) -> None:
        """Between two steps: whether the next one is wanted.

        Raises:
            CancelledError: Ctrl-C was pressed.
        """
        if self.interrupts.presses:
            raise CancelledError(f"{self._verb}: cancelled; nothing was started")

    def run(self, starts: Sequence[Start]) -> int:
        """Start and follow them; say how they ended; the exit code."""
        self._tell = listener(self._context.clock, alone=len(starts) == 1)
        drive = Drive(
            clock=self._context.clock,
            limits=arguments.limits(self._args),
            listen=self._listen,
            interrupts=self.interrupts,
            parallel=getattr(self._args, "parallel", 1),
        )
        ends = drive.run(starts)
        if self._args.output == "json":
            emit(as_json(self._verb, ends))
        else:
            emit("\n".join(summary(ends)))
        return exit_code(ends)

    def _listen(self, event: Event) -> None:
        self._tell(event)
