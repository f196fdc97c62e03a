"""`roadworthy rules`: all rules in a table."""

import argparse
import json

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import colours, emit


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = "example: roadworthy rules --format markdown"
    parser.add_argument(
        "--format", choices=["text", "json", "markdown"], default="text", help="of the list (default: text)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    formats = {"text": _text, "json": _json, "markdown": _markdown}
    emit(formats[args.format]())
    return ExitCode.OK


def _text() -> str:
    from roadworthy.report.text_format import RED, YELLOW, Paint  # noqa: PLC0415 - `--help` needs no rules
    from roadworthy.rules.engine import ERROR, WARNING  # noqa: PLC0415
    from roadworthy.rules.engine.pages import summary  # noqa: PLC0415
    from roadworthy.rules.engine.selection import catalogue, is_online  # noqa: PLC0415

    rules, paint, colour = catalogue(), Paint(colours()), {ERROR: RED, WARNING: YELLOW}
    width = max(len(rule.id) for rule in rules)
    return "\n".join(
        f"{rule.id:{width}}  {paint(colour[rule.severity], f'{rule.severity:7}')}  {summary(rule)}"
        + (" (--online)" if is_online(rule) else "")
        for rule in rules
    )


def _json() -> str:
    from roadworthy.rules.engine.pages import summary  # noqa: PLC0415
    from roadworthy.rules.engine.selection import catalogue, is_online  # noqa: PLC0415

    rules = [
        {
            "id": rule.id,
            "severity": rule.severity,
            "summary": summary(rule),
            "source": rule.source,
            "online": is_online(rule),
        }
        for rule in catalogue()
    ]
    return json.dumps(rules, indent=2)


def _markdown() -> str:
    from roadworthy.rules.engine.pages import table  # noqa: PLC0415

    return table().rstrip()
