"""Running a verb: its arguments, its exit code, and whatever goes wrong told in one line."""

import errno
import importlib
import sys
from argparse import Namespace
from typing import Protocol, cast

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import complain, silence
from roadworthy.cli.overview import overview
from roadworthy.cli.parser import Parser
from roadworthy.cli.verbs import HELP, VERBS
from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint

# What has to be installed for a package that is missing.
EXTRAS = {"aws_cdk": "cdk", "boto3": "aws", "botocore": "aws", "constructs": "cdk", "ministack": "local"}
DEBUG = "--debug"


class Verb(Protocol):
    """What a verb's module offers."""

    def configure(self, parser: Parser) -> None:
        """Add the verb's arguments."""

    def run(self, args: Namespace) -> int:
        """Do it; the answer is the process's exit code."""


def run(name: str, arguments: list[str]) -> int:
    """Run a verb; the exit code. With --debug, an error shows where it comes from."""
    try:
        return _run(name, arguments)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader (`| head`) has gone
        silence()
        return ExitCode.FINDINGS
    except Exception as error:
        if DEBUG in arguments:
            _show_where()
        complain(_words(name, error))
        return _code(error)


def refuse(name: str) -> int:
    """Say that there is no such verb or option; the exit code."""
    if name:
        what = "option" if name.startswith("-") else "verb"
        complain(f"unknown {what} `{name}`{hint(name, ['help', *VERBS], otherwise='`roadworthy --help` lists them')}")
    elif sys.stderr is not None:
        print(overview(), file=sys.stderr)  # noqa: T201
    return ExitCode.USAGE


def parser_of(name: str) -> Parser:
    """The parser of a verb's arguments."""
    parser = Parser(prog=f"roadworthy {name}", description=HELP.get(name))
    _load(name).configure(parser)
    parser.add_argument(DEBUG, action="store_true", help="show where an error comes from")
    return parser


def _run(name: str, arguments: list[str]) -> int:
    parser = parser_of(name)
    try:
        code = int(_load(name).run(parser.parse_args(arguments)))
    except SystemExit as end:  # after --help
        code = int(end.code or 0)
    if sys.stdout is not None:  # as it is in a process that was started without one
        sys.stdout.flush()
    return code


def _load(name: str) -> Verb:
    return cast("Verb", importlib.import_module(VERBS[name]))


def _words(name: str, error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, RoadworthyError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        extra = f"'roadworthy[{EXTRAS[package]}]'" if package in EXTRAS else package
        return f"`{name}` needs the package `{error.name}`: pip install {extra}"
    if isinstance(error, OSError):
        # Only the working directory, which has been removed, is not found without having a name.
        where = error.filename or ("the working directory" if error.errno == errno.ENOENT else name)
        return f"{where}: {(error.strerror or str(error)).lower()}"
    return f"{name}: a fault of roadworthy: {type(error).__name__}: {error}; {DEBUG} shows where"


def _code(error: Exception) -> int:
    if isinstance(error, RoadworthyError):
        return int(getattr(error, "exit_code", ExitCode.USAGE))
    return ExitCode.USAGE if isinstance(error, OSError | ModuleNotFoundError) else ExitCode.FAULT


def _show_where() -> None:
    import traceback  # noqa: PLC0415

    traceback.print_exc()
