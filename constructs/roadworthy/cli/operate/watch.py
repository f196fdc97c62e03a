"""`roadworthy watch SERVICE [ENV]`: follow the deployment that goes on, changing nothing."""

import argparse
from typing import TYPE_CHECKING

from roadworthy.cli.operate import arguments

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

EPILOG = f"""\
example: roadworthy watch api prod

It changes nothing: Ctrl-C ends the watching alone, and so does --timeout. The exit code tells how the deployment ended.

{arguments.PROGRESS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    arguments.add_timeout(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)
    parser.set_defaults(on_timeout="leave", fail_fast=None, if_busy="fail", record="off")


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Follow it.

    Raises:
        RoadworthyError: an unknown service, or AWS cannot be asked.
    """
    from roadworthy.cli.operate.rolling import Rolling  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.context import Context  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.verbs.watch import last_deployment  # noqa: PLC0415

    context = context or Context()
    target = Place(arguments.whereabouts(args, args.environment), context).target(args.service)
    return Rolling("watch", args, context).run([last_deployment(target, context.clock)])
