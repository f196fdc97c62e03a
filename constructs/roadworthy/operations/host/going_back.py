"""Undoing an update that failed: green goes, blue keeps serving, or serves again."""

from dataclasses import dataclass

from roadworthy.operations.host.docker import DockerError
from roadworthy.operations.host.leftovers import BACK_SECONDS
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.waiting import answers

STOP_SECONDS = 10  # that the new version has to end its own work; docker's own default


@dataclass(frozen=True)
class Back:
    """How it went.

    Attributes:
        kept: whether the old version serves as it did before.
        trouble: what could not be undone; empty: nothing.
    """

    kept: bool = True
    trouble: str = ""


def go_back(update: Update, host: Host, *, stopped: bool, well: bool) -> Back:
    """Remove what is new, and start the old version again.

    Args:
        update: what was to be done.
        host: where.
        stopped: whether there is an old version that has been stopped.
        well: whether it answered well before.
    """
    trouble = _remove(host, update.next)
    if stopped and (lost := _bring_back(update, host, well=well)):
        return Back(False, f"{lost}; {update.green} was left as it is, on port {update.green_port}")
    return Back(True, trouble or dismiss(host, update.green))


def dismiss(host: Host, name: str) -> str:
    """Let a container end its work, and remove it: what went wrong; empty: nothing."""
    try:
        found = host.docker.container(name)
        if found is not None and found.alive:
            host.docker.stop(name, STOP_SECONDS)
    except DockerError as error:
        return _remove(host, name) and str(error)
    return _remove(host, name) if found is not None else ""


def _remove(host: Host, name: str) -> str:
    """At once: its port is wanted."""
    try:
        if host.docker.container(name) is not None:
            host.docker.remove(name)
    except DockerError as error:
        return f"{name} could not be removed ({error}): remove it with `docker rm --force {name}`"
    return ""


def _bring_back(update: Update, host: Host, *, well: bool) -> str:
    """Start the old version: why it does not serve; empty: it does."""
    try:
        host.docker.start(update.name)
    except DockerError as error:
        return f"the old version could not be started again: {error}"
    if well and not answers(host, update, update.port, BACK_SECONDS, host.clock.sleep):
        return f"the old version was started again, and did not answer on port {update.port} for {BACK_SECONDS:g} s"
    return ""
