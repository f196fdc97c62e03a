"""What ECR says of an image: whether it is there, and for which platforms.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
https://github.com/opencontainers/image-spec/blob/main/image-index.md
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from roadworthy.online.arn import Arn
from roadworthy.online.aws import Aws
from roadworthy.online.operations import (
    BATCH_GET_IMAGE,
    DESCRIBE_IMAGES,
    DESCRIBE_PULL_THROUGH_CACHE_RULES,
    GET_DOWNLOAD_URL_FOR_LAYER,
)
from roadworthy.online.subjects.images import EcrImage

MANIFESTS = [
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
]
EVERY_REPOSITORY = "ROOT"  # the prefix of a pull-through cache rule that serves them all
UNKNOWN = "unknown"  # the platform of what a build attaches to an image: attestations, not images


class Platform(NamedTuple):
    """An operating system and an architecture, in the words of image manifests: `linux`, `arm64`."""

    os: str
    architecture: str

    def __str__(self) -> str:
        return f"{self.os}/{self.architecture}"


def require(image: EcrImage, aws: Aws) -> None:
    """Return if the image exists.

    Unlike BatchGetImage, DescribeImages never makes a pull-through cache fetch the image: this only reads.

    Raises:
        Absent: the repository or the image does not exist.
    """
    aws.ask(DESCRIBE_IMAGES, **_asked(image), imageIds=[image.image_id])


def comes_through_a_cache(image: EcrImage, aws: Aws) -> bool:
    """Whether a pull-through cache fetches the image, or even makes its repository, at the first pull."""
    arn = str(Arn(image.partition, "ecr", image.region, image.account, "*"))
    prefixes = aws.ask(
        DESCRIBE_PULL_THROUGH_CACHE_RULES, region=image.region, about=arn, registryId=image.account, maxResults=1000
    )
    return any(prefix == EVERY_REPOSITORY or image.repository.startswith(f"{prefix}/") for prefix in prefixes)


def platforms(image: EcrImage, aws: Aws) -> frozenset[Platform]:
    """The platforms of an image that exists; empty when they cannot be told."""
    manifest = aws.ask(BATCH_GET_IMAGE, **_asked(image), imageIds=[image.image_id], acceptedMediaTypes=MANIFESTS)
    if manifest is None:
        return frozenset()
    listed = manifest.get("manifests")
    if isinstance(listed, list):
        found = [_platform(_mapping(entry).get("platform")) for entry in listed]
        known = frozenset(each for each in found if each and each.os != UNKNOWN)
        return known if None not in found else frozenset()
    return _of_configuration(image, manifest, aws)


def _of_configuration(image: EcrImage, manifest: Mapping[str, Any], aws: Aws) -> frozenset[Platform]:
    """The platform of an image for one platform: its configuration, a few kilobytes, has it."""
    digest = _mapping(manifest.get("config")).get("digest")
    if not isinstance(digest, str):
        return frozenset()
    url = aws.ask(GET_DOWNLOAD_URL_FOR_LAYER, **_asked(image), layerDigest=digest)
    try:
        platform = _platform(json.loads(aws.download(url)))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    return frozenset({platform}) if platform else frozenset()


def _asked(image: EcrImage) -> dict[str, Any]:
    return {
        "region": image.region,
        "about": image.repository_arn,
        "registryId": image.account,
        "repositoryName": image.repository,
    }


def _platform(value: Any) -> Platform | None:
    system, architecture = _mapping(value).get("os"), _mapping(value).get("architecture")
    known = isinstance(system, str) and isinstance(architecture, str) and system and architecture
    return Platform(str(system), str(architecture)) if known else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
