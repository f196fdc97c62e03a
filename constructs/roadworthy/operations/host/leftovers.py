"""What a run left that was killed: mended before the next one begins.

The old version keeps its name until the new one is verified, so the names tell how far that run came.
"""

from roadworthy.operations.errors import BusyError, OperationError
from roadworthy.operations.host.docker import Container
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.waiting import answers

BACK_SECONDS = 60.0  # that a version which served before has to answer again


def mend(update: Update, host: Host) -> None:
    """Bring the host to where one version serves under the service's name, or none.

    Raises:
        OperationError: a container has one of our names, and no update made it.
        BusyError: the migration of the run that was killed goes on.
        DockerError: docker refuses.
    """
    left = {name: _ours(update, host, name) for name in (update.green, update.next, update.migration)}
    _refuse_migration(left[update.migration])
    if (following := left[update.next]) is not None:
        _settle(update, host, following)
    for name in (update.green, update.migration):
        if left[name] is not None:
            host.docker.remove(name)
            host.write(f"an update before this one was killed: removed {name}")


def _ours(update: Update, host: Host, name: str) -> Container | None:
    found = host.docker.container(name)
    if found is not None and found.owner != update.name:
        raise OperationError(
            f"container {name} is there, and no rolling update of {update.name} made it: remove or rename it"
        )
    return found


def _refuse_migration(migration: Container | None) -> None:
    if migration is not None and migration.alive:
        raise BusyError(f"an update before this one was killed, and its migration goes on: wait for {migration.name}")


def _settle(update: Update, host: Host, following: Container) -> None:
    """The run was killed around its switch: the new version stays where it serves, else the old one comes back."""
    blue = host.docker.container(update.name)
    if blue is None and following.status != "created":
        host.docker.rename(update.next, update.name)
        host.write(f"an update before this one was killed at its very end: {update.next} is {update.name} now")
    elif blue is not None and not blue.alive and following.alive and _serves(update, host):
        host.docker.remove(update.name)
        host.docker.rename(update.next, update.name)
        host.write(
            f"an update before this one was killed after its switch: {update.next} serves, and is {update.name} now"
        )
    else:
        host.docker.remove(update.next)
        host.write(f"an update before this one was killed: removed {update.next}")
        if blue is not None and not blue.alive:  # killed after it was stopped
            _bring_back(update, host)


def _bring_back(update: Update, host: Host) -> None:
    host.docker.start(update.name)
    well = answers(host, update, update.port, BACK_SECONDS, host.pause)
    host.write(f"{update.name} was started again" + ("" if well else ", and does not answer well"))


def _serves(update: Update, host: Host) -> bool:
    return answers(host, update, update.port, update.max_downtime, host.pause)
