"""Running the docker command on this machine."""

import os
import subprocess
from collections.abc import Sequence
from shutil import which

from roadworthy.operations.host.docker import QUICK, DockerError, Done

DOCKER = "docker"
INTERRUPTIBLE = ("build", "pull")  # nothing is lost when Ctrl-C ends them; anything else ends by itself


def run(arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> Done:
    """Run `docker ARGUMENTS`: see `roadworthy.operations.host.docker.Runner`.

    All but building and pulling is in a session of its own, which the terminal's Ctrl-C and hang-up do not reach.

    Raises:
        DockerError: docker is not installed, or cannot be run.
    """
    if which(DOCKER) is None:
        raise DockerError("the command `docker` is not on the PATH: install Docker on this host")
    output = 2 if shown else subprocess.PIPE
    try:
        done = subprocess.run(
            [DOCKER, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if shown else subprocess.PIPE,
            timeout=timeout,
            start_new_session=arguments[0] not in INTERRUPTIBLE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Done(None)
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        raise DockerError(f"`docker {arguments[0]}` cannot be run: {_why(error)}") from error
    return Done(done.returncode, _text(done.stdout), _text(done.stderr))


def _why(error: Exception) -> str:
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")
