"""The actions of `roadworthy rollout`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.operate import arguments, deployment, status
from roadworthy.cli.operate.rolling import Rolling
from roadworthy.cli.operate.telling import writer
from roadworthy.cli.operate.wording import lines
from roadworthy.cli.output import emit
from roadworthy.errors import RoadworthyError
from roadworthy.operations.confirm import confirm
from roadworthy.operations.context import Context
from roadworthy.operations.errors import OperationError
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.events import Ended, Event, Failed, Noted, Shifted
from roadworthy.operations.image_reference import version_of
from roadworthy.operations.place import Place
from roadworthy.operations.records.name import OFF
from roadworthy.operations.records.record import FULL, ROLLBACK
from roadworthy.operations.records.status import Status
from roadworthy.operations.rollout.probe import Probe, http
from roadworthy.operations.rollout.report import RolloutReport
from roadworthy.operations.task_definitions import container_of, describe
from roadworthy.operations.verbs import rollback, rollout
from roadworthy.operations.verbs.watch import last_deployment

ANSWERS = {"continue": rollout.CONTINUE, "reject": rollout.ROLLBACK}


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the action says.

    Raises:
        RoadworthyError: see `roadworthy.cli.operate.rollout.run`.
    """
    if args.action == "status":
        return status.run(args, context)
    if args.action == "watch":  # it changes nothing
        args.record, args.on_timeout = OFF, "leave"
    return _Rollout(args, context).run()


class _Rollout:
    """One rollout, told in six steps."""

    def __init__(self, args: argparse.Namespace, context: Context) -> None:
        self._args = args
        self._context = context
        self._write = writer(sys.stderr) if sys.stderr else lambda line: None
        self._place = Place(arguments.whereabouts(args, args.environment), context)
        self._target = self._place.target(args.service)
        self._report = RolloutReport(context.clock, self._write)
        self._rolling = Rolling("rollout", args, context, tell=self._tell, result=self._result)
        self._probe: Probe | None = None
        self._kept_blue = False  # against what was wanted: 1, also where the time was up

    def run(self) -> int:
        """Do it; the exit code."""
        with ExitStack() as stack:
            if self._args.probe and not self._args.dry_run:
                self._probe = stack.enter_context(Probe(_question(self._args.probe)))
            code = self._start() if self._args.action == "start" else self._follow(self._args.action)
        return ExitCode.FAILED if self._kept_blue else code

    def _start(self) -> int:
        try:
            return deployment.full(self._args, self._place, self._target, self._rolling, self._context)
        except RoadworthyError as error:
            if self._report.steps.number:
                self._report.steps.fail(str(error))
            raise

    def _follow(self, action: str) -> int:
        start = self._planned(action)
        if action != "watch":
            if self._args.dry_run:
                emit(f"would {action} the deployment of {self._target.words}")
                return ExitCode.OK
            confirm(f"{action} the rollout of", [self._target], self._context, yes=self._args.yes)
        type = FULL if action == "continue" else ROLLBACK
        # Ctrl-C ends the watching alone.
        taken = nullcontext() if action == "watch" else self._rolling.interrupts
        with taken, self._rolling.recorded(self._place, [self._target], type):
            self._rolling.enter(Status.DEPLOYING)
            return self._rolling.run([start])

    def _planned(self, action: str) -> Start:
        if action in ANSWERS:
            return rollout.answer(self._target, self._context.clock, ANSWERS[action])
        if action == "watch":
            return last_deployment(self._target, self._context.clock)
        return rollback.rollback(rollback.plan(self._target), self._context.clock)

    def _tell(self, event: Event) -> None:
        self._report(event)
        if isinstance(event, (Failed, Noted, Shifted)):
            for line in lines(event):
                self._write(line)

    def _result(self, ends: Sequence[Ended], _record: str | None) -> str:
        self._kept_blue = any(end.rolled_back and not end.well for end in ends)
        answered = self._probe.result() if self._probe else None
        found = self._report.as_json(self._version(), answered)
        both = f"both versions ran together for {found['overlap_seconds']} s"
        away = (
            f"nobody answered for {found['downtime_seconds']} s" if answered else "downtime not measured: pass --probe"
        )
        self._write(f"{self._target.words}: {both}; {away}")
        return json.dumps(found, indent=2 if self._args.output == "json" else None)

    def _version(self) -> str:
        """Which version runs now."""
        try:
            service = self._target.cluster.service(self._target.name)
            definition = describe(self._target.cluster.aws, service.task_definition)
            return version_of(container_of(definition, self._target, self._args.container)["image"])
        except OperationError:
            return ""


def _question(url: str) -> Callable[[], bool]:
    try:
        return http(url)
    except ValueError as error:
        raise RoadworthyError(f"--probe: {error}") from None
