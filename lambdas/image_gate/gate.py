"""Whether an image is in ECR, and what to do when it is not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_ecr import ECRClient

PROPERTIES = ("RepositoryName", "RepositoryUri", "ImageTag", "ImageDigest")


class ImageMissingError(Exception):
    """The image, or its repository, is not there; the message says what to do."""


@dataclass(frozen=True)
class Image:
    """An image of one repository, by tag or by digest (exactly one of the two); `uri` is the repository's."""

    repository: str
    uri: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        """The usual notation: `repository:tag` or `repository@digest`."""
        return f"{self.repository}:{self.tag}" if self.tag else f"{self.repository}@{self.digest}"


def parse(properties: "Mapping[str, Any]") -> Image:
    """Read the resource's properties; raises ValueError that names what is missing or too many."""
    repository, uri, tag, digest = (str(properties.get(name) or "") for name in PROPERTIES)
    for name, value in (("RepositoryName", repository), ("RepositoryUri", uri)):
        if not value:
            raise ValueError(f"property {name} is missing")
    if bool(tag) == bool(digest):
        raise ValueError("give exactly one of the properties ImageTag and ImageDigest")
    return Image(repository, uri, tag, digest)


def find_digest(ecr: "ECRClient", image: Image) -> str:
    """The digest of the image in ECR; raises ImageMissingError, or botocore's exceptions.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
    """
    wanted: Any = {"imageTag": image.tag} if image.tag else {"imageDigest": image.digest}
    try:
        details = ecr.describe_images(repositoryName=image.repository, imageIds=[wanted])["imageDetails"]
    except ecr.exceptions.RepositoryNotFoundException:
        raise ImageMissingError(
            f"ECR has no repository {image.repository}: "
            "deploy ImageRepositoryStack first, push the image, then deploy again"
        ) from None
    except ecr.exceptions.ImageNotFoundException:
        details = []
    if not details:
        raise ImageMissingError(_what_to_push(image))
    return details[0]["imageDigest"]


def _what_to_push(image: Image) -> str:
    if image.digest:
        return f"{image} is not in ECR: push that image to {image.uri}, or deploy a digest that is there"
    name = f"{image.uri}:{image.tag}"
    commands = f"docker build --platform linux/amd64 -t {name} FOLDER && docker push {name}"
    return f"{image} is not in ECR: {commands}, then deploy again"
