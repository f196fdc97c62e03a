"""Reading image references of which a part may be unknown.

Source: https://github.com/distribution/reference/blob/main/reference.go
"""

from typing import NamedTuple

from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

# What people write where a pipeline will put the image: $VAR, ${VAR}, <NAME>, {{ x }}, %VAR%, __VAR__, [X], @X@.
PLACEHOLDER = Pattern(r"\$\{[^}]*\}|\$\w+|\{\{.*?\}\}|<[^>]*>|%\w+%|__\w+?__|\[[^\]]*\]|@\w+@|#\{[^}]*\}#?")
# A repository's name is in lower case (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-create.html),
# so that a word in capitals (IMAGE_TAG, DOCKER_URI) was never one; nor is "null".
NOT_A_REPOSITORY = Pattern(r"[A-Z]|^(null|none|undefined|placeholder|image)$|^$")


class Image(NamedTuple):
    """An image reference. A part that is not known contains HOLE; one that is not there is None."""

    repository: str
    tag: str | None
    digest: str | None


def parse_image(reference: str) -> Image | None:
    """Read a reference (a skeleton, see `template.values`); None when it is a placeholder or no reference at all."""
    text = PLACEHOLDER.sub(HOLE, reference.strip())
    name, at, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    repository, colon, tag = last.partition(":")
    if NOT_A_REPOSITORY.search(repository) or " " in text:
        return None
    return Image(head + slash + repository, tag if colon else None, digest if at else None)


def follows_latest(image: Image) -> bool:
    """Whether the reference certainly means the tag `latest`: written out, or left out."""
    if image.digest is not None:
        return False
    if image.tag is not None:
        return image.tag == "latest"
    return HOLE not in image.repository.rpartition("/")[2]
