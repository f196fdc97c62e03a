"""`roadworthy new service`: a service in the catalogue, with a stack that synthesizes and its test."""

import argparse

from roadworthy.catalogue.kinds import KINDS
from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import emit
from roadworthy.scaffold import Plan, plan_service
from roadworthy.scaffold.writing import write


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = "example: roadworthy new service order-intake --kind http --env stage"
    parser.add_argument("what", choices=["service"], help="what is new")
    parser.add_argument("name", metavar="NAME", help="the service's name, such as order-intake")
    parser.add_argument("--kind", choices=list(KINDS), required=True, help="what it is: docs/services-toml.md")
    parser.add_argument("--env", metavar="NAMES", help="where it is, such as stage,prod (default: everywhere)")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")


def run(args: argparse.Namespace) -> int:
    """Add the service, or say what adding it would write; exit code 0, or 2 where it cannot be added."""
    environments = [] if args.env is None else [name.strip() for name in args.env.split(",")]
    plan = plan_service(args.name, args.kind, environments)
    if args.dry_run:
        emit(_preview(plan))
        return ExitCode.OK
    write(plan)
    emit(_done(plan, args.name))
    return ExitCode.OK


def _preview(plan: Plan) -> str:
    files = {str(path): text for path, text in plan.files.items()}
    texts = {f"{plan.catalogue}, at its end": plan.entry, **files, "app.py, by hand": plan.app_lines}
    return "\n".join(f"# {where}\n\n{text}" for where, text in texts.items())


def _done(plan: Plan, service: str) -> str:
    made = "\n".join(f"{path}: made" for path in plan.files)
    return f"{plan.catalogue}: [services.{service}] added\n{made}\n\nAdd to app.py:\n\n{plan.app_lines}"
