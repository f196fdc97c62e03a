"""Arguments that the verbs which operate services share."""

import argparse
import re
from typing import TYPE_CHECKING

from roadworthy.errors import RoadworthyError

if TYPE_CHECKING:
    from pathlib import Path

    from roadworthy.operations.busy import IfBusy
    from roadworthy.operations.follow.limits import Limits
    from roadworthy.operations.place import Whereabouts

_DURATION = re.compile(r"(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_UNITS = (3600, 60, 1)
PROGRESS = "Results go to standard output, progress to standard error. `roadworthy exit-codes` lists the exit codes."


def add_service(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """SERVICE [ENV], or SERVICE... [ENV]."""
    if several:
        help_text = "names as in services.toml or in ECS; the last may be the environment"
        parser.add_argument("names", nargs="*", metavar="SERVICE", help=help_text)
        parser.add_argument("--env", metavar="ENV", help="the environment (default: services.toml's, stage)")
        return
    parser.add_argument("service", metavar="SERVICE", help="its name, as in services.toml or in ECS")
    add_environment(parser)


def add_environment(parser: argparse.ArgumentParser) -> None:
    """[ENV]."""
    help_text = "the environment (default: services.toml's, stage)"
    parser.add_argument("environment", nargs="?", metavar="ENV", help=help_text)


def add_place(parser: argparse.ArgumentParser) -> None:
    """The flags that say where: they win over services.toml."""
    parser.add_argument("--cluster", metavar="NAME", help="the ECS cluster (default: services.toml's)")
    parser.add_argument("--region", metavar="REGION", help="the AWS region (default: services.toml's, the profile's)")
    parser.add_argument("--profile", metavar="NAME", help="the AWS profile (default: as for the AWS command line)")
    help_text = "the catalogue (default: services.toml here or above)"
    parser.add_argument("--catalogue", metavar="FILE", type=path, help=help_text)


def add_output(parser: argparse.ArgumentParser) -> None:
    """How the result is written."""
    parser.add_argument("--output", choices=("text", "json"), default="text", help="of the result (default: text)")


def add_change(parser: argparse.ArgumentParser) -> None:
    """Verbs that change something ask first, and can only say what they would do."""
    parser.add_argument("--yes", action="store_true", help="do not ask, also where the environment is guarded")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """How long and how often to look."""
    add = parser.add_argument
    add("--timeout", metavar="TIME", type=duration, default=900.0, help="30s, 15m, 1h30m (default: 15m)")
    add("--poll", metavar="TIME", type=duration, default=3.0, help="between two looks (default: 3s)")


def add_follow(parser: argparse.ArgumentParser) -> None:
    """How a deployment is followed."""
    add_timeout(parser)
    add = parser.add_argument
    add("--on-timeout", choices=("rollback", "leave"), default="rollback", help="then (default: rollback)")
    add("--fail-fast", metavar="N", type=positive, help="roll back when N tasks failed in the same way")
    add(
        "--if-busy",
        choices=("fail", "wait", "cancel"),
        default="fail",
        help="a deployment is in progress (default: fail)",
    )


def add_record_table(parser: argparse.ArgumentParser) -> None:
    """Where records are kept."""
    from roadworthy.operations.records.name import NAME, OFF  # noqa: PLC0415

    help_text = f"the DynamoDB table of records, or {OFF} (default: {NAME})"
    parser.add_argument("--record", metavar="TABLE", default=NAME, help=help_text)


def add_record(parser: argparse.ArgumentParser) -> None:
    """What is kept of a deployment, and where."""
    add_record_table(parser)
    add = parser.add_argument
    add("--branch", metavar="NAME", help="for the record (default: the CI's)")
    add("--commit", metavar="HASH", help="for the record (default: the CI's)")
    add("--message", metavar="TEXT", help="for the record: why (default: the CI's)")


def whereabouts(args: argparse.Namespace, environment: str | None) -> "Whereabouts":
    """What the flags say of the place."""
    from roadworthy.operations.place import Whereabouts  # noqa: PLC0415 - `--help` needs none of it

    return Whereabouts(
        environment=environment,
        cluster=args.cluster,
        region=args.region,
        profile=args.profile,
        catalogue=args.catalogue,
    )


def limits(args: argparse.Namespace) -> "Limits":
    """What the flags say of following."""
    from roadworthy.operations.follow.limits import Limits  # noqa: PLC0415

    return Limits(
        timeout=args.timeout,
        poll=args.poll,
        rolls_back=args.on_timeout == "rollback",
        fail_fast=args.fail_fast,
    )


def if_busy(args: argparse.Namespace) -> "IfBusy":
    """What the flags say of a deployment in progress."""
    from roadworthy.operations.busy import IfBusy  # noqa: PLC0415

    return IfBusy(args.if_busy)


def split_environment(args: argparse.Namespace) -> tuple[list[str], str | None]:
    """Services and environment of `SERVICE... [ENV]`: the last name is an environment's where services.toml has it.

    Raises:
        RoadworthyError: services.toml cannot be read, or the environment is named twice.
    """
    names = list(args.names)
    if not names or (args.cluster and args.catalogue is None and not _known_environments(args)):
        return names, args.env
    if names[-1] not in _known_environments(args):
        return names, args.env
    last = names.pop()
    if args.env not in {None, last}:
        raise RoadworthyError(f"the environment is named twice: {last} and --env {args.env}")
    return names, last


def _known_environments(args: argparse.Namespace) -> list[str]:
    from roadworthy.catalogue import Catalogue  # noqa: PLC0415
    from roadworthy.catalogue.catalogue import nearest  # noqa: PLC0415

    if args.catalogue is None and not nearest().is_file():
        return []
    return [environment.name for environment in Catalogue.load(args.catalogue).environments]


def duration(text: str) -> float:
    """`1h30m`, `15m`, `90s`: seconds."""
    found = _DURATION.fullmatch(text)
    seconds = sum(int(number) * unit for number, unit in zip(found.groups("0"), _UNITS, strict=True)) if found else 0
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 90s, 15m or 1h30m")
    return float(seconds)


def path(text: str) -> "Path":
    """A file's path."""
    from pathlib import Path  # noqa: PLC0415 - a third of Python's start

    return Path(text)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)
