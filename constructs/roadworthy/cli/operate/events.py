"""`roadworthy events SERVICE [ENV]`: what ECS wrote about a service."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.ecs.service import ServiceEvent

EPILOG = """\
example: roadworthy events api prod --follow

ECS keeps the newest hundred. Ctrl-C ends --follow."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    parser.add_argument("--limit", metavar="N", type=arguments.positive, default=20, help="the newest N (default: 20)")
    parser.add_argument("--follow", action="store_true", help="go on with those to come")
    help_text = "between two looks (default: 3s)"
    parser.add_argument("--poll", metavar="TIME", type=arguments.duration, default=3.0, help=help_text)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print them.

    Raises:
        RoadworthyError: an unknown service, or AWS cannot be asked.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.place import Place  # noqa: PLC0415

    context = context or Context()
    target = Place(arguments.whereabouts(args, args.environment), context).target(args.service)
    seen: set[str] = set()
    limit = args.limit
    while True:
        events = target.cluster.service(target.name).events
        new = [event for event in events if event.id not in seen][:limit]
        seen.update(event.id for event in events)
        for event in reversed(new):
            emit(_line(event, args.output))
        if not args.follow:
            return ExitCode.OK
        limit = None
        context.clock.sleep(args.poll)


def _line(event: "ServiceEvent", output: str) -> str:
    """An event as a line: JSON ones too, so that they can be followed."""
    if output == "json":
        return json.dumps({"at": event.at.isoformat(), "id": event.id, "message": event.message})
    from roadworthy.report.words import shown  # noqa: PLC0415

    return f"{event.at:%Y-%m-%d %H:%M:%S}  {shown(event.message)}"
