"""`roadworthy rollout ACTION SERVICE [ENV]`: a new version next to the old one, in six steps."""

import argparse
from typing import TYPE_CHECKING

from roadworthy.cli.operate import arguments
from roadworthy.errors import RoadworthyError

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

ACTIONS = ("start", "watch", "status", "continue", "reject", "rollback")
EPILOG = f"""\
example: roadworthy rollout start api prod --image 4f1c2ab --probe https://api.example.com/health

  start     deploy an image and follow it      continue  answer yes where a deployment waits for an approval
  watch     follow the one that goes on        reject    answer no: ECS rolls back
  status    where it is                        rollback  stop it, or go back to what ran before

The six steps: build and migrate; start green next to blue; health gate; wait for blue's work to end; switch the
traffic; stop blue and verify. The last line is JSON with status and version. The exit code is 1 where blue was kept.

{arguments.PROGRESS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    add = parser.add_argument
    add("action", choices=ACTIONS, metavar="ACTION", help=", ".join(ACTIONS))
    arguments.add_service(parser)
    add("--image", metavar="TAG|DIGEST", help="start: of the same repository, or a whole reference")
    add("--container", metavar="NAME", help="start: whose image it is, where a task has several")
    add("--build", metavar="DIR", help="start: build the image from this folder and push it before")
    add("--no-checks", action="store_true", help="start: leave the checks against AWS out")
    add("--probe", metavar="URL", help="ask this URL all the time, and say how long nobody answered")
    arguments.add_follow(parser)
    arguments.add_record(parser)
    arguments.add_change(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Do it, and say how it ended.

    Raises:
        RoadworthyError: wrong use, an unknown service, nothing to be done, a declined question, or AWS cannot be asked.
    """
    from roadworthy.cli.operate import rolling_out  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.context import Context  # noqa: PLC0415

    if args.action == "start" and not args.image:
        raise RoadworthyError("rollout start: which image? Pass --image with a tag or a digest")
    if args.action != "start" and (args.image or args.build):
        raise RoadworthyError(f"rollout {args.action} deploys no image: leave --image and --build out")
    return rolling_out.run(args, context or Context())
