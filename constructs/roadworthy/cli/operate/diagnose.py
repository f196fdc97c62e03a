"""`roadworthy diagnose SERVICE [ENV]`: what is wrong with a service, what explains it, and what to do."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.report.words import ERROR, shown

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.diagnose import Diagnosis
    from roadworthy.operations.diagnose.problem import Problem
    from roadworthy.operations.diagnose.verdict import Verdict

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
        yield from _help(root.problem, "    ")
        if root.explains:
            yield f"    it explains: {', '.join(root.explains)}"
    width = max(len(verdict.check.id) for verdict in diagnosis.verdicts)
    step = None
    for verdict in diagnosis.verdicts:
        if verdict.check.step is not step:
            step = verdict.check.step
            yield ""
            yield step.value
        for mark, words, problem in _leaves(verdict):
            yield f"  {mark} {verdict.check.id:{width}}  {words}"
            if problem and not (root and problem is root.problem):
                yield from _help(problem, " " * (width + 6))


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


def _leaves(verdict: "Verdict") -> Iterator[tuple[str, str, "Problem | None"]]:
    """Mark, words and problem of each line of a check."""
    if not verdict.problems and not verdict.skips:
        yield MARKS["ok"], verdict.check.fact, None
    for problem in verdict.problems:
        yield (
            MARKS["bad" if problem.severity == ERROR else "warning"],
            f"{shown(problem.what)}{_seen(problem)}",
            problem,
        )
    for skip in verdict.skips:
        yield MARKS["skipped"], f"skipped: {shown(skip.why)}", None


def _seen(problem: "Problem") -> str:
    """How often, and of which task last."""
    times = [f"{problem.times} times"] if problem.times > 1 else []
    tasks = [f"task {problem.task[:8]}"] if problem.task else []
    return f" ({', '.join(times + tasks)})" if times or tasks else ""


def _help(problem: "Problem", indent: str) -> Iterator[str]:
    """What to do, what AWS says, and what the container wrote last."""
    yield f"{indent}next: {shown(problem.next_step)}"
    if problem.evidence:
        yield f"{indent}AWS: {shown(problem.evidence)}"
    yield from (f"{indent}| {shown(line)}" for line in problem.log)
    if problem.note:
        yield f"{indent}({shown(problem.note)})"


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
        "note": problem.note or None,
        "task": problem.task or None,
    }
