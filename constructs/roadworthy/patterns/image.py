"""An image is pinned: by a tag that is not moved, or by its digest."""

import dataclasses
import re

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError

# https://docs.docker.com/reference/cli/docker/image/tag/ and the OCI distribution specification's digests
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class UnpinnedImageError(RoadworthyError, ValueError):
    """An image reference that could mean another image tomorrow, or none."""


@dataclasses.dataclass(frozen=True)
class Image:
    """An image in ECR.

    Attributes:
        repository: where it is.
        reference: its tag, best the hash of the commit that it was built from, or its digest (`sha256:...`).
    """

    repository: ecr.IRepository
    reference: str

    @classmethod
    def from_ecr(cls, repository: ecr.IRepository, *, reference: str) -> "Image":
        """The image `reference` (a tag or a digest) of `repository`.

        Raises:
            UnpinnedImageError: it is `latest`, empty or malformed.
        """
        return cls(repository, reference)

    def __post_init__(self) -> None:
        if self.reference == "latest":
            raise UnpinnedImageError(
                "image tag `latest` is moved with every push: name the commit's hash or a digest (sha256:...)"
            )
        pattern = _DIGEST if ":" in self.reference else _TAG
        if not pattern.fullmatch(self.reference):
            raise UnpinnedImageError(
                f"image reference {self.reference!r} is neither a tag nor a digest (sha256: and 64 hex digits)"
            )

    @property
    def is_digest(self) -> bool:
        """Whether the reference is a digest."""
        return ":" in self.reference

    def for_container(self) -> ecs.ContainerImage:
        """The image as a container definition takes it."""
        return ecs.ContainerImage.from_ecr_repository(self.repository, self.reference)
