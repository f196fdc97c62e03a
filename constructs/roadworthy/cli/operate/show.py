"""`roadworthy show ID [ENV]`: a recorded deployment with its log."""

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.records.record import Record

EPILOG = "example: roadworthy show 20261122-093412-7f3a prod"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("id", metavar="ID", help="as `roadworthy history` lists it")
    arguments.add_environment(parser)
    arguments.add_record_table(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print it.

    Raises:
        RoadworthyError: there is none of this id, no table, or AWS cannot be asked.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.records.table import RecordTable  # noqa: PLC0415

    place = Place(arguments.whereabouts(args, args.environment), context or Context())
    record = RecordTable(place.aws, args.record).get(args.id)
    if args.output == "json":
        emit(json.dumps({**record.as_json(), "log": [vars(line) for line in record.log]}, indent=2))
    else:
        emit("\n".join(_text(record)))
    return ExitCode.OK


def _text(record: "Record") -> list[str]:
    from roadworthy.cli.operate.tables import table  # noqa: PLC0415
    from roadworthy.report.words import shown  # noqa: PLC0415

    facts = {
        "status": f"{record.status.value}{f': {record.error}' if record.error else ''}",
        "type": record.type,
        "who": record.who,
        "image": record.image,
        "branch": record.branch,
        "commit": record.commit,
        "message": record.message,
        "rollback of": record.rollback_of,
    }
    where = f"{record.project} {record.environment}".strip()
    lines = [f"{record.id} in {where}", *(f"  {name}: {shown(value)}" for name, value in facts.items() if value)]
    lines += ["", *table(("STATUS", "SINCE (UTC)"), [(move.status.value, _time(move.at)) for move in record.moves])]
    services = [(each.service, each.outcome, each.task_definition, each.why) for each in record.targets]
    lines += ["", *table(("SERVICE", "OUTCOME", "REVISION", "WHY"), services)]
    return [*lines, *([""] if record.log else []), *(f"{_time(each.at)}  {shown(each.text)}" for each in record.log)]


def _time(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S}"
