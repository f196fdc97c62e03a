"""`roadworthy check PATH...`: check templates, cloud assemblies and task definitions."""

import argparse
import gc
import os
from functools import partial
from typing import TYPE_CHECKING

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import colours, emit, write
from roadworthy.config import FAIL_LEVELS, Settings, find, load
from roadworthy.errors import RoadworthyError
from roadworthy.garbage import no_garbage_collection
from roadworthy.report.fingerprint import relative
from roadworthy.report.formats import FORMATS, render

if TYPE_CHECKING:
    from roadworthy.online.aws import Aws
    from roadworthy.report.report import Report

EPILOG = """\
example: roadworthy check cdk.out --format sarif --output report.sarif

exit codes: 0  nothing at the fail level
            1  findings at the fail level
            2  unreadable input, a wrong configuration or wrong use

The project's settings are read from the nearest roadworthy.toml or [tool.roadworthy] in pyproject.toml; flags win.
`roadworthy rules` lists the rules, `roadworthy explain RULE` shows one."""

# What fails the check, by `--fail-on`.
FAILING = {"error": ("error",), "warning": ("error", "warning"), "never": ()}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    add = parser.add_argument
    add_file = partial(add, metavar="FILE", type=_path)
    add_names = partial(add, type=_names, action="extend")
    add("paths", nargs="+", metavar="PATH", type=_path, help="file, folder, cdk.out, or - for standard input")
    add("--format", choices=FORMATS, default="text", help="of the report (default: text)")
    add_file("--output", help="write the report to FILE; standard output gets the line that sums up")
    add_names("--select", metavar="RULE,...", help="check only these rules; health-* names several")
    add_names("--ignore", metavar="RULE,...", help="leave these rules out")
    add_names("--exclude", metavar="GLOB,...", help="leave these files and folders out")
    add("--fail-on", choices=FAIL_LEVELS, help="exit with 1 from this severity on (default: error)")
    add("--online", action="store_true", help="ask AWS whether images, secrets, log groups ... exist; it only reads")
    add("--profile", metavar="NAME", help="with --online: the AWS profile (default: as for the AWS command line)")
    add("--region", metavar="REGION", help="with --online: the AWS region (default: the profile's)")
    add_file("--config", help="settings (default: the nearest roadworthy.toml or pyproject.toml)")
    add_known = partial(parser.add_mutually_exclusive_group().add_argument, metavar="FILE", type=_path)
    add_known("--baseline", help="count the findings listed in FILE, do not report them")
    add_known("--write-baseline", help="list all present findings in FILE")


def run(args: argparse.Namespace) -> int:
    """Print the report; exit code 0 or 1 (findings).

    Raises:
        RoadworthyError: a path or the configuration cannot be read, or the report cannot be written.
    """
    with no_garbage_collection():
        code = _run(args)
        gc.freeze()  # the process is about to end: nothing of all this need be searched for garbage any more
    return code


def _run(args: argparse.Namespace) -> int:
    if args.write_baseline and args.output:
        raise RoadworthyError("--write-baseline writes no report: leave --output out")
    settings = _settings(args)
    report = _check(args, settings)
    if args.write_baseline:
        return _write_baseline(args.write_baseline, report)
    failing = FAILING[settings.fail_on]
    if args.output in {None, "-"}:
        emit(render(report, args.format, failing=failing, colours=colours()))
    else:
        _write(args, report, failing)
    return ExitCode.FINDINGS if any(finding.severity in failing for finding in report.findings) else ExitCode.OK


def _check(args: argparse.Namespace, settings: Settings) -> "Report":
    from roadworthy.checking import check  # noqa: PLC0415 - `--help` needs no rules

    return check(*args.paths, settings=settings, online=_aws(args))


def _aws(args: argparse.Namespace) -> "Aws | None":
    """The account to ask, if one is."""
    if args.online:
        from roadworthy.online.aws import Aws  # noqa: PLC0415 - it imports boto3

        return Aws.open(args.profile, args.region)
    if args.profile or args.region:
        raise RoadworthyError("--profile and --region say whom --online asks: pass it as well")
    return None


def _settings(args: argparse.Namespace) -> Settings:
    """The configuration, with what the flags say instead."""
    settings = load(args.config) if args.config else find()
    flags = {name: getattr(args, name) for name in ("select", "ignore", "exclude", "fail_on", "baseline")}
    if args.select or args.ignore:
        from roadworthy.rules.engine.selection import refuse_unknown  # noqa: PLC0415 - it imports the rules

        refuse_unknown(args.select or (), "--select")
        refuse_unknown(args.ignore or (), "--ignore")
    if args.exclude:  # globs of the command line are relative to where it is typed
        flags["exclude"] = [relative(glob, settings.folder) for glob in args.exclude]
    settings = settings._replace(**{name: value for name, value in flags.items() if value is not None})
    return settings._replace(baseline=None) if args.write_baseline else settings


def _write(args: argparse.Namespace, report: "Report", failing: tuple[str, ...]) -> None:
    from roadworthy.report.words import shown, summary  # noqa: PLC0415

    _refuse_input(args.output, report)
    write(args.output, render(report, args.format, failing=failing))
    emit(f"{summary(report)}: see {shown(args.output)}")


def _write_baseline(file: str, report: "Report") -> int:
    from roadworthy.report import baseline  # noqa: PLC0415
    from roadworthy.report.words import count, shown  # noqa: PLC0415

    _refuse_input(file, report)
    write(file, baseline.render(report, file))
    emit(f"{count(len(report.findings), 'finding')} written to {shown(file)}")
    return ExitCode.OK


def _refuse_input(file: str, report: "Report") -> None:
    """Nothing is written over what was checked: a wrong argument must not cost a template."""
    target = os.path.realpath(file)
    if any(os.path.realpath(checked) == target for checked in report.files):
        raise RoadworthyError(f"{file}: is one of the files that were checked: name another one to write to")


def _path(text: str) -> str:
    """A path; an empty one is a variable of a script that was not set."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return text


def _names(text: str) -> tuple[str, ...]:
    """`a,b` -> ("a", "b")."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError(f"{text!r} names nothing")
    return names
