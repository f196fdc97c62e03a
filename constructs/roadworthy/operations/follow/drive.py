"""Starting deployments, some at a time, and following each to its end: one failure stops none of the others."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.clock import Clock
from roadworthy.operations.errors import NoAwsError, NotYetError, OperationError
from roadworthy.operations.follow.events import Began, Ended, Listener, Noted
from roadworthy.operations.follow.health import Health, health
from roadworthy.operations.follow.interrupts import Interrupts
from roadworthy.operations.follow.limits import Limits
from roadworthy.operations.follow.look import look
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.follow.start import Started
from roadworthy.operations.follow.stop import HOPELESS, ask_to_roll_back
from roadworthy.operations.follow.tracked import Tracked
from roadworthy.operations.place import Target

LOOKS_THAT_MAY_FAIL = 5  # in a row; each call was tried several times already
GOES_ON = "the deployment goes on in ECS, whether this command does or not; to follow it later:"
AGAIN = "Ctrl-C again rolls it back"
GO_ON, ROLL_BACK, LEAVE = 1, 2, 3  # what the presses of Ctrl-C mean


@dataclass(frozen=True)
class Start:
    """A deployment to come.

    Attributes:
        target: of which service.
        begin: starts it; raises OperationError where it cannot be started, NotYetError where not yet.
        wanted: how it shall end; ROLLED_BACK: it is a deployment that `begin` stopped.
    """

    target: Target
    begin: Callable[[], Started]
    wanted: Outcome = Outcome.SUCCEEDED


@dataclass(frozen=True, kw_only=True)
class Drive:
    """How deployments are started and followed.

    Attributes:
        clock: tells the time and waits.
        limits: how long and how closely.
        listen: is told of everything that happens.
        interrupts: counts the presses of Ctrl-C.
        parallel: how many go on at a time.
    """

    clock: Clock
    limits: Limits
    listen: Listener
    interrupts: Interrupts
    parallel: int = 1

    def run(self, starts: Sequence[Start]) -> list[Ended]:
        """Start and follow them all; the ends are in the order of the starts."""
        return _Run(self, starts).run()


def exit_code(ends: Sequence[Ended]) -> ExitCode:
    """One service's own exit code; of several 0 only when all succeeded, else 1."""
    codes = {_code(end) for end in ends}
    if not codes - {ExitCode.OK}:
        return ExitCode.OK
    return codes.pop() if len(ends) == 1 else ExitCode.FAILED


def _code(end: Ended) -> ExitCode:
    if end.well:
        return ExitCode.OK
    if isinstance(end.error, OperationError):
        return end.error.exit_code
    return end.outcome.exit_code or ExitCode.FAILED  # a deployment that succeeded before it could be stopped


class _Run:
    """One run of a drive."""

    def __init__(self, drive: Drive, starts: Sequence[Start]) -> None:
        self._drive = drive
        self._order = [start.target for start in starts]
        self._waiting = deque(starts)
        self._delayed: list[Start] = []  # tried, and to be tried again
        self._live: list[Tracked] = []
        self._ends: dict[Target, Ended] = {}
        self._presses = 0
        self._failed_looks = 0

    def run(self) -> list[Ended]:
        while self._waiting or self._delayed or self._live:
            self._begin()
            if self._live and self._look():
                self._settle()
            self._heed_presses()
            self._heed_limits()
            if self._live or self._delayed:
                self._drive.interrupts.wait(self._drive.clock, self._drive.limits.poll)
        return [self._ends[target] for target in self._order]

    def _begin(self) -> None:
        room = self._drive.parallel - len(self._live) - len(self._delayed)
        batch = [*self._delayed, *(self._waiting.popleft() for _ in range(min(room, len(self._waiting))))]
        self._delayed = []
        if not batch:
            return
        for start, begun in zip(batch, batch[0].target.cluster.aws.each(_attempt, batch), strict=True):
            if isinstance(begun, Started):
                self._follow(begun, start.wanted)
            elif isinstance(begun, NotYetError):
                self._delayed.append(start)
            else:
                self._end(Ended(start.target, Outcome.NOT_STARTED, why=str(begun), error=begun))

    def _follow(self, started: Started, wanted: Outcome) -> None:
        tracked = Tracked(started, wanted)
        tracked.give_up_at = self._drive.clock.now() + self._drive.limits.timeout
        self._live.append(tracked)
        self._drive.listen(Began(started.target, started.deployment, started.task_definition))

    def _look(self) -> bool:
        """Look at all that go on; whether it was possible."""
        try:
            for event in look(self._live):
                self._drive.listen(event)
        except OperationError as error:
            self._failed_looks += 1
            lasting = not isinstance(error, NoAwsError) or "expired" in str(error)
            if lasting or self._failed_looks >= LOOKS_THAT_MAY_FAIL:
                self._leave(f"it goes on, but cannot be followed: {error}", error)
            return False
        self._failed_looks = 0
        return True

    def _settle(self) -> None:
        outcomes = [(each, each.outcome()) for each in self._live]
        over = [(each, outcome) for each, outcome in outcomes if outcome is not None]
        if over:
            now, aws = self._drive.clock.now(), over[0][0].started.target.cluster.aws
            self._live = [each for each, outcome in outcomes if outcome is None]
            for end in aws.each(lambda ended: conclude(*ended, now), over):
                self._end(end)

    def _heed_presses(self) -> None:
        """Do what each new press of Ctrl-C means; a process that is told to end leaves what goes on."""
        if self._drive.interrupts.ended:
            self._leave("the command was told to end: it goes on in ECS", None)
            return
        while self._presses < self._drive.interrupts.presses:
            self._presses += 1
            if self._presses == GO_ON:
                self._cancel_waiting()
                for tracked in self._live:
                    self._note(tracked, f"{GOES_ON} `roadworthy watch {tracked.started.target.words}`; {AGAIN}")
            elif self._presses == ROLL_BACK:
                for tracked in self._live:
                    self._roll_back(tracked, "you asked for it")
            elif self._presses == LEAVE:
                self._leave("left alone: it goes on in ECS", None)

    def _heed_limits(self) -> None:
        now, limits = self._drive.clock.now(), self._drive.limits
        for tracked in list(self._live):
            can_stop = not tracked.stopping and tracked.refusals < HOPELESS
            if limits.fail_fast and tracked.most_failures >= limits.fail_fast and can_stop:
                self._roll_back(tracked, f"{tracked.most_failures} tasks failed in the same way")
            if now < tracked.give_up_at:
                continue
            if limits.rolls_back and can_stop:
                if self._roll_back(tracked, f"not done after {limits.timeout:.0f} s"):
                    tracked.gave_up = Outcome.TIMED_OUT
            else:
                self._live.remove(tracked)
                what = "its rollback" if tracked.stopping else "it"
                self._end(tracked.end(Outcome.TIMED_OUT, now, f"{what} goes on in ECS and was not followed any longer"))

    def _roll_back(self, tracked: Tracked, why: str) -> bool:
        """Whether ECS rolls it back."""
        if tracked.stopping:
            return True
        refusals, told = ask_to_roll_back(tracked.started, why)
        tracked.refusals += refusals
        if not refusals:
            tracked.stopping = True
            tracked.give_up_at = self._drive.clock.now() + self._drive.limits.timeout
        self._drive.listen(told)
        return tracked.stopping

    def _cancel_waiting(self) -> None:
        while self._waiting:
            target = self._waiting.popleft().target
            self._end(Ended(target, Outcome.NOT_STARTED, why="cancelled before it was started"))

    def _leave(self, why: str, error: Exception | None) -> None:
        self._waiting.extendleft(reversed(self._delayed))
        self._delayed = []
        self._cancel_waiting()
        for tracked in self._live:
            end = tracked.end(Outcome.LEFT, self._drive.clock.now(), why)
            self._end(replace(end, error=error))
        self._live.clear()

    def _note(self, tracked: Tracked, text: str) -> None:
        self._drive.listen(Noted(tracked.started.target, text, "warning"))

    def _end(self, end: Ended) -> None:
        self._ends[end.target] = end
        self._drive.listen(end)


def conclude(tracked: Tracked, outcome: Outcome, now: float) -> Ended:
    """The end of a deployment, with what only shows when one asks further: who replaced it, how it is now."""
    if tracked.deployment and tracked.deployment.status == "STOPPED" and not tracked.gone:
        successor = _successor(tracked)
        if successor:
            why = f"replaced by {successor.rpartition('/')[2]}"
            return tracked.end(Outcome.REPLACED, now, why, replaced_by=successor)
    if outcome is Outcome.SUCCEEDED:
        found = health(tracked.started.target)
        if found.health is Health.UNHEALTHY:
            return tracked.end(Outcome.UNHEALTHY, now, found.words)
        warning = "" if found.health is Health.HEALTHY else "; its health is not certain"
        return tracked.end(outcome, now, found.words + warning)
    if outcome is Outcome.PAUSED:
        words = tracked.started.target.words
        return tracked.end(outcome, now, f"answer with `roadworthy rollout continue {words}`, or reject")
    if outcome is Outcome.TIMED_OUT:
        return tracked.end(
            outcome, now, ": ".join(["ECS rolled it back", *(cause.what for cause in tracked.causes[:1])])
        )
    return tracked.end(outcome, now, _why(tracked))


def _why(tracked: Tracked) -> str:
    if tracked.gone:
        return "the service was deleted"
    deployment = tracked.deployment
    if tracked.causes:
        return tracked.causes[0].what
    return (deployment.rollback_reason or deployment.reason).rstrip(".") if deployment else ""


def _successor(tracked: Tracked) -> str | None:
    """The deployment that took its place, if one did."""
    target, ours = tracked.started.target, tracked.deployment
    if ours is None or ours.created is None:
        return None
    try:
        later = target.cluster.deployments_of(target.name, after=ours.created)
    except OperationError:
        return None
    return next((each.arn for each in reversed(later) if each.arn != tracked.started.deployment), None)


def _attempt(start: Start) -> Started | OperationError:
    try:
        return start.begin()
    except OperationError as error:
        return error
