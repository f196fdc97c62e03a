"""`roadworthy check PATH...`: check templates, cloud assemblies and task definitions."""

import argparse
import os
import sys

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.template.problems import UnreadableError

HELP = "check templates, cdk.out folders and task definitions for what breaks deployments"

# What fails the check, by `--fail-on`.
FAILING = {"error": {"error"}, "warning": {"error", "warning"}, "never": frozenset[str]()}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, cdk.out, or - for standard input")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="of the report (default: text)")
    parser.add_argument(
        "--fail-on", choices=list(FAILING), default="error", help="exit with 1 from this severity on (default: error)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the report; exit code 0, 1 (findings) or 2 (a path cannot be read)."""
    from roadworthy.checking import check  # noqa: PLC0415 - `--help` needs no rules

    try:
        report = check(*args.paths)
    except UnreadableError as error:
        print(f"roadworthy: {error}", file=sys.stderr)  # noqa: T201
        return ExitCode.USAGE
    if args.format == "json":
        from roadworthy.report.json_format import render  # noqa: PLC0415

        text = render(report)
    else:
        from roadworthy.report import text_format  # noqa: PLC0415

        text = text_format.render(report, colours=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    # A name may hold what the terminal's encoding does not: shown escaped, it ends no run.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201
    failing = any(finding.severity in FAILING[args.fail_on] for finding in report.findings)
    return ExitCode.FINDINGS if failing else ExitCode.OK
