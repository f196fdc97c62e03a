"""`roadworthy diagnose SERVICE [ENV]`: what is wrong with a service, what explains it, and what to do."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.report.words import shown

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.diagnose import Diagnosis
    from roadworthy.operations.diagnose.problem import Problem
    from roadworthy.operations.diagnose.verdict import Verdict

HELP = "find out what is wrong with a service, what explains it, and what to do"
EPILOG = """\
example: roadworthy diagnose api prod

It only reads. What the credentials may not read is skipped, with the IAM action that is missing. It ends with 0 when
nothing is bad, with 1 when something is; warnings are told, but are not bad. docs/diagnosing.md explains the output."""

MARKS = {"ok": "✓", "warning": "!", "bad": "✗", "skipped": "–"}  # noqa: RUF001 - a dash that is longer than a hyphen


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    arguments.add_service(parser)
    arguments.add_place(parser)
    arguments.add_output(parser)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Diagnose, and say what was found.

    Raises:
        RoadworthyError: an unknown service, or AWS cannot be asked for it.
    """
    from roadworthy.operations.context import Context  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.diagnose import diagnose  # noqa: PLC0415
    from roadworthy.operations.place import Place  # noqa: PLC0415

    context = context or Context()
    place = Place(arguments.whereabouts(args, args.environment), context)
    diagnosis = diagnose(place.target(args.service), context.clock)
    emit(as_json(diagnosis) if args.output == "json" else "\n".join(as_text(diagnosis)))
    return ExitCode.OK if diagnosis.well else ExitCode.FINDINGS


def as_text(diagnosis: "Diagnosis") -> Iterator[str]:
    """The root cause, then the checklist as a tree."""
    root, name = diagnosis.root_cause, diagnosis.target.words
    if root is None:
        yield f"{MARKS['ok']} {name}: nothing is wrong"
    else:
        yield f"{MARKS['bad']} {name}: {shown(root.problem.what)}"
        yield f"    next: {shown(root.problem.next_step)}"
        if root.explains:
            yield f"    it explains: {', '.join(root.explains)}"
    step = None
    for verdict in diagnosis.verdicts:
        if verdict.check.step is not step:
            step = verdict.check.step
            yield ""
            yield step.value
        yield from _branch(verdict)


def as_json(diagnosis: "Diagnosis") -> str:
    """The shape that docs/diagnosing.md documents."""
    target, root = diagnosis.target, diagnosis.root_cause
    answer = {
        "verb": "diagnose",
        "ok": diagnosis.well,
        "service": target.label,
        "name": target.name,
        "cluster": target.cluster.name,
        "environment": target.environment,
        "root_cause": {
            "check": root.check.id,
            "kind": root.problem.kind,
            "what": root.problem.what,
            "next_step": root.problem.next_step,
            "explains": list(root.explains),
        }
        if root
        else None,
        "checks": [_check(verdict) for verdict in diagnosis.verdicts],
    }
    return json.dumps(answer, indent=2)


def _branch(verdict: "Verdict") -> Iterator[str]:
    name, mark = verdict.check.id, MARKS[verdict.status.value]
    if not verdict.problems and not verdict.skips:
        yield f"  {mark} {name}: {verdict.check.fact}"
    for problem in verdict.problems:
        yield f"  {MARKS['bad' if problem.severity == 'error' else 'warning']} {name}: {_what(problem)}"
        yield f"      next: {shown(problem.next_step)}"
        yield from (f"      | {shown(line)}" for line in problem.log)
        if problem.note:
            yield f"      ({shown(problem.note)})"
    for skip in verdict.skips:
        yield f"  {MARKS['skipped']} {name}: skipped: {shown(skip.why)}"


def _what(problem: "Problem") -> str:
    times = f" ({problem.times} times)" if problem.times > 1 and "targets)" not in problem.what else ""
    return f"{shown(problem.what)}{times}"


def _check(verdict: "Verdict") -> dict[str, Any]:
    return {
        "check": verdict.check.id,
        "step": verdict.check.step.value,
        "status": verdict.status.value,
        "problems": [_problem(problem) for problem in verdict.problems],
        "skipped": [{"why": skip.why, "action": skip.action} for skip in verdict.skips],
    }


def _problem(problem: "Problem") -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "severity": problem.severity,
        "what": problem.what,
        "next_step": problem.next_step,
        "evidence": problem.evidence or None,
        "times": problem.times,
        "log": list(problem.log),
    }
