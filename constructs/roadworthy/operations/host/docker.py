"""The docker command behind one typed boundary.

Source: https://docs.docker.com/reference/cli/docker/
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from roadworthy.operations.errors import OperationError
from roadworthy.operations.host.commands import LABEL

QUICK = 60.0  # seconds until docker counts as hanging
# Exit codes of `docker exec`: the command cannot be started; the shell's convention.
# Source: https://docs.docker.com/reference/cli/docker/container/run/#exit-status
NOT_STARTED = (126, 127)
_NOISE = ("Run 'docker", "See 'docker", "Unable to find image")
_PREFIXES = ("docker: ", "Error response from daemon: ", "Error: ")


class DockerError(OperationError):
    """Docker did not do it; the message has the command and docker's own words."""


@dataclass(frozen=True)
class Done:
    """How a docker command ended.

    Attributes:
        code: its exit code; None: it did not end in its time, and was stopped.
        out: its standard output; empty where that was shown to the user.
        err: its standard error, likewise.
    """

    code: int | None
    out: str = ""
    err: str = ""


class Runner(Protocol):
    """Runs docker."""

    def __call__(self, arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> Done:
        """Run `docker ARGUMENTS`.

        Args:
            arguments: without the word docker.
            timeout: seconds; None: it may take as long as it takes.
            shown: what it says goes to standard error as it comes.
        """


@dataclass(frozen=True)
class Container:
    """What docker knows of a container.

    Attributes:
        name: its name.
        image: as it was named when the container was made.
        image_id: which image that was.
        status: "created", "running", "paused", "restarting", "removing", "exited" or "dead".
        exit_code: of its last end.
        restarts: how often docker has restarted it.
        owner: the service whose update made it; empty: none did.
    """

    name: str
    image: str
    image_id: str
    status: str
    exit_code: int
    restarts: int
    owner: str

    @property
    def alive(self) -> bool:
        """Whether it runs, or would at once."""
        return self.status in {"running", "paused", "restarting"}


class Docker:
    """The verbs that an update needs. Each raises `DockerError` where docker refuses."""

    def __init__(self, run: Runner) -> None:
        self._run = run

    def check(self) -> None:
        """Is the daemon there?"""
        done = self._run(("version", "--format", "{{.Server.Version}}"))
        if done.code != 0:
            raise DockerError(f"the Docker daemon does not answer: {reason(done)}: start it, or look at DOCKER_HOST")

    def container(self, name: str) -> Container | None:
        """The container of that name; None: there is none."""
        done = self._run(("container", "inspect", name))
        if done.code != 0:
            if "no such container" in done.err.lower():
                return None
            raise DockerError(f"`docker container inspect {name}`: {reason(done)}")
        return _container(name, json.loads(done.out)[0])

    def image_id(self, image: str) -> str | None:
        """Which image a reference names on this host; None: none yet."""
        done = self._run(("image", "inspect", "--format", "{{.Id}}", image))
        return done.out.strip() if done.code == 0 else None

    def build(self, folder: Path, image: str) -> None:
        """Build the folder's Dockerfile."""
        self._do(("build", "--tag", image, str(folder)), timeout=None, shown=True)

    def pull(self, image: str) -> None:
        """Get the image from its registry."""
        self._do(("pull", image), timeout=None, shown=True)

    def attached(self, arguments: Sequence[str], timeout: float) -> int | None:
        """Run a container to its end: its exit code; None: it did not end in time."""
        return self._run(arguments, timeout=timeout, shown=True).code

    def make(self, arguments: Sequence[str]) -> None:
        """`docker run --detach` or `docker create`."""
        self._do(arguments)

    def start(self, name: str) -> None:
        """Start a container that is there."""
        self._do(("start", name))

    def stop(self, name: str, seconds: int) -> None:
        """Ask a container to end; after so many seconds it is killed."""
        self._do(("stop", "-t", str(seconds), name), timeout=QUICK + seconds)

    def remove(self, name: str) -> None:
        """Remove a container; one that runs is killed."""
        self._do(("rm", "--force", name))

    def rename(self, name: str, to: str) -> None:
        """Give a container another name, running or not."""
        self._do(("rename", name, to))

    def logs(self, name: str, lines: int) -> list[str]:
        """The last lines that a container wrote; none where docker does not give them."""
        done = self._run(("logs", "--tail", str(lines), name))
        return (done.out + done.err).splitlines()[-lines:] if done.code == 0 else []

    def execute(self, name: str, command: Sequence[str], timeout: float) -> int | None:
        """Run a command in a container: its exit code; None: it did not end in time.

        Raises:
            DockerError: the container has no such command.
        """
        done = self._run(("exec", name, *command), timeout=timeout)
        if done.code in NOT_STARTED:
            raise DockerError(f"`{' '.join(command)}` cannot be run in container {name}: {reason(done)}")
        return done.code

    def _do(self, arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> None:
        done = self._run(arguments, timeout=timeout, shown=shown)
        if done.code != 0:
            why = f"it ended with {done.code}, and said why" if shown else reason(done)
            raise DockerError(f"`docker {_words(arguments)}` failed: {why}")


def reason(done: Done) -> str:
    """Docker's words in one line."""
    if done.code is None:
        return "it did not end in time"
    lines = [line.strip() for line in (done.err or done.out).splitlines()]
    said = next((line for line in lines if line and not line.startswith(_NOISE)), f"it ended with {done.code}")
    for prefix in _PREFIXES:
        said = said.removeprefix(prefix)
    return said.rstrip(".")


def _words(arguments: Sequence[str]) -> str:
    """The verb and whom it is about: the variables between them may be secret."""
    name = arguments[arguments.index("--name") + 1] if "--name" in arguments else arguments[-1]
    return f"{arguments[0]} ... {name}" if len(arguments) > 2 else " ".join(arguments)  # noqa: PLR2004


def _container(name: str, found: dict[str, Any]) -> Container:
    state, config = found["State"], found["Config"]
    return Container(
        name=name,
        image=str(config.get("Image") or ""),
        image_id=str(found.get("Image") or ""),
        status=str(state.get("Status") or ""),
        exit_code=int(state.get("ExitCode") or 0),
        restarts=int(found.get("RestartCount") or 0),
        owner=str((config.get("Labels") or {}).get(LABEL) or ""),
    )
