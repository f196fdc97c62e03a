"""What a rolling update is to do: a value that is right or is not made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from roadworthy.errors import RoadworthyError

# Source: https://docs.docker.com/reference/cli/docker/container/run/#name
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
# Source: https://docs.docker.com/engine/containers/start-containers-automatically/
_RESTART = re.compile(r"no|always|unless-stopped|on-failure(:\d+)?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LAST_PORT = 65535


class UpdateError(RoadworthyError, ValueError):
    """An update that cannot be meant so."""


@dataclass(frozen=True)
class Gate:
    """The health gate of the new version: it opens with the first good answer.

    Attributes:
        path: what is asked with GET; a status from 200 to 399 is good.
        tries: how often.
        interval: seconds between two tries.
    """

    path: str = "/health"
    tries: int = 12
    interval: float = 5.0

    @property
    def seconds(self) -> float:
        """How long it stays shut at most."""
        return self.tries * self.interval


@dataclass(frozen=True)
class Tick:
    """How the end of the old version's work is awaited. With neither command nor path, `protection` is all.

    Attributes:
        command: runs in the old container; exit code 0: idle.
        path: asked of the old version with GET; a status from 200 to 299: idle.
        protection: seconds that are waited in any case.
        timeout: seconds after which the update is given up.
        poll: seconds between two looks.
    """

    command: tuple[str, ...] = ()
    path: str = ""
    protection: float = 10.0
    timeout: float = 120.0
    poll: float = 1.0

    @property
    def seconds(self) -> float:
        """How long it takes at most."""
        return self.timeout if self.command or self.path else self.protection


@dataclass(frozen=True)
class Update:
    """A rolling update of one service on one host.

    Attributes:
        name: the container's.
        image: of the new version, with a tag or a digest.
        build: the folder it is built from; None: it exists, here or in its registry.
        port: where the service serves.
        green_port: where the new version proves itself.
        port_variable: the environment variable that tells the container its port.
        environment: further variables.
        env_files: files of variables, as `docker run --env-file` takes them.
        restart: the restart policy.
        options: further options of `docker run`, as they are.
        migrate: the command that runs in the new image before it starts; empty: none.
        migrate_timeout: seconds until it is stopped.
        gate: when the new version counts as healthy.
        tick: when the old version's work counts as ended.
        stop_timeout: whole seconds that the old version has to stop.
        verify_tries: good answers in a row, on the production port, that end the update.
        verify_interval: seconds between them.
        max_downtime: seconds; a version that takes longer to start is not switched to.
        max_overlap: seconds that both versions may run together.
        poll: seconds between two looks whether a version answers.
    """

    name: str
    image: str
    build: Path | None = None
    port: int = 5221
    green_port: int = 5222
    port_variable: str = "PORT"
    environment: Mapping[str, str] = field(default_factory=dict)
    env_files: tuple[Path, ...] = ()
    restart: str = "unless-stopped"
    options: tuple[str, ...] = ()
    migrate: tuple[str, ...] = ()
    migrate_timeout: float = 600.0
    gate: Gate = field(default_factory=Gate)
    tick: Tick = field(default_factory=Tick)
    stop_timeout: int = 3
    verify_tries: int = 3
    verify_interval: float = 1.0
    max_downtime: float = 5.0
    max_overlap: float = 300.0
    poll: float = 0.25

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UpdateError: a name, port, variable, path or time is wrong; the message has its value.
        """
        self._refuse_names()
        self._refuse_ports()
        self._refuse_paths()
        self._refuse_times()

    @property
    def green(self) -> str:
        """The container in which the new version proves itself."""
        return f"{self.name}-green"

    @property
    def next(self) -> str:
        """The new version's container for the production port, until it is verified and takes the name over."""
        return f"{self.name}-next"

    @property
    def migration(self) -> str:
        """The container of the migration."""
        return f"{self.name}-migrate"

    def _refuse_names(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UpdateError(
                f"container name {self.name!r}: letters, digits, `_`, `.` and `-`, two or more, no `-` in front"
            )
        for variable in (self.port_variable, *self.environment):
            if not _VARIABLE.fullmatch(variable):
                raise UpdateError(f"environment variable {variable!r}: letters, digits and `_`, no digit in front")
        if self.port_variable in self.environment:
            raise UpdateError(
                f"environment variable {self.port_variable} tells each container its port: leave it out of --env, "
                "or name another one with --port-variable"
            )
        if not _RESTART.fullmatch(self.restart):
            raise UpdateError(
                f"--restart {self.restart!r}: docker knows no, always, unless-stopped and on-failure[:TIMES]"
            )

    def _refuse_ports(self) -> None:
        for flag, port in (("--port", self.port), ("--green-port", self.green_port)):
            if not 1 <= port <= _LAST_PORT:
                raise UpdateError(f"{flag} {port}: a port is a number from 1 to {_LAST_PORT}")
        if self.port == self.green_port:
            raise UpdateError(f"--port and --green-port are both {self.port}: two versions cannot share a port")

    def _refuse_paths(self) -> None:
        for flag, path in (("--health-path", self.gate.path), ("--tick-path", self.tick.path or "/")):
            if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
                raise UpdateError(f"{flag} {path!r}: write a path as it stands in a URL, such as /health")
        if self.tick.command and self.tick.path:
            raise UpdateError("--tick-command and --tick-path: pass one of them, the old version has one tick")

    def _refuse_times(self) -> None:
        tick = self.tick
        if (tick.command or tick.path) and tick.timeout < tick.protection:
            raise UpdateError(
                f"--tick-timeout {tick.timeout:g} s is shorter than --tick-protection {tick.protection:g} s, "
                "which is waited in any case"
            )
        start, gate, end, stop = self.gate.interval, self.gate.seconds, tick.seconds, float(self.stop_timeout)
        if start + gate + end + stop > self.max_overlap:
            raise UpdateError(
                f"both versions may run together for {start:g} s green starts + {gate:g} s health gate + {end:g} s "
                f"tick + {stop:g} s blue stops = {start + gate + end + stop:g} s, more than --max-overlap "
                f"{self.max_overlap:g} s; shorten one of these, or raise it"
            )
