"""`roadworthy status SERVICE [ENV]`: how a service is, now."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import complain, emit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from roadworthy.operations.context import Context
    from roadworthy.operations.verbs.status import Status

EPILOG = "example: roadworthy status api prod"
EVENTS = 5  # the last ones that are shown


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Print it.

    Raises:
        RoadworthyError: an unknown service, or AWS cannot be asked.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.verbs.status import status  # noqa: PLC0415

    context = context or Context()
    found = status(Place(arguments.whereabouts(args, args.environment), context).target(args.service))
    for untold in found.untold:
        complain(f"warning: {untold}")
    emit(json.dumps(_json(found), indent=2) if args.output == "json" else "\n".join(_text(found, context.clock.now())))
    return ExitCode.OK


def _text(found: "Status", now: float) -> list[str]:
    from roadworthy.cli.operate.tables import table  # noqa: PLC0415

    parts = [table(head, rows) for head, rows in _tables(found, now) if rows]
    return [*_head(found, now), *(line for part in parts for line in ("", *part))]


def _head(found: "Status", now: float) -> "Iterator[str]":
    """What it comes to, and what goes on."""
    from roadworthy.cli.operate.tables import ago  # noqa: PLC0415
    from roadworthy.cli.operate.wording import short  # noqa: PLC0415

    service = found.service
    yield f"{found.target.words}: {found.verdict.health.value}: {found.verdict.words}"
    revision = f"{short(service.task_definition)}, {service.strategy.lower()}"
    yield f"  {service.name} in {found.target.cluster.name}, {revision}"
    for live in found.deployments:
        stage = f", {live.stage.replace('_', ' ').lower()}" if live.stage else ""
        state = live.status.replace("_", " ").lower()
        yield f"  deployment {live.id}: {state}{stage}, {ago(live.created, now)} old"


def _tables(found: "Status", now: float) -> "Iterator[tuple[Sequence[str], Sequence[Sequence[object]]]]":
    """The heads and the rows of rollouts, tasks, targets and events."""
    from roadworthy.cli.operate.tables import ago  # noqa: PLC0415
    from roadworthy.cli.operate.wording import brief, short  # noqa: PLC0415

    head = ("ROLLOUT", "REVISION", "DESIRED", "RUNNING", "PENDING", "FAILED", "STATE")
    yield (
        head,
        [
            (
                each.status,
                short(each.task_definition),
                each.desired,
                each.running,
                each.pending,
                each.failed,
                each.state,
            )
            for each in found.service.rollouts
        ],
    )
    tasks = [
        (each.id, each.status, each.health, short(each.task_definition), ago(each.created, now)) for each in found.tasks
    ]
    yield ("TASK", "STATUS", "HEALTH", "REVISION", "AGE"), tasks
    targets = [tuple(vars(each).values()) for each in found.targets]
    yield ("TARGET GROUP", "TARGET", "PORT", "STATE", "REASON", "WHY"), targets
    events = [(f"{each.at:%H:%M:%S}", brief(each.message)) for each in found.service.events[:EVENTS]]
    yield ("UTC", "EVENT"), events


def _json(found: "Status") -> dict[str, Any]:
    from roadworthy.cli.operate.tables import iso  # noqa: PLC0415

    service = found.service
    return {
        "service": found.target.label,
        "name": service.name,
        "cluster": found.target.cluster.name,
        "environment": found.target.environment,
        "health": found.verdict.health.value,
        "why": found.verdict.words,
        "desired": service.desired,
        "running": service.running,
        "pending": service.pending,
        "task_definition": service.task_definition,
        "deployments": [
            {"arn": each.arn, "status": each.status, "stage": each.stage, "created": iso(each.created)}
            for each in found.deployments
        ],
        "rollouts": [{**vars(each), "created": iso(each.created)} for each in service.rollouts],
        "tasks": [
            {"id": each.id, "status": each.status, "health": each.health, "task_definition": each.task_definition}
            for each in found.tasks
        ],
        "targets": [vars(each) for each in found.targets],
        "events": [{"at": iso(each.at), "message": each.message} for each in service.events[:EVENTS]],
        "untold": list(found.untold),
    }
