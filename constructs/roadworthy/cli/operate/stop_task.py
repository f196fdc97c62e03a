"""`roadworthy stop-task SERVICE TASK... [--env ENV]`: stop tasks, with a reason."""

import argparse
import json
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.errors import RoadworthyError
from roadworthy.report.words import count

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

EPILOG = """\
example: roadworthy stop-task api 0a1b2c3d --env prod --reason "hangs since 14:00"

A task is named by the first digits of its id, as `roadworthy status` shows it. The reason is what ECS and the task's
history show afterwards."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("service", metavar="SERVICE", help="its name, as in services.toml or in ECS")
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="the first digits of the task's id, or its ARN")
    parser.add_argument("--unhealthy", action="store_true", help="all tasks that are unhealthy")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why; ECS keeps it with the task")
    parser.add_argument("--env", metavar="ENV", help="the environment (default: services.toml's, stage)")
    arguments.add_change(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Stop them.

    Raises:
        RoadworthyError: wrong use, an unknown service or task, a declined question, or AWS cannot be asked.
    """
    from roadworthy.operations.confirm import confirm  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.context import Context  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415
    from roadworthy.operations.verbs import stop_task  # noqa: PLC0415

    if bool(args.tasks) == args.unhealthy:
        raise RoadworthyError("name the tasks to stop, or pass --unhealthy: one of the two")
    context = context or Context()
    target = Place(arguments.whereabouts(args, args.env), context).target(args.service)
    tasks = stop_task.unhealthy(target) if args.unhealthy else stop_task.chosen(target, args.tasks)
    if not args.dry_run and tasks:
        confirm(f"stop {count(len(tasks), 'task')} of", [target], context, yes=args.yes)
        stop_task.stop_all(target, tasks, args.reason)
    if args.output == "json":
        ids = [task.id for task in tasks]
        emit(json.dumps({"service": target.label, "stopped": not args.dry_run, "tasks": ids}, indent=2))
    else:
        did = "would stop" if args.dry_run else "stopped"
        told = [f"{did} task {task.id} of {target.words}" for task in tasks]
        emit("\n".join(told or [f"{target.words}: no unhealthy task"]))
    return ExitCode.OK
