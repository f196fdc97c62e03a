"""`roadworthy rollback SERVICE [ENV]`: back to what ran well."""

import argparse
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.verbs.rollback import Back

EPILOG = f"""\
example: roadworthy rollback api prod

A deployment in progress is stopped, and ECS rolls it back. Else the task definition of the last successful deployment
with another one is deployed again; what else changed since then (network, load balancers) stays as it is.

{arguments.PROGRESS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    arguments.add_timeout(parser)
    arguments.add_record(parser)
    arguments.add_change(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)
    parser.set_defaults(on_timeout="leave", fail_fast=None, if_busy="fail")


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Roll back, and say how it ended.

    Raises:
        RoadworthyError: an unknown service, nothing to go back to, a declined question, or AWS cannot be asked.
    """
    from roadworthy.cli.operate.rolling import Rolling  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.confirm import confirm  # noqa: PLC0415
    from roadworthy.operations.context import Context  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.records.record import ROLLBACK  # noqa: PLC0415
    from roadworthy.operations.records.status import Status  # noqa: PLC0415
    from roadworthy.operations.verbs.rollback import plan, rollback  # noqa: PLC0415

    context = context or Context()
    place = Place(arguments.whereabouts(args, args.environment), context)
    back = plan(place.target(args.service))
    if args.dry_run:
        emit(_would(back))
        return ExitCode.OK
    confirm("roll back", [back.target], context, yes=args.yes)
    rolling = Rolling("rollback", args, context)
    was = back.live.arn if back.live else back.service.current_deployment or ""
    with rolling.interrupts, rolling.recorded(place, [back.target], ROLLBACK, rollback_of=was):
        rolling.enter(Status.DEPLOYING)
        return rolling.run([rollback(back, context.clock)])


def _would(back: "Back") -> str:
    from roadworthy.cli.operate.wording import short  # noqa: PLC0415

    if back.live:
        return f"would stop deployment {back.live.id} of {back.target.words}, which ECS then rolls back"
    there = short(back.task_definition or "")
    return f"would deploy {there} to {back.target.words} in place of {short(back.service.task_definition)}"
