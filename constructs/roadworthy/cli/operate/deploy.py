"""`roadworthy deploy SERVICE [ENV] --image TAG`: another image, checked before, followed to the end."""

import argparse
from typing import TYPE_CHECKING

from roadworthy.cli.operate import arguments
from roadworthy.errors import RoadworthyError

if TYPE_CHECKING:
    from roadworthy.operations.context import Context

FULL, RESTART_ONLY = "full", "restart-only"
EPILOG = f"""\
example: roadworthy deploy api stage --image 4f1c2ab --if-busy wait --fail-fast 3

The steps of a full deployment: checks against AWS; with --build the image is built and pushed by docker; a new revision
of the task definition, in which only the image is another one; the rollout, followed to its end. The next `cdk deploy`
puts back what the stack says: change the tag there as well. restart-only builds and registers nothing.

Ctrl-C between two steps ends it; during the rollout it first says how to follow it later, and then rolls it back.

{arguments.PROGRESS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    add = parser.add_argument
    add("--image", metavar="TAG|DIGEST", help="of the same repository, or a whole reference")
    add("--type", choices=(FULL, RESTART_ONLY), default=FULL, help="(default: full)")
    add("--container", metavar="NAME", help="whose image it is, where a task has several")
    add("--build", metavar="DIR", help="build the image from this folder and push it before")
    add("--no-checks", action="store_true", help="leave the checks against AWS out")
    arguments.add_follow(parser)
    arguments.add_record(parser)
    arguments.add_change(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Deploy, and say how it ended.

    Raises:
        RoadworthyError: wrong use, an unknown service, findings of the checks, a declined question, or AWS cannot be
            asked.
    """
    from roadworthy.cli.operate import deployment  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.context import Context  # noqa: PLC0415

    _refuse_contradictions(args)
    return deployment.run(args, context or Context())


def _refuse_contradictions(args: argparse.Namespace) -> None:
    if args.type == RESTART_ONLY and (args.image or args.build):
        raise RoadworthyError("--type restart-only starts what runs already: leave --image and --build out")
    if args.type == FULL and not args.image:
        raise RoadworthyError("which image? Pass --image with a tag or a digest, or --type restart-only")
