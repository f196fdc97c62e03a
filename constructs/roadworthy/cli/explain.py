"""`roadworthy explain RULE`: a rule's page in the terminal."""

import argparse

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import colours, emit


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = "example: roadworthy explain latest-image-tag"
    parser.add_argument(
        "rule", metavar="RULE", help="its id, as in `latest-image-tag` or `roadworthy::latest-image-tag`"
    )


def run(args: argparse.Namespace) -> int:
    """Print the page.

    Raises:
        UnknownRuleError: there is no such rule.
    """
    from roadworthy.rules.engine.pages import page  # noqa: PLC0415 - `--help` needs no rules
    from roadworthy.rules.engine.selection import named  # noqa: PLC0415

    text = page(named(args.rule))
    emit("\n".join(_line(line, coloured=colours()) for line in text.rstrip().splitlines()))
    return ExitCode.OK


def _line(line: str, *, coloured: bool) -> str:
    from roadworthy.report.text_format import BOLD, PLAIN  # noqa: PLC0415

    return f"{BOLD}{line}{PLAIN}" if coloured and line.startswith("#") else line
