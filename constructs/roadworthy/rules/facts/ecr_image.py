"""Images in Amazon ECR: which account, region and repository an image's name tells.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
"""

from functools import lru_cache
from typing import NamedTuple

from roadworthy.template.model.repository import Repository
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, Reference, Text, Value, skeleton

HOST = Pattern(r"(?P<account>[^./]+)\.dkr[.-]ecr(?:-fips)?\.(?P<region>[^./]+)\.[^/]+/(?P<repository>[^:@]+)")


class EcrImage(NamedTuple):
    """What is known of an image in ECR.

    Attributes:
        account: its registry's account; None when not known.
        region: its registry's region; None when not known.
        arn: its repository's ARN, for policies.
        repository: the repository, where it is one of the templates.
    """

    account: str | None
    region: str | None
    arn: Value
    repository: Reference | None


def ecr_image(value: Value) -> EcrImage | None:
    """What an image's name tells; None when it is not certainly in ECR."""
    repository = _repository_in(value)
    text = skeleton(value)
    found = _parts(text) if "ecr" in text else None
    if repository is None and found is None:
        return None
    account, region, arn = found or (None, None, "")
    return EcrImage(account, region, arn if repository is None else repository, repository)


def ends_in_repository(value: Value) -> bool:
    """Whether an image's name ends in a repository of the templates, so that it has neither tag nor digest."""
    *before, last = value.parts if isinstance(value, Text) else (value,)
    whole = not before or (isinstance(before[-1], str) and before[-1].endswith("/"))
    known = isinstance(last, Reference) and last.document.type_of(last.name) == Repository.TYPE
    return whole and known and isinstance(last, Reference) and last.attribute in {"", "RepositoryUri"}


def _repository_in(value: Value) -> Reference | None:
    parts = value.parts if isinstance(value, Text) else (value,)
    for part in parts:
        if isinstance(part, Reference) and part.document.type_of(part.name) == Repository.TYPE:
            return part
    return None


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str | None, str | None, str] | None:
    match = HOST.match(text)
    if match is None:
        return None
    account, region = (None if HOLE in match[name] else match[name] for name in ("account", "region"))
    repository = match["repository"].replace(HOLE, "*")
    return account, region, f"arn:*:ecr:{region or '*'}:{account or '*'}:repository/{repository}"
