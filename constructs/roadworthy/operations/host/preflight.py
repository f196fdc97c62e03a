"""What is looked at before anything is done."""

import os

from roadworthy.errors import RoadworthyError
from roadworthy.operations.errors import NotFoundError, OperationError
from roadworthy.operations.host.docker import Container
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host


def files(update: Update) -> None:
    """Are the files there that the update names?

    Raises:
        RoadworthyError: an env file cannot be read; the folder to build has no Dockerfile.
    """
    for file in update.env_files:
        try:
            open(file, "rb").close()
        except (OSError, ValueError) as error:
            why = (getattr(error, "strerror", None) or str(error)).lower()
            raise RoadworthyError(f"--env-file {os.fspath(file)}: {why}") from None
    if update.build is not None and not (update.build / "Dockerfile").is_file():
        raise NotFoundError(f"--build {update.build}: there is no Dockerfile")


def ports(update: Update, host: Host, blue: Container | None) -> None:
    """Are the ports free that the update takes?

    Raises:
        OperationError: another program has one of them.
    """
    if host.web.listens(update.green_port):
        raise OperationError(
            f"port {update.green_port}, where the new version is to prove itself, is in use: stop what has it, or "
            "pass another --green-port"
        )
    if (blue is None or not blue.alive) and host.web.listens(update.port):
        raise OperationError(
            f"port {update.port} is in use, and not by a container {update.name}: stop what has it, pass the name of "
            "its container, or another --port"
        )
