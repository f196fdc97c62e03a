"""`roadworthy synth`: synthesize a CDK app and check it, in a fraction of `cdk synth`'s time."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import colours, complain, emit

if TYPE_CHECKING:
    from roadworthy.synthesis.settings import Settings

OURS = "roadworthy"  # the plugin whose findings are printed as `roadworthy check` prints them


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = "example: roadworthy synth --app 'python app.py' --output cdk.out --strict"
    parser.add_argument("-a", "--app", metavar="COMMAND", help="the app's command (default: cdk.json's)")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="of the cloud assembly (default: cdk.json's, or cdk.out)"
    )
    parser.add_argument("-c", "--context", metavar="KEY=VALUE", action="append", default=[], help="add to the context")
    parser.add_argument("--strict", action="store_true", help="exit with 1 on warnings, too")
    parser.add_argument("--no-validation", action="store_true", help="leave AWS's CloudFormation engine out")


def run(args: argparse.Namespace) -> int:
    """Write the assembly and print what is wrong with it; exit code 0, 1 (findings) or 2 (it cannot be synthesized).

    Raises:
        RoadworthyError: settings or templates cannot be read.
    """
    from roadworthy.synthesis import app_process, settings  # noqa: PLC0415 - `--help` needs nothing

    found = settings.load(Path.cwd(), app=args.app, output=args.output, context=args.context)
    code = app_process.run(found, os.environ)
    if code:
        complain(f"the app `{found.app}` ended with exit code {code}")
        return ExitCode.FINDINGS if app_process.has_written(found) else ExitCode.USAGE
    if not app_process.has_written(found):
        complain(f"the app `{found.app}` wrote no cloud assembly to {found.output}")
        return ExitCode.USAGE
    return _checked(found, args)


def _checked(found: "Settings", args: argparse.Namespace) -> int:
    """Print what every check says of the assembly."""
    from roadworthy import config  # noqa: PLC0415
    from roadworthy.checking import check  # noqa: PLC0415
    from roadworthy.cli.check import FAILING  # noqa: PLC0415
    from roadworthy.report import text_format  # noqa: PLC0415
    from roadworthy.synthesis import assembly_messages as manifest  # noqa: PLC0415
    from roadworthy.synthesis import cloudformation_engine, validation_report, violations_text  # noqa: PLC0415

    assembly = os.path.relpath(found.output)
    lookups = manifest.missing(assembly)
    if lookups:
        advice = "run `cdk synth` once with credentials and commit cdk.context.json"
        complain(f"context is missing: {', '.join(lookups)}; {advice}")
        return ExitCode.USAGE
    if not args.no_validation and cloudformation_engine.is_available():
        errors_fail = found.context.get(validation_report.ERRORS_FAIL) in {True, "true"}
        validation_report.validate(assembly, errors_fail=errors_fail)
    others = [*validation_report.violations_of(assembly, without=OURS)]
    if not any(violation.plugin == manifest.PLUGIN for violation in others):
        others += manifest.messages(assembly)
    project = config.find()
    report = check(assembly, settings=project)
    if others:
        emit(f"{violations_text.render(others)}\n")
    emit(text_format.render(report, colours=colours()))
    ours, theirs = ({each.severity for each in spoken} for spoken in (report.findings, others))
    failed = "error" in theirs or validation_report.has_failed(assembly, without=OURS)
    failed = failed or not ours.isdisjoint(FAILING[project.fail_on])
    return ExitCode.FINDINGS if failed or (args.strict and "warning" in ours | theirs) else ExitCode.OK
