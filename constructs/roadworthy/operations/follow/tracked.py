"""One deployment that is followed: what each look at it tells that is new. Pure: it asks nobody."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from roadworthy.operations.causes import Cause, cause_of_event
from roadworthy.operations.ecs.service import Rollout, Service
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.ecs.task import Task
from roadworthy.operations.follow.events import Answering, Counted, Ended, Event, Failed, Moved, Said, Shifted, Sides
from roadworthy.operations.follow.outcome import FINAL, Outcome
from roadworthy.operations.follow.start import Started
from roadworthy.operations.targets import TargetHealth

GENERAL = {"circuit-breaker", "tasks-fail-repeatedly"}  # causes that say no more than that tasks fail


class Tracked:
    """What is known of a deployment so far.

    Attributes:
        started: the deployment.
        wanted: how it shall end.
        service: as it was last seen; None before the first look.
        deployment: likewise.
        seen_tasks: the ARNs of stopped tasks that were looked at.
        stopping: whether ECS accepted to roll it back.
        refusals: how often ECS did not.
        gave_up: the outcome that it has when it ends after we asked, TIMED_OUT; None: what ECS says.
        give_up_at: when it has taken too long, in seconds since the epoch.
        blind: whether its stopped tasks cannot be read.
        deaf: whether its targets' health cannot be read.
        gone: whether the service was deleted meanwhile.
    """

    def __init__(self, started: Started, wanted: Outcome = Outcome.SUCCEEDED) -> None:
        """Follow a deployment from now on; where a rollback is wanted, it has been asked for."""
        self.started = started
        self.wanted = wanted
        self.service: Service | None = None
        self.deployment: ServiceDeployment | None = None
        self.seen_tasks: set[str] = set()
        self.stopping = wanted is Outcome.ROLLED_BACK
        self.refusals = 0
        self.gave_up: Outcome | None = None
        self.give_up_at = started.at
        self.blind = False
        self.deaf = False
        self.gone = False
        self._since = datetime.fromtimestamp(started.at, UTC)
        self._seen_events: set[str] = set()
        self._counts: Counted | None = None
        self._sides: Sides | None = None
        self._answering: Answering | None = None
        self._weight = 0.0
        self._moved: tuple[str, str | None] | None = None
        self._causes: dict[Cause, int] = {}
        self._from_events: list[Cause] = []
        self._by_event: set[Cause] = set()
        self._failed_rollout = False
        self._seen_live = False

    @property
    def rollout(self) -> Rollout | None:
        """Its rollout, as it was last seen."""
        rollouts = self.service.rollouts if self.service else ()
        return next((each for each in rollouts if each.id == self.started.rollout), None)

    @property
    def failed_rollout(self) -> bool:
        """Whether ECS was seen to have given its rollout up."""
        return self._failed_rollout

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why tasks failed, the most frequent first."""
        return tuple(sorted(self._causes, key=lambda cause: -self._causes[cause]))

    @property
    def most_failures(self) -> int:
        """How many tasks failed in the most frequent way."""
        return max(self._causes.values(), default=0)

    def see(self, service: Service, deployment: ServiceDeployment) -> Iterator[Event]:
        """Take a look in; what is new comes out."""
        self.service, self.deployment = service, deployment
        self._seen_live |= deployment.live
        self._failed_rollout |= self.rollout is not None and self.rollout.state == "FAILED"
        yield from self._new_move(deployment)
        yield from self._new_sides(deployment)
        yield from self._new_messages(service)
        yield from self._new_counts(service)

    def suspicious(self) -> bool:
        """Whether tasks failed of which we have not seen one: it is worth asking for stopped tasks."""
        rollout, deployment = self.rollout, self.deployment
        failed = max(rollout.failed if rollout else 0, deployment.failures if deployment else 0)
        return failed > sum(self._causes.values()) or self._failed_rollout

    def ours(self, task: Task) -> bool:
        """Whether a stopped task is one of the deployment's."""
        if self.started.rollout and task.started_by.startswith("ecs-svc/"):
            return task.started_by == self.started.rollout
        created = task.created is None or task.created >= self._since
        return created and task.task_definition == self.started.task_definition

    def answer(self, targets: Sequence[TargetHealth]) -> Iterator[Event]:
        """Take the health of its load balancers' targets in; what changed comes out."""
        states = Counter(each.state for each in targets)
        reasons = sorted({each.reason for each in targets if each.state == "unhealthy" and each.reason})
        answering = Answering(self.started.target, tuple(sorted(states.items())), tuple(reasons))
        if answering != self._answering and targets:
            self._answering = answering
            yield answering

    def fail(self, task: Task | None, cause: Cause, log: Sequence[str]) -> Failed:
        """A task failed, or (None) ECS could not start one."""
        self._causes[cause] = self._causes.get(cause, 0) + 1
        return Failed(self.started.target, task.id if task else None, cause, tuple(log), self._causes[cause])

    def fail_by_events(self) -> Iterator[Failed]:
        """What events told and no task did: an event repeats in fewer words why a task failed."""
        told, self._from_events = self._from_events, []
        by_tasks = {cause.kind for cause in self._causes if cause not in self._by_event}
        for cause in told:
            if cause.kind not in by_tasks and not (cause.kind in GENERAL and self._causes):
                self._by_event.add(cause)
                yield self.fail(None, cause, ())

    def outcome(self) -> Outcome | None:
        """How it ended; None while it goes on."""
        if self.gone:
            return Outcome.STOPPED
        if self.deployment is None:
            return None
        final = FINAL.get(self.deployment.status)
        if final and self.gave_up and final is not Outcome.SUCCEEDED:
            return final if final is Outcome.ROLLBACK_FAILED else self.gave_up
        if final is Outcome.STOPPED and self.stopping:
            return Outcome.ROLLED_BACK  # a deployment that we stopped ourselves
        if final is None and self.deployment.paused and not self.stopping:
            return Outcome.PAUSED
        return final

    def end(self, outcome: Outcome, now: float, why: str = "", replaced_by: str | None = None) -> Ended:
        """The event that says how it ended."""
        return Ended(
            target=self.started.target,
            outcome=outcome,
            why=why,
            seconds=self._seconds(now),
            causes=self.causes,
            deployment=self.started.deployment,
            task_definition=self.started.task_definition,
            replaced_by=replaced_by,
            wanted=self.wanted,
            rolled_back=self.deployment is not None and self.deployment.status == "ROLLBACK_SUCCESSFUL",
        )

    def _seconds(self, now: float) -> float:
        """How long it took by ECS's clock, and by ours where ECS does not say; 0 where nobody saw it go on."""
        deployment = self.deployment
        if deployment and deployment.finished:
            return max(0.0, deployment.finished.timestamp() - self.started.at)
        return max(0.0, now - self.started.at) if self._seen_live else 0.0

    def _new_move(self, deployment: ServiceDeployment) -> Iterator[Event]:
        move = (deployment.status, deployment.stage)
        if move != self._moved:
            self._moved = move
            why = deployment.rollback_reason or deployment.reason
            back = deployment.status not in {"PENDING", "IN_PROGRESS", "SUCCESSFUL"}
            yield Moved(self.started.target, *move, why if back else "")

    def _new_sides(self, deployment: ServiceDeployment) -> Iterator[Event]:
        if deployment.target is None:
            return
        old = sum(source.running for source in deployment.sources)
        sides = Sides(self.started.target, deployment.target.running, old)
        if sides != self._sides:
            self._sides = sides
            yield sides
        weight = deployment.target.production_weight
        if weight is not None and weight != self._weight:
            self._weight = weight
            yield Shifted(self.started.target, weight)

    def _new_messages(self, service: Service) -> Iterator[Event]:
        for event in reversed(service.events):
            if event.id in self._seen_events or event.at < self._since:
                continue
            self._seen_events.add(event.id)
            yield Said(self.started.target, event.at, event.message)
            cause = cause_of_event(event.message)
            if cause:
                self._from_events.append(cause)

    def _new_counts(self, service: Service) -> Iterator[Event]:
        rollout = self.rollout
        if rollout is None:
            return
        counts = Counted(
            self.started.target, rollout.desired, rollout.running, rollout.pending, rollout.failed, service.running
        )
        if counts != self._counts:
            self._counts = counts
            yield counts
