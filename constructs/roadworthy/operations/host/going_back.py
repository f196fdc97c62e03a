"""Undoing an update that failed: the old version serves again, and what is new goes."""

from roadworthy.operations.host.docker import DockerError
from roadworthy.operations.host.leftovers import BACK_SECONDS
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.waiting import answers

STOP_SECONDS = 10  # that the new version has to end its own work; docker's own default


def bring_back(update: Update, host: Host, *, well: bool) -> str:
    """Start the old version again: why it does not serve as before; empty: it does.

    Args:
        update: what was to be done.
        host: where.
        well: whether it answered well before.
    """
    try:
        host.docker.start(update.name)
    except DockerError as error:
        return f"the old version could not be started again: {error}"
    if well and not answers(host, update, update.port, BACK_SECONDS, host.clock.sleep):
        return f"the old version was started again, and did not answer on port {update.port} for {BACK_SECONDS:g} s"
    return ""


def halt(host: Host, name: str) -> None:
    """End a container at once: its port is wanted."""
    try:
        host.docker.stop(name, 0)
    except DockerError as error:
        host.note(f"{name} did not stop: {error}")


def remove(host: Host, name: str) -> str:
    """Remove a container, if it is there: what went wrong; empty: nothing."""
    try:
        if host.docker.container(name) is not None:
            host.docker.remove(name)
    except DockerError as error:
        return f"{name} could not be removed ({error}): remove it with `docker rm --force {name}`"
    return ""


def dismiss(host: Host, name: str) -> str:
    """Let a container, if it is there, end its work, and remove it: what went wrong; empty: nothing."""
    try:
        found = host.docker.container(name)
        if found is not None and found.alive:
            host.docker.stop(name, STOP_SECONDS)
    except DockerError as error:
        host.note(f"{name} did not stop: {error}")
    return remove(host, name)
