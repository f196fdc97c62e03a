"""Which image `deploy --image TAG|DIGEST` means: the container's own repository with another tag or digest."""

from roadworthy.errors import RoadworthyError
from roadworthy.rules.facts.image import follows_latest, parse_image
from roadworthy.rules.facts.image_grammar import DIGEST, REFERENCE, TAG
from roadworthy.rules.facts.malformed_image import what_is_wrong


class ImageReferenceError(RoadworthyError, ValueError):
    """An image that is none, or that could be another one tomorrow."""


def resolved(given: str, present: str) -> str:
    """The whole reference of an image.

    Args:
        given: what was asked for: a tag, a digest, or a whole reference.
        present: the reference of the image that runs now.

    Raises:
        ImageReferenceError: it is malformed, or `latest`: nobody could tell what runs, nor go back to it.
    """
    reference = given
    if DIGEST.fullmatch(given):
        reference = f"{repository_of(present)}@{given}"
    elif TAG.fullmatch(given):
        reference = f"{repository_of(present)}:{given}"
    wrong = what_is_wrong(reference)
    image = parse_image(reference)
    if wrong or image is None or not REFERENCE.fullmatch(reference):
        raise ImageReferenceError(f"--image {given!r}: {wrong or 'no tag, no digest and no image'}")
    if follows_latest(image):
        raise ImageReferenceError(f"--image {given!r} could be another image tomorrow: name a commit's tag or a digest")
    return reference


def repository_of(reference: str) -> str:
    """`host:5000/team/api:4f1c@sha256:...` -> `host:5000/team/api`."""
    name = reference.partition("@")[0]
    head, colon, tail = name.rpartition(":")
    return head if colon and "/" not in tail else name


def version_of(reference: str) -> str:
    """The tag, else the first digits of the digest, else "latest", which is what no tag means."""
    name, _, digest = reference.partition("@")
    tag = name[len(repository_of(reference)) + 1 :]
    return tag or digest.removeprefix("sha256:")[:12] or "latest"
