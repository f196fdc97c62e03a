"""The docker commands of an update, found by doing it on a host that is not there: the same code, so the same commands.

It is a host on which the old version runs, and on which all goes well.
"""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from roadworthy.operations.host.command import DOCKER
from roadworthy.operations.host.commands import LABEL
from roadworthy.operations.host.docker import QUICK, Docker, Done
from roadworthy.operations.host.plan import Update
from roadworthy.operations.host.surroundings import Host
from roadworthy.operations.host.update import RollingUpdate
from roadworthy.operations.host.web import GOOD


class NoTime:
    """A clock on which all waits are over at once."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Seconds since it was made."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let them pass."""
        self._now += seconds


class AllIsWell:
    """Everybody answers well, and every port is free."""

    def status(self, port: int, path: str) -> int | None:
        """A good status."""
        return GOOD.start

    def listens(self, port: int) -> bool:
        """No."""
        return False


@dataclass
class Recorder:
    """Writes down what docker is asked to do; each container runs.

    Attributes:
        service: the name of the old version's container.
        commands: those that change something, in order.
    """

    service: str
    commands: list[tuple[str, ...]]

    def __call__(self, arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> Done:
        """Write it down."""
        if arguments[0] == "container":
            return Done(0, json.dumps([self._container()]))
        if arguments[0] != "image":
            self.commands.append((DOCKER, *arguments))
        return Done(0)

    def _container(self) -> dict[str, object]:
        config = {"Image": f"{self.service}:before", "Labels": {LABEL: self.service}}
        return {"State": {"Status": "running"}, "Config": config}


def commands(update: Update) -> list[str]:
    """The commands that change something, as a shell takes them."""
    recorder = Recorder(update.name, [])
    host = Host(Docker(recorder), AllIsWell(), NoTime(), lambda _line: None)
    blue = host.docker.container(update.name)
    RollingUpdate(update, host, blue).run()
    return [shlex.join(command) for command in recorder.commands]
