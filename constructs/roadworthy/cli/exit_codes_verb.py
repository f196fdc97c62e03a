"""`roadworthy exit-codes`: what each exit code says."""

import argparse
import json

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import emit


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = "example: roadworthy exit-codes --output json"
    parser.add_argument("--output", choices=("text", "json"), default="text", help="of the list (default: text)")


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    if args.output == "json":
        codes = [{"code": int(code), "name": _name(code), "meaning": code.meaning} for code in ExitCode]
        emit(json.dumps(codes, indent=2))
    else:
        emit("\n".join(f"{int(code):>4}  {_name(code):17}{code.meaning}" for code in ExitCode))
    return ExitCode.OK


def _name(code: ExitCode) -> str:
    return code.name.lower().replace("_", "-")
