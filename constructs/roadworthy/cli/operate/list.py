"""`roadworthy list [ENV]`: the services of an environment."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

EPILOG = """\
example: roadworthy list prod

Services of services.toml that are not deployed are listed too, and services of its clusters that it does not know."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_environment(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print the list.

    Raises:
        RoadworthyError: services.toml cannot be read, or AWS cannot be asked.
    """
    from roadworthy.cli.operate.tables import ago, iso, table  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.context import Context  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.verbs.list import rows  # noqa: PLC0415

    context = context or Context()
    found = rows(Place(arguments.whereabouts(args, args.environment), context))
    if args.output == "json":
        emit(json.dumps([{**vars(row), "deployed": iso(row.deployed)} for row in found], indent=2))
        return ExitCode.OK
    now = context.clock.now()
    cells = [
        (row.service, row.desired, row.running, row.pending, row.state, row.image, ago(row.deployed, now), row.note)
        for row in found
    ]
    emit("\n".join(table(("SERVICE", "DESIRED", "RUNNING", "PENDING", "DEPLOYMENT", "IMAGE", "AGE", "NOTE"), cells)))
    return ExitCode.OK
