"""`roadworthy logs SERVICE [ENV]`: what its containers write."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadworthy.operations.context import Context
    from roadworthy.operations.verbs.logs import Line

EPILOG = """\
example: roadworthy logs api prod --since 1h --filter ERROR --follow

Ctrl-C ends --follow."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    add = parser.add_argument
    add("--since", metavar="TIME", type=arguments.duration, default=600.0, help="how far back (default: 10m)")
    add("--follow", action="store_true", help="go on with lines to come")
    add("--container", metavar="NAME", help="of this container alone (default: all)")
    add("--task", metavar="TASK", help="of this task alone: the first digits of its id")
    add("--filter", metavar="PATTERN", help="a filter pattern of CloudWatch Logs")
    add("--poll", metavar="TIME", type=arguments.duration, default=3.0, help="between two looks (default: 3s)")
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print them.

    Raises:
        RoadworthyError: an unknown service or container, no logs, or AWS cannot be asked.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.verbs.logs import Wanted, follow, read, sources  # noqa: PLC0415

    context = context or Context()
    target = Place(arguments.whereabouts(args, args.environment), context).target(args.service)
    since = context.clock.now() - args.since
    wanted = Wanted(since=since, container=args.container, task=args.task, pattern=args.filter)
    found = sources(target, args.container)
    several = len(found) > 1
    lines: Iterable[Line] = (
        follow(target, found, wanted, context.clock, args.poll) if args.follow else read(target, found, wanted, set())
    )
    for line in lines:
        emit(_text(line, several=several) if args.output == "text" else _json(line))
    return ExitCode.OK


def _text(line: "Line", *, several: bool) -> str:
    from roadworthy.report.words import shown  # noqa: PLC0415

    container = f" {line.container}" if several else ""
    return f"{line.at:%H:%M:%S} {line.task[:8]}{container}  {shown(line.text)}"


def _json(line: "Line") -> str:
    return json.dumps({"at": line.at.isoformat(), "task": line.task, "container": line.container, "text": line.text})
