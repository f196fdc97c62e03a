"""`roadworthy restart SERVICE... [ENV]`: new tasks of the revision that runs already."""

import argparse
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.errors import RoadworthyError

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

EPILOG = f"""\
example: roadworthy restart api worker prod --parallel 2

Each service keeps its task definition; its new tasks are healthy before the old ones stop. A guarded environment asks
first. One service that fails stops none of the others.

{arguments.PROGRESS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser, several=True)
    parser.add_argument("--all", action="store_true", help="all services of the environment that are active")
    help_text = "how many at a time (default: 1, in order)"
    parser.add_argument("--parallel", metavar="N", type=arguments.positive, default=1, help=help_text)
    arguments.add_follow(parser)
    arguments.add_record(parser)
    arguments.add_change(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Restart, and say how it ended.

    Raises:
        RoadworthyError: wrong use, an unknown service, a declined question, or AWS cannot be asked.
    """
    from roadworthy.cli.operate.rolling import Rolling  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.confirm import confirm  # noqa: PLC0415
    from roadworthy.operations.context import Context  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.records.record import RESTART_ONLY  # noqa: PLC0415
    from roadworthy.operations.records.status import Status  # noqa: PLC0415
    from roadworthy.operations.verbs.restart import restarts  # noqa: PLC0415

    context = context or Context()
    names, environment = arguments.split_environment(args)
    if bool(names) == args.all:
        raise RoadworthyError("name the services to restart, or pass --all" if not names else "--all names them all")
    place = Place(arguments.whereabouts(args, environment), context)
    rolling = Rolling("restart", args, context)
    targets = rolling.active(place, names)
    if args.dry_run:
        for target in targets:
            emit(f"would restart {target.words}: {target.name} in {target.cluster.name}, {place.aws.region}")
        return ExitCode.OK
    if not targets:
        return ExitCode.OK
    confirm("restart", targets, context, yes=args.yes)
    with rolling.interrupts, rolling.recorded(place, targets, RESTART_ONLY):
        rolling.enter(Status.RESTARTING)
        return rolling.run(restarts(targets, rolling.way, context.clock))
