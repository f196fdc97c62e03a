"""Images in private ECR repositories that the documents do not make or push themselves.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html (dual-stack endpoints)
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.online.arn import Arn
from roadworthy.online.declared import REPOSITORY
from roadworthy.online.deployment import Deployment
from roadworthy.rules.facts.image import Image, parse_image
from roadworthy.rules.facts.image_grammar import DIGEST, TAG
from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import contents, number
from roadworthy.template.node import Node

HOST = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]{2}[a-z0-9-]+-\d)\.[a-z0-9.-]+/(?P<repository>[^/].*)"
)
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
REPOSITORY_NAME = re.compile(r"(?=.{2,256}$)[a-z0-9]+(?:[._/-]+[a-z0-9]+)*")
PLACEHOLDER = re.compile(r"[A-Z_]+")  # TAG, IMAGE_TAG: what a pipeline replaces
NEVER, PERHAPS, SURELY = 0, 1, 2


class EcrImage(NamedTuple):
    """An image that a container names, in a private ECR repository.

    Attributes:
        place: where it is named.
        when: the conditions under which it is.
        assumed: the parameters whose defaults it rests on.
        container: which runs it.
        account: of the registry, 12 digits.
        region: of the registry.
        repository: its name.
        tag: None when a digest says which image it is.
        digest: None when only a tag does.
        partition: of the registry.
        starts: whether the deployment starts tasks with it: NEVER (0 tasks are asked for), PERHAPS or SURELY.
    """

    place: Node
    when: When
    assumed: frozenset[str]
    container: Container
    account: str
    region: str
    repository: str
    tag: str | None
    digest: str | None
    partition: str
    starts: int

    @property
    def label(self) -> str:
        """Its name without the registry, for messages."""
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.tag}"

    @property
    def repository_arn(self) -> str:
        """The ARN of its repository."""
        return str(Arn(self.partition, "ecr", self.region, self.account, f"repository/{self.repository}"))

    @property
    def image_id(self) -> dict[str, str]:
        """How ECR's API names it."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag or "latest"}


def ecr_images(deployment: Deployment) -> list[EcrImage]:
    """The images of all containers that ECR can be asked about."""
    found = [image for container in deployment.model.containers for image in _of(container, deployment)]
    wanted = [image for image in found if image.starts != NEVER]
    return [image for image in wanted if not deployment.declares(REPOSITORY, image.repository, image.place)]


def _of(container: Container, deployment: Deployment) -> Iterator[EcrImage]:
    for known in deployment.texts(container.node, "Image"):
        host = HOST.fullmatch(known.value.strip())
        image = parse_image(host["repository"]) if host else None
        if not host or not image or not _is_plain(image):
            continue
        if not deployment.assets.bring(image.repository, image.tag, known.at.document):
            yield EcrImage(
                place=known.at,
                when=known.when,
                assumed=known.assumed,
                container=container,
                account=host["account"],
                region=host["region"],
                repository=image.repository,
                tag=None if image.digest else image.tag or "latest",
                digest=image.digest,
                partition=deployment.target(known.at).partition,
                starts=_starts(container),
            )


def _is_plain(image: Image) -> bool:
    """Whether ECR takes the names: placeholders are no names."""
    tag = image.tag or "latest"
    which = DIGEST.fullmatch(image.digest) if image.digest is not None else TAG.fullmatch(tag)
    return bool(REPOSITORY_NAME.fullmatch(image.repository) and which) and not PLACEHOLDER.fullmatch(tag)


def _starts(container: Container) -> int:
    """Whether tasks of the container are started: those of a task definition without a service may be."""
    services = container.definition.services
    if not services:
        return SURELY
    counts = [count for service in services for count in contents(service.node, "DesiredCount")]
    numbers = [number(count.value) for count in counts]
    if len(counts) < len(services) or any(value for value in numbers):
        return SURELY  # without a count a new service has one task
    return PERHAPS if None in numbers else NEVER
