"""`roadworthy history SERVICE [ENV]`: what was deployed, and how it ended."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import complain, emit

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.records.record import Record
    from roadworthy.operations.verbs.history import Past

EPILOG = """\
example: roadworthy history api prod

ECS tells what was rolled out and how it ended; the records tell who did it and of which commit. `roadworthy show ID`
shows a record with its log."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    help_text = "the newest N (default: 20)"
    parser.add_argument("--limit", metavar="N", type=arguments.positive, default=20, help=help_text)
    arguments.add_record_table(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print them.

    Raises:
        RoadworthyError: an unknown service, or AWS cannot be asked.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.records.name import OFF  # noqa: PLC0415
    from roadworthy.operations.verbs.history import history, recorded  # noqa: PLC0415

    context = context or Context()
    place = Place(arguments.whereabouts(args, args.environment), context)
    target = place.target(args.service)
    records: list[Record] = []
    why = ""
    if args.record != OFF:
        records, why = recorded(place.aws, args.record, place.name, target.name, args.limit)
    past = history(target, records, args.limit)
    if why:
        complain(f"warning: without records: {why}")
    emit(_json(past) if args.output == "json" else _text(past, context.clock.now()))
    return ExitCode.OK


def _json(past: "list[Past]") -> str:
    from roadworthy.cli.operate.tables import iso  # noqa: PLC0415

    return json.dumps([{**vars(each), "created": iso(each.created)} for each in past], indent=2)


def _text(past: "list[Past]", now: float) -> str:
    from roadworthy.cli.operate.tables import ago, table  # noqa: PLC0415
    from roadworthy.cli.operate.wording import seconds  # noqa: PLC0415

    if not past:
        return "no deployment in the last 90 days"
    rows = [
        (
            each.id,
            each.status,
            ago(each.created, now),
            seconds(each.seconds) if each.seconds is not None else "",
            each.task_definition,
            each.image,
            each.commit[:12],
            each.who.rpartition("/")[2],
            each.record,
        )
        for each in past
    ]
    head = ("DEPLOYMENT", "STATUS", "AGE", "TOOK", "REVISION", "IMAGE", "COMMIT", "WHO", "RECORD")
    return "\n".join(table(head, rows))
