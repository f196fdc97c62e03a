"""The `roadworthy` command: verbs are modules of this package, imported only when they are asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from roadworthy import __version__
from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.help import HelpFormatter
from roadworthy.cli.output import complain, silence
from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint

DESCRIPTION = "Correct services on Amazon ECS Fargate: check them before they are deployed, and run them."

# A verb is a module with HELP, configure(parser) and run(args) -> exit code.
VERBS = {
    "check": "roadworthy.cli.check",
    "rules": "roadworthy.cli.rules",
    "explain": "roadworthy.cli.explain",
    "local": "roadworthy.cli.local",
    "synth": "roadworthy.cli.synth",
    "new": "roadworthy.cli.new",
    "list": "roadworthy.cli.operate.list",
    "status": "roadworthy.cli.operate.status",
    "watch": "roadworthy.cli.operate.watch",
    "logs": "roadworthy.cli.operate.logs",
    "events": "roadworthy.cli.operate.events",
    "diagnose": "roadworthy.cli.operate.diagnose",
    "restart": "roadworthy.cli.operate.restart",
    "deploy": "roadworthy.cli.operate.deploy",
    "rollback": "roadworthy.cli.operate.rollback",
    "rollout": "roadworthy.cli.operate.rollout",
    "history": "roadworthy.cli.operate.history",
    "show": "roadworthy.cli.operate.show",
    "stop-task": "roadworthy.cli.operate.stop_task",
    "permissions": "roadworthy.cli.operate.permissions",
    "exit-codes": "roadworthy.cli.exit_codes_verb",
}


class Verb(Protocol):
    """What a verb's module offers."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the answer is the process's exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `roadworthy` with `argv` (default: the process's arguments) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments[0] if arguments else ""
    if name in VERBS:
        return _run(name, arguments[1:])
    if name and not name.startswith("-"):
        return _complain(f"unknown verb `{name}`{hint(name, VERBS, otherwise='`roadworthy --help` lists them')}")
    parser = _overview()
    parser.parse_args(arguments)  # --help and --version end here
    parser.print_help(sys.stderr)
    return ExitCode.USAGE


def _run(name: str, arguments: list[str]) -> int:
    try:
        verb = _load(name)
    except ImportError as error:
        return _complain(f"`{name}` needs the package `{error.name}`: pip install 'roadworthy[{name}]'")
    parser = argparse.ArgumentParser(prog=f"roadworthy {name}", description=verb.HELP, formatter_class=HelpFormatter)
    verb.configure(parser)
    args = parser.parse_args(arguments)
    try:
        code = int(verb.run(args))
        if sys.stdout is not None:  # as it is in a process that was started without one
            sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader (`| head`) has gone
        silence()
        return ExitCode.FINDINGS
    except RoadworthyError as error:
        if getattr(args, "debug", False):
            raise
        complain(str(error))
        return getattr(error, "exit_code", ExitCode.USAGE)
    except OSError as error:  # such as the working directory's, which has been removed
        return _complain(f"{error.filename or 'the working directory'}: {(error.strerror or str(error)).lower()}")
    return code


def _overview() -> argparse.ArgumentParser:
    """The parser of `roadworthy` itself, with a line for each verb."""
    width = max(len(name) for name in VERBS) + 2
    lines = [f"  {name:{width}}{_help(name)}" for name in VERBS]
    parser = argparse.ArgumentParser(
        prog="roadworthy",
        usage="roadworthy VERB [options]",
        description=DESCRIPTION,
        epilog="\n".join(["verbs:", *lines, "", "`roadworthy VERB --help` shows a verb's options."]),
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"roadworthy {__version__}")
    return parser


def _help(name: str) -> str:
    """A verb's line of help, also when what it needs is not installed."""
    try:
        return _load(name).HELP
    except ImportError as error:
        return f"(needs the package `{error.name}`: pip install 'roadworthy[{name}]')"


def _load(name: str) -> Verb:
    return cast("Verb", importlib.import_module(VERBS[name]))


def _complain(message: str) -> int:
    complain(message)
    return ExitCode.USAGE
