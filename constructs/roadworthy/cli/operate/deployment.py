"""The steps of `roadworthy deploy`."""

import argparse
import shlex
from pathlib import Path

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments
from roadworthy.cli.operate.rolling import Rolling
from roadworthy.cli.operate.wording import short
from roadworthy.cli.output import complain, emit
from roadworthy.operations import build
from roadworthy.operations.confirm import confirm
from roadworthy.operations.context import Context
from roadworthy.operations.errors import OperationError
from roadworthy.operations.place import Place, Target
from roadworthy.operations.preflight import preflight
from roadworthy.operations.records.record import FULL, RESTART_ONLY
from roadworthy.operations.records.status import Status
from roadworthy.operations.verbs.deploy import Plan, deployment, plan
from roadworthy.operations.verbs.restart import restarts
from roadworthy.report.words import count


class ChecksFailedError(OperationError):
    """The checks found what would let the new tasks fail."""


def run(args: argparse.Namespace, context: Context) -> int:
    """Deploy, and say how it ended.

    Raises:
        RoadworthyError: see `roadworthy.cli.operate.deploy.run`.
    """
    rolling = Rolling("deploy", args, context)
    place = Place(arguments.whereabouts(args, args.environment), context)
    targets = rolling.active(place, [args.service])
    if not targets:
        return ExitCode.OK
    deploy = full if args.image else _restart
    return deploy(args, place, targets[0], rolling, context)


def _restart(args: argparse.Namespace, place: Place, target: Target, rolling: Rolling, context: Context) -> int:
    if args.dry_run:
        emit(f"would restart {target.words}")
        return ExitCode.OK
    confirm("restart", [target], context, yes=args.yes)
    with rolling.interrupts, rolling.recorded(place, [target], RESTART_ONLY):
        rolling.enter(Status.RESTARTING)
        return rolling.run(restarts([target], rolling.way, context.clock))


def full(args: argparse.Namespace, place: Place, target: Target, rolling: Rolling, context: Context) -> int:
    """Check, build where it is asked for, register, roll out, follow; the exit code.

    Raises:
        RoadworthyError: see `roadworthy.cli.operate.deploy.run`.
    """
    planned = plan(target, args.image, args.container)
    to_build = build.plan(Path(args.build), planned.after, _architecture(planned)) if args.build else None
    if args.dry_run:
        _check(args, planned, built=to_build is not None)
        _say_what_would_be(planned, to_build)
        return ExitCode.OK
    confirm(f"deploy {planned.after} to", [target], context, yes=args.yes)
    with rolling.interrupts, rolling.recorded(place, [target], FULL, image=planned.after):
        rolling.go_on()
        if to_build:
            rolling.enter(Status.BUILDING)
            build.run(to_build, target.cluster.aws, rolling.go_on)
            rolling.go_on()
        _check(args, planned, built=False)
        rolling.enter(Status.DEPLOYING)
        return rolling.run([deployment(planned, rolling.way, context.clock, rolling.go_on)])


def _check(args: argparse.Namespace, planned: Plan, *, built: bool) -> None:
    """Refuse what could not start; an image that is yet to be built is not looked for."""
    if args.no_checks:
        return
    found = preflight(planned.target, planned.definition, planned.service.raw)
    refusals = [each for each in found.refusals if not (built and each.rule.startswith("image-"))]
    for warning in found.warnings:
        complain(f"warning: {warning.message} ({warning.rule})")
    for refusal in refusals:
        complain(f"{refusal.message} ({refusal.rule}): {refusal.fix}")
    if refusals:
        raise ChecksFailedError(
            f"{planned.target.words}: nothing was deployed: {count(len(refusals), 'check')} failed; "
            "mend it, or pass --no-checks"
        )


def _say_what_would_be(planned: Plan, to_build: build.Build | None) -> None:
    for command in to_build.commands if to_build else ():
        emit(f"would run {shlex.join(command)}")
    if not planned.changes:
        emit(f"would restart {planned.target.words}: {planned.after} runs already")
        return
    family = short(planned.service.task_definition).partition(":")[0]
    emit(f"would register {family} anew, container {planned.container}: {planned.before} -> {planned.after}")
    emit(f"would deploy it to {planned.target.words}: {planned.target.name} in {planned.target.cluster.name}")


def _architecture(planned: Plan) -> str:
    return str((planned.present.get("runtimePlatform") or {}).get("cpuArchitecture", "X86_64"))
