"""The `roadworthy` command: verbs are modules of this package, imported only when they are asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from roadworthy import __version__
from roadworthy.cli.exit_codes import ExitCode

# A verb is a module with HELP, configure(parser) and run(args) -> exit code.
VERBS = {
    "check": "roadworthy.cli.check",
    "local": "roadworthy.cli.local",
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
    asked = next((word for word in arguments if word in VERBS), None)
    parser = argparse.ArgumentParser(prog="roadworthy", description=__doc__)
    parser.add_argument("--version", action="version", version=f"roadworthy {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, module in VERBS.items():
        # Only the verb that was asked for is imported, so that `check` never pays for `local`.
        verb = cast("Verb", importlib.import_module(module)) if name == asked or asked is None else None
        subparser = verbs.add_parser(name, help=verb.HELP if verb else None, description=verb.HELP if verb else None)
        if verb is not None:
            verb.configure(subparser)
            subparser.set_defaults(run=verb.run)
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
