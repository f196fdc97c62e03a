"""Building an image and pushing it to ECR with the docker command.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html
"""

import base64
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from roadworthy.operations.aws import Aws
from roadworthy.operations.errors import NotFoundError, OperationError

DOCKER = "docker"
PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}  # of a task definition's cpuArchitecture


@dataclass(frozen=True)
class Build:
    """An image to be built and pushed.

    Attributes:
        folder: what is built, with its Dockerfile.
        image: the whole reference, with a tag.
        platform: "linux/amd64" or "linux/arm64".
    """

    folder: Path
    image: str
    platform: str

    @property
    def host(self) -> str:
        """The registry."""
        return self.image.partition("/")[0]

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The commands, in order."""
        return (
            (DOCKER, "build", "--platform", self.platform, "--tag", self.image, str(self.folder)),
            (DOCKER, "login", "--username", "AWS", "--password-stdin", self.host),
            (DOCKER, "push", self.image),
        )


def plan(folder: Path, image: str, architecture: str) -> Build:
    """The build of an image for a task of an architecture.

    Raises:
        NotFoundError: the folder has no Dockerfile.
        OperationError: the image is named by its digest, which only a finished image has.
    """
    if "@" in image:
        raise OperationError(
            f"--build makes a new image, whose digest nobody knows yet: pass a tag as --image, not {image}"
        )
    if not (folder / "Dockerfile").is_file():
        raise NotFoundError(f"--build {folder}: there is no Dockerfile")
    return Build(folder, image, PLATFORMS.get(architecture, PLATFORMS["X86_64"]))


def run(build: Build, aws: Aws, go_on: Callable[[], None]) -> None:
    """Build and push; docker's own words go to standard error.

    Args:
        build: what.
        aws: gives the password of the registry, for twelve hours.
        go_on: is asked between the steps.

    Raises:
        OperationError: docker is not installed, or a step failed.
    """
    if which(DOCKER) is None:
        raise OperationError("--build needs the command `docker`, which is not on the PATH: install it, or build in CI")
    build_command, login, push = build.commands
    _do(build_command, go_on)
    go_on()
    _do(login, go_on, password=_password(aws))
    _do(push, go_on)


def _password(aws: Aws) -> bytes:
    token = aws.call("ecr", "get_authorization_token")["authorizationData"][0]["authorizationToken"]
    return base64.b64decode(token).partition(b":")[2]


def _do(command: tuple[str, ...], go_on: Callable[[], None], password: bytes | None = None) -> None:
    try:
        done = subprocess.run(command, input=password, stdout=2, check=False)
    except OSError as error:
        raise OperationError(
            f"`{' '.join(command[:2])}` cannot be run: {(error.strerror or str(error)).lower()}"
        ) from error
    if done.returncode:
        go_on()  # Ctrl-C ends docker as well
        raise OperationError(f"`{' '.join(command)}` ended with {done.returncode}: nothing was deployed")
