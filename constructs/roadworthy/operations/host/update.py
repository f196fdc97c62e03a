"""A rolling update on one Docker host, in six steps.

1. The image is built, or fetched; the migration runs in a container of it.
2. Green, the new version, starts on a port of its own, next to blue.
3. It is asked for its health there.
4. The new version's container for the production port is made, and blue's work is waited for.
5. Blue is stopped, and that container started. Nothing else is between the two, so this is all the downtime there is.
6. It is asked for its health on the production port. Blue is removed only then, and its name passes on.

Until the end of step 6 blue keeps its container and its name: going back is starting it.
"""

import shlex

from roadworthy.operations.errors import OperationError
from roadworthy.operations.host import commands
from roadworthy.operations.host.docker import Container, DockerError
from roadworthy.operations.host.going_back import bring_back, dismiss, halt, remove
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.report import Report, Status
from roadworthy.operations.host.surroundings import CANCELLED, Host
from roadworthy.operations.host.waiting import NotWellError, answers, gate_opens, refuse_ended, tick_ends
from roadworthy.operations.image_reference import version_of
from roadworthy.operations.rollout.steps import Steps

TITLES = (
    "Building and migrating",
    "Starting the new version (green) next to the old one (blue)",
    "Health gate of the new version",
    "Waiting for the old version's work to end",
    "Stopping the old version, starting the new one on its port",
    "Verifying, and removing the old version",
)
SWITCH = 5  # the step that is not left half-way
DOCKERS_OWN = 125  # https://docs.docker.com/reference/cli/docker/container/run/#exit-status
PATIENCE = 2  # times as long as green took to start is waited for the new version on the production port


class RollingUpdate:
    """One update. What it came to is in its report, whatever happened.

    Attributes:
        report: filled in while it goes on.
    """

    def __init__(self, update: Update, host: Host, blue: Container | None) -> None:
        """Prepare it.

        Args:
            update: what is to be done.
            host: where.
            blue: the old version's container; None: there is none.
        """
        self._update = update
        self._host = host
        self._blue = blue
        self._alive = blue is not None and blue.alive
        self._started = 0.0  # seconds that green took until it answered
        self._switching = False
        self._verified = False
        self.report = Report(Steps(host.clock.now, host.write, TITLES), host.clock)
        self.report.measurable = self._alive and host.well(update.port, update.gate.path)
        if self._alive and not self.report.measurable:
            host.write(f"{update.name} does not answer well on port {update.port}: its downtime is not measured")

    def run(self) -> Report:
        """Do it, or undo it."""
        try:
            self._forward()
        except OperationError as error:
            self._fail(error)
        except BaseException as error:
            self._fail(error)
            raise
        return self.report

    def _forward(self) -> None:
        steps = (self._prepare, self._start, self._gate, self._wait, self._switch, self._verify)
        for number, step in enumerate(steps, start=1):
            if number <= SWITCH:
                self._host.go_on()
            self.report.steps.enter(number)
            step()
        self.report.status = Status.SUCCESS
        self.report.version = version_of(self._update.image)
        self.report.steps.succeed()
        if self._host.interrupts.presses:
            self._host.write(
                "asked to end after the switch had begun: it was finished, which is quicker than going back"
            )

    def _prepare(self) -> None:
        update, docker = self._update, self._host.docker
        if update.build is not None:
            docker.build(update.build, update.image)
        elif docker.image_id(update.image) is None:
            docker.pull(update.image)
        self._host.go_on()
        if update.migrate:
            self._migrate()

    def _migrate(self) -> None:
        update = self._update
        words = shlex.join(update.migrate)
        code = self._host.docker.attached(commands.migration(update), update.migrate_timeout)
        if code is None:
            self._host.docker.remove(update.migration)
            raise NotWellError(f"the migration `{words}` did not end within {update.migrate_timeout:g} s")
        if code:
            whose = ", which is docker's own code, with its words above" if code == DOCKERS_OWN else ""
            raise NotWellError(f"the migration `{words}` ended with {code}{whose}: the new version was not started")

    def _start(self) -> None:
        update, host = self._update, self._host
        begun = host.clock.now()
        self.report.both_run(both=self._alive)
        host.docker.make(commands.green(update))
        answers(host, update, update.green_port, update.gate.interval, self._pause_with_green)
        refuse_ended(host, update.green)
        self._started = host.clock.now() - begun

    def _pause_with_green(self, seconds: float) -> None:
        refuse_ended(self._host, self._update.green)
        self._host.pause(seconds)

    def _gate(self) -> None:
        update, host = self._update, self._host
        begun = host.clock.now()
        gate_opens(host, update.gate, update.green, update.green_port)
        self._started += host.clock.now() - begun
        if self.report.measurable and self._started > update.max_downtime:
            raise NotWellError(
                f"the new version took {self._started:.1f} s to answer, and would be away as long at the switch: "
                f"more than --max-downtime {update.max_downtime:g} s"
            )

    def _wait(self) -> None:
        update, host = self._update, self._host
        host.docker.make(commands.next_one(update))
        self._refuse_another_image()
        if self._alive:
            tick_ends(host, update)

    def _refuse_another_image(self) -> None:
        """What proved itself is what will serve, though its tag may have been moved meanwhile."""
        update, docker = self._update, self._host.docker
        green, following = docker.container(update.green), docker.container(update.next)
        if green is None or following is None or green.image_id != following.image_id:
            raise NotWellError(f"image {update.image} was changed during the update: another one had passed the gate")

    def _switch(self) -> None:
        update, host = self._update, self._host
        self._switching = True
        if self._alive:
            host.docker.stop(update.name, update.stop_timeout)
        self.report.both_run(both=False)
        if host.web.listens(update.port):
            raise NotWellError(f"port {update.port} is in use though {update.name} has stopped: another program has it")
        host.docker.start(update.next)
        limit = self._patience
        if not answers(host, update, update.port, limit, self._pause_with_next):
            words = f"the new version did not answer well on port {update.port} within {limit:.1f} s"
            raise NotWellError(words, update.next)

    @property
    def _patience(self) -> float:
        """Seconds: where nobody is served meanwhile, not much longer than green took, for going back takes time too."""
        if not self.report.measurable:
            return self._update.gate.seconds
        return max(PATIENCE * self._started, self._update.max_downtime / 2)

    def _pause_with_next(self, seconds: float) -> None:
        refuse_ended(self._host, self._update.next)
        self._host.clock.sleep(seconds)

    def _verify(self) -> None:
        update, host = self._update, self._host
        for number in range(update.verify_tries):
            if number:
                host.clock.sleep(update.verify_interval)
            refuse_ended(host, update.next)
            if not host.well(update.port, update.gate.path):
                words = f"the new version answered well on port {update.port}, and then no longer"
                raise NotWellError(words, update.next)
        self._verified = True
        self._tidy()

    def _tidy(self) -> None:
        """The new version serves: what fails here is mended by the next run."""
        update, host = self._update, self._host
        try:
            if self._blue is not None:
                host.docker.remove(update.name)
            host.docker.rename(update.next, update.name)
            trouble = dismiss(host, update.green)
        except DockerError as error:
            trouble = f"{error}; {update.next} serves, and the next update gives it its name"
        if trouble:
            host.note(f"warning: {trouble}")

    def _fail(self, error: BaseException) -> None:
        if self._verified:  # a fault after the end takes nothing back
            return
        report = self.report
        cancelled = bool(self._host.interrupts.presses) and not self._switching
        report.why = CANCELLED if cancelled else str(error)
        report.steps.fail(report.why)
        if trouble := self._go_back(getattr(error, "container", "")):
            report.why += f"; {trouble}"
            self._host.note(trouble)
        report.both_run(both=False)
        if report.status is not Status.ROLLBACK_FAILED:
            report.status = Status.ROLLED_BACK if self._alive else Status.FAILED
            report.status = Status.CANCELLED if cancelled else report.status
            report.version = version_of(self._blue.image) if self._blue is not None and self._alive else ""

    def _go_back(self, container: str) -> str:
        """Undo it: what went wrong with that. First the old version is brought back: logs and tidiness can wait."""
        update, host, report = self._update, self._host, self.report
        lost = ""
        if self._switching and self._alive:
            halt(host, update.next)
            lost = bring_back(update, host, well=report.measurable)
            report.both_run(both=not lost)
        if container:
            host.tell_logs(container)
        trouble = remove(host, update.next)
        if lost:  # green stays where nothing else would serve
            report.status = Status.ROLLBACK_FAILED
            return f"{lost}; {update.green} was left as it is, on port {update.green_port}"
        return "; ".join(filter(None, (trouble, dismiss(host, update.green))))
