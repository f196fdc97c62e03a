"""The waits of an update: until a version answers, until the gate opens, until the old version's work has ended."""

from collections.abc import Callable

from roadworthy.operations.errors import OperationError
from roadworthy.operations.host.plan import Gate, Tick, Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.web import GOOD

IDLE = range(200, 300)
LONGEST_LOOK = 10.0  # seconds that one look at the tick may take


class NotWellError(OperationError):
    """A version ended, does not answer, or does not come to the end of its work.

    Attributes:
        container: whose last words say more; empty: none's do.
    """

    def __init__(self, message: str, container: str = "") -> None:
        super().__init__(message)
        self.container = container


def answers(host: Host, update: Update, port: int, limit: float, pause: Callable[[float], None]) -> bool:
    """Wait, by `pause`, until a version answers well on a port: whether it did within `limit` seconds."""
    end = host.clock.now() + limit
    while not host.well(port, update.gate.path):
        left = end - host.clock.now()
        if left <= 0:
            return False
        pause(min(update.poll, left))
    return True


def refuse_ended(host: Host, name: str) -> None:
    """Nothing happens while a container runs.

    Raises:
        NotWellError: it does not.
    """
    found = host.docker.container(name)
    if found is not None and found.status == "running":
        return
    if found is None:
        raise NotWellError(f"container {name} is gone")
    again = f" after {found.restarts} restarts" if found.restarts else ""
    raise NotWellError(f"container {name} ended with exit code {found.exit_code}{again}", name)


def gate_opens(host: Host, gate: Gate, name: str, port: int) -> None:
    """Try until the new version answers well.

    Raises:
        NotWellError: it ended, or did not answer well in all tries.
        CancelledError: somebody wants it to end.
    """
    for number in range(1, gate.tries + 1):
        begun = host.clock.now()
        refuse_ended(host, name)
        status = host.web.status(port, gate.path)
        if status is not None and status in GOOD:
            return
        host.note(f"try {number} of {gate.tries}: {f'status {status}' if status else 'no answer'}")
        host.pause(max(0.0, begun + gate.interval - host.clock.now()))
    raise NotWellError(
        f"{name} did not answer GET {gate.path} on port {port} well in {gate.tries} tries, {gate.seconds:g} s", name
    )


def tick_ends(host: Host, update: Update) -> None:
    """Wait until the old version is idle.

    Raises:
        NotWellError: it is not within the time.
        DockerError: its container does not have the command that says so.
        CancelledError: somebody wants it to end.
    """
    tick = update.tick
    end = host.clock.now() + tick.timeout
    host.pause(tick.protection)
    while not _idle(host, update, max(tick.poll, end - host.clock.now())):
        left = end - host.clock.now()
        if left <= 0:
            raise NotWellError(f"the old version's work did not end within {tick.timeout:g} s (--tick-timeout)")
        host.pause(min(tick.poll, left))


def _idle(host: Host, update: Update, left: float) -> bool:
    """Whether the old version says so; one that has ended meanwhile has no work."""
    tick: Tick = update.tick
    if not tick.command and not tick.path:
        return True
    blue = host.docker.container(update.name)
    if blue is None or not blue.alive:
        return True
    if tick.command:
        return host.docker.execute(update.name, tick.command, min(left, LONGEST_LOOK)) == 0
    status = host.web.status(update.port, tick.path)
    return status is not None and status in IDLE
