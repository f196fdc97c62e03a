"""Pulling from the local ECR: a tag or digest that was never pushed cannot be pulled."""

from typing import Any

from roadworthy.local.images import LocalImage, NotALocalImageError
from roadworthy.local.shims.internals import ecr


def digest(image: str) -> str:
    """The digest of an image reference.

    Raises:
        LookupError: it was never pushed; the message is containerd's.
    """
    return str(_find(image)["imageDigest"])


def pull(image: str) -> LocalImage:
    """The image behind a reference such as `000000000000.dkr.ecr.eu-west-1.amazonaws.com/app:1.0`.

    Raises:
        LookupError: it was never pushed, or not by `roadworthy.local.images.push`.
    """
    try:
        return LocalImage.parse(str(_find(image)["imageManifest"]))
    except NotALocalImageError as error:
        raise LookupError(f"{image}: {error}") from None


def _find(image: str) -> dict[str, Any]:
    name, _, wanted = image.partition("@")
    host, _, path = name.partition("/")
    repository, _, tag = path.partition(":")
    if ".dkr.ecr." in host:
        for pushed in ecr._images.get(repository, []):
            if wanted == pushed["imageDigest"] if wanted else (tag or "latest") in pushed.get("imageTags", []):
                found: dict[str, Any] = pushed
                return found
    # The words of a real task's stoppedReason:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
    raise LookupError(
        f"pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {image}: not found"
    )
