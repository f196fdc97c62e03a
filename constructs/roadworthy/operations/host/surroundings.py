"""What an update works with: given to it, so that a test of a minute takes no minute."""

from collections.abc import Callable
from dataclasses import dataclass, field

from roadworthy.operations.clock import Clock
from roadworthy.operations.errors import CancelledError
from roadworthy.operations.follow.interrupts import Interrupts
from roadworthy.operations.host.docker import Docker
from roadworthy.operations.host.web import GOOD, Web
from roadworthy.report.words import shown

LOG_LINES = 10
CANCELLED = "cancelled before the switch"


@dataclass(frozen=True)
class Host:
    """The host and the person at the command.

    Attributes:
        docker: makes and removes containers.
        web: asks the versions.
        clock: tells the time and lets it pass.
        write: takes lines of progress.
        interrupts: whether somebody wants it to end.
    """

    docker: Docker
    web: Web
    clock: Clock
    write: Callable[[str], None]
    interrupts: Interrupts = field(default_factory=Interrupts)

    def go_on(self) -> None:
        """Ask between two steps.

        Raises:
            CancelledError: somebody wants it to end.
        """
        if self.interrupts.presses:
            raise CancelledError(CANCELLED)

    def pause(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            CancelledError: somebody wants it to end.
        """
        self.interrupts.wait(self.clock, seconds)
        self.go_on()

    def well(self, port: int, path: str) -> bool:
        """Whether a version answers well."""
        status = self.web.status(port, path)
        return status is not None and status in GOOD

    def note(self, text: str) -> None:
        """Tell something that belongs to the present step."""
        self.write(f"      {shown(text)}")

    def tell_logs(self, name: str) -> None:
        """Tell a container's last words."""
        for line in self.docker.logs(name, LOG_LINES):
            self.write(f"      | {shown(line)}")
