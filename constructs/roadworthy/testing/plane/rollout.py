"""A service deployment under way: what starts it, what it waits for, how it ends.

The states and their order: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from collections.abc import Callable

from roadworthy.testing.plane import messages, monitors
from roadworthy.testing.plane.process import Process, Steps
from roadworthy.testing.plane.scheduler import Scheduler, settled
from roadworthy.testing.plane.state import Deployment, Revision, Service, ServiceDeployment

PENDING = 1.0  # seconds until a deployment is IN_PROGRESS
REQUESTED = 1.0  # seconds between a request and what it asks for
LONGEST_STAGE = 24 * 3600.0  # seconds: "each lifecycle stage can last up to 24 hours"
Strategy = Callable[["Rollout"], Steps]


class GivenUp(Exception):  # noqa: N818 - it is not an error of the program
    """The deployment has failed: it is rolled back, or stopped where that is not asked for."""

    def __init__(self, reason: str, *, roll_back: bool = True, failed: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.roll_back = roll_back
        self.failed = failed


class Replaced(Exception):  # noqa: N818 - it is not an error of the program
    """Another deployment of the service has begun."""


class Rollout:
    """One service deployment and what moves it.

    Attributes:
        replaced: whether another one has begun.
        back_to: the revision that a rollback brings back; None: there is none.
        watched: whether alarms and circuit breaker can end it: blue/green deployments are monitored until the end of
            the bake time (blue-green-deployment-how-it-works.html).
        undo: what a strategy must do before the old revision gets its tasks back.
    """

    def __init__(self, scheduler: Scheduler, service: Service, record: ServiceDeployment, strategy: Strategy) -> None:
        self.scheduler = scheduler
        self.plane = scheduler.plane
        self.service = service
        self.record = record
        self.replaced = False
        self.watched = True
        self.back_to = service.completed
        self.undo: Strategy | None = None
        self._going_back = False
        self._strategy = strategy
        self._process = Process(self.plane.clock, self._steps())

    def poke(self) -> None:
        """Look again: something has changed."""
        self._process.poke()

    def request(self, status: str) -> None:
        """Ask for a stop ("STOP_REQUESTED") or a rollback ("ROLLBACK_REQUESTED")."""
        if self.record.status in {"PENDING", "IN_PROGRESS"}:
            self._move(status)
            self.poke()

    def replace(self) -> None:
        """End it: another deployment has begun."""
        self.replaced = True
        self.poke()

    def sleep(self, seconds: float) -> Steps:
        """Wait, unless the deployment is given up."""
        end = self.plane.now() + seconds
        while self.plane.now() < end:
            yield end
            self._check()

    def pause(self, end: float) -> Steps:
        """Wait until a moment or until something has changed, unless the deployment is given up."""
        yield end
        self._check()

    def until(self, done: Callable[[], bool], longest: float = LONGEST_STAGE) -> Steps:
        """Wait until something is so, unless the deployment is given up or that takes too long."""
        end = self.plane.now() + longest
        self._check()
        while not done():
            if self.plane.now() >= end:
                raise GivenUp(messages.STAGE_TIMEOUT)
            yield end
            self._check()

    # What ends a deployment early ---------------------------------------------------------------------------------

    def _check(self) -> None:
        if self.replaced:
            raise Replaced
        if self._going_back:
            return
        if self.record.status == "ROLLBACK_REQUESTED":
            raise GivenUp(messages.STOP_REQUESTED, failed=False)
        if self.record.status == "STOP_REQUESTED":
            raise GivenUp(messages.STOPPED, roll_back=False, failed=False)
        if self.watched:
            self._check_alarms()
            self._check_breaker()

    def _check_alarms(self) -> None:
        names = monitors.alarm_names(self.record.configuration)
        red = [name for name in names if self.plane.alarms.get(name) == "ALARM"]
        red = [name for name in red if name not in self.record.ignored_alarms]
        if red:
            self.record.triggered_alarms = red
            raise GivenUp(messages.ALARMS, roll_back=monitors.alarms_roll_back(self.record.configuration))

    def _check_breaker(self) -> None:
        threshold = monitors.breaker_threshold(self.record.configuration, self.service.desired)
        if threshold is not None and self.record.target.failed >= threshold:
            self.record.breaker_triggered = True
            raise GivenUp(messages.BREAKER, roll_back=monitors.breaker_rolls_back(self.record.configuration))

    # From beginning to end ----------------------------------------------------------------------------------------

    def _steps(self) -> Steps:
        try:
            try:
                yield from self.sleep(PENDING)
                self.record.started_at = self.plane.now()
                self._move("IN_PROGRESS")
                yield from self._strategy(self)
                self._succeed()
            except GivenUp as failure:
                yield from self._give_up(failure)
        except Replaced:
            self._end("STOPPED", messages.REPLACED)

    def _succeed(self) -> None:
        self.service.completed = self.record.target.revision
        self._complete(self.record.target)
        self._end("SUCCESSFUL", "")

    def _complete(self, deployment: Deployment) -> None:
        self._set(deployment, "COMPLETED", messages.completed(deployment.id))
        self.plane.event(self.service, f"(deployment {deployment.id}) deployment completed.")

    def _give_up(self, failure: GivenUp) -> Steps:
        target, record = self.record.target, self.record
        if failure.failed:
            why = messages.START_FAILED if record.breaker_triggered else failure.reason
            self._set(target, "FAILED", why)
            text = "tasks failed to start." if record.breaker_triggered else failure.reason
            self.plane.event(self.service, f"(deployment {target.id}) deployment failed: {text}")
        if not failure.roll_back:
            yield from self._stop(failure)
        else:
            yield from self._roll_back(failure)

    def _stop(self, failure: GivenUp) -> Steps:
        self._going_back = True
        if self.record.status == "STOP_REQUESTED":
            yield from self.sleep(REQUESTED)
        self._set(self.record.target, "FAILED", failure.reason)
        self._end("STOPPED", failure.reason)

    def _roll_back(self, failure: GivenUp) -> Steps:
        self._going_back = True
        if self.record.status == "ROLLBACK_REQUESTED":
            yield from self.sleep(REQUESTED)
        revision = self.back_to
        self.record.rollback_reason, self.record.rollback_started_at = failure.reason, self.plane.now()
        self._move("ROLLBACK_IN_PROGRESS")
        if revision is None:
            self._set(self.record.target, "FAILED", failure.reason)
            self._end("ROLLBACK_FAILED", messages.NO_CANDIDATE)
            return
        self.record.rollback_revision = revision
        try:
            if self.undo:
                yield from self.undo(self)
            yield from self._bring_back(revision, failure)
        except GivenUp as again:
            self._end("ROLLBACK_FAILED", again.reason)

    def _bring_back(self, revision: Revision, failure: GivenUp) -> Steps:
        back = self._take_over(revision)
        if self.record.target.fault.rollback_fails:
            yield from self.sleep(self.service.timing.start)
            self._set(back, "FAILED", messages.START_FAILED)
            self._end("ROLLBACK_FAILED", messages.ROLLBACK_FAILED)
            return
        yield from self.until(lambda: settled(self.service))
        self._complete(back)
        self._end("ROLLBACK_SUCCESSFUL", failure.reason)

    def _take_over(self, revision: Revision) -> Deployment:
        """Make a deployment of the old revision the PRIMARY one; the tasks of it that still live become its own."""
        service, now = self.service, self.plane.now()
        old = [one for one in service.deployments if one.revision is revision]
        source = old[0].id if old else self.plane.ids.deployment()
        fault = type(self.record.target.fault)()
        back = Deployment(self.plane.ids.deployment(), service, revision, now, now, kept=True, fault=fault)
        back.reason = messages.rolling_back(source)
        for deployment in service.deployments:
            deployment.kept = False
            if deployment in old:
                back.tasks.update(deployment.tasks)
        for task in back.tasks.values():
            task.deployment = back
        service.deployments[:] = [back, *(one for one in service.deployments if one not in old)]
        self.plane.event(service, f"rolling back to deployment {source}.")
        self.scheduler.reconcile(service)
        return back

    # Bookkeeping --------------------------------------------------------------------------------------------------

    def _set(self, deployment: Deployment, state: str, reason: str) -> None:
        deployment.rollout_state, deployment.reason, deployment.updated_at = state, reason, self.plane.now()

    def _move(self, status: str) -> None:
        self.record.status, self.record.updated_at = status, self.plane.now()

    def _end(self, status: str, reason: str) -> None:
        now = self.plane.now()
        self.record.reason = reason
        self._move(status)
        self.record.finished_at = now
        if status == "STOPPED":
            self.record.stopped_at = now
        if self.service.rollout is self:
            self.service.rollout = None
        if not self.replaced:
            self.scheduler.reconcile(self.service)
