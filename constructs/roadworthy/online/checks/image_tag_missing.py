"""The image exists in its ECR repository.

## Why is this bad?

A task whose image does not exist never starts: `CannotPullContainerError: ... not found`. ECS tries again and
again; without a circuit breaker CloudFormation waits up to three hours before it gives up.

The usual causes: the image was never pushed for this commit, a lifecycle policy has removed it, the repository
is one of another region or account, or its name is mistyped.

Not asked about: images that the CDK pushes just before it deploys, repositories that the same documents make,
tags that are only partly known, and services of which no task is wanted. An image that a pull-through cache
fetches at the first pull is not missing. Where another account's registry does not answer, nothing is said.

## Needs

`ecr:DescribeImages` on the repository and, when an image is missing, `ecr:DescribePullThroughCacheRules`.
"""

from collections.abc import Iterator

from roadworthy.online.aws import Aws
from roadworthy.online.ecr import comes_through_a_cache, require
from roadworthy.online.engine import ERROR, WARNING, Finding, online_check
from roadworthy.online.failures import Absent, Elsewhere
from roadworthy.online.subjects.images import SURELY, EcrImage, ecr_images

NO_IMAGE, NO_REPOSITORY = "ImageNotFoundException", "RepositoryNotFoundException"


@online_check(
    "image-tag-missing",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
    subjects=ecr_images,
)
def check(image: EcrImage, aws: Aws) -> Iterator[Finding]:
    """Report images that ECR does not have."""
    absence = _absence(image, aws)
    if absence and not comes_through_a_cache(image, aws):
        yield Finding(
            at=image.place,
            message=f"container `{image.container.label}` uses {_what(image, absence)}",
            fix="Push the image before the deployment, or name one that exists",
            severity=None if image.starts == SURELY else WARNING,
            assumed=image.assumed,
        )


def _absence(image: EcrImage, aws: Aws) -> str | None:
    """AWS's code for what is missing; None when nothing is. Another account tells it only of images."""
    try:
        require(image, aws)
    except Absent as absent:
        return absent.code
    except Elsewhere as elsewhere:
        if elsewhere.code == NO_IMAGE:
            return elsewhere.code
        raise
    return None


def _what(image: EcrImage, absence: str) -> str:
    where = f"in account {image.account}, region {image.region}"
    if absence == NO_REPOSITORY:
        return f"`{image.label}`, but {where} there is no repository `{image.repository}`"
    return f"`{image.label}`, which the repository {where} does not have"
