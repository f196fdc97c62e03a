"""The images: where they are kept, and which of them runs."""

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from roadworthy.catalogue import ServiceEntry
from roadworthy.patterns import UnpinnedImageError

TAGS = Path(__file__).parents[1] / "images.toml"
_KEPT_IMAGES = 500  # far more than a rollback may ask for: ECR does not know what ECS runs


class ImagesStack(cdk.Stack):
    """The repositories of both environments: an image must be there before its service can be.

    Tags are not moved, images are scanned, old ones expire.
    """

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment, entries: Iterable[ServiceEntry]) -> None:
        super().__init__(scope, id, env=env, description="Image repositories")
        for name in dict.fromkeys(entry.repository for entry in entries):  # some share one
            ecr.Repository(
                self,
                name,
                repository_name=name,
                image_tag_mutability=ecr.TagMutability.IMMUTABLE,
                image_scan_on_push=True,
                lifecycle_rules=[ecr.LifecycleRule(max_image_count=_KEPT_IMAGES)],
                removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            )


def tag_of(entry: ServiceEntry) -> str:
    """The tag that images.toml names for the service's repository in its environment.

    Raises:
        UnpinnedImageError: it names none, or is no TOML.
    """
    match _tags().get(entry.environment.name):
        case {entry.repository: str(tag)}:
            return tag
        case _:
            raise UnpinnedImageError(f'images.toml: [{entry.environment.name}] has no "{entry.repository}" = "TAG"')


@functools.cache
def _tags() -> dict[str, Any]:
    try:
        return tomllib.loads(TAGS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnpinnedImageError(f"images.toml: {error}") from None
