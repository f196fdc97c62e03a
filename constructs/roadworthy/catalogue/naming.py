"""How clusters, services and image repositories are named: patterns such as `{service}-{env}`."""

import re
from typing import NamedTuple

from roadworthy.catalogue.table import Table, shown
from roadworthy.nearest import hint

FIELDS = ("project", "env", "service")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html, likewise API_CreateCluster.html
ECS_NAME = r"[A-Za-z0-9_-]{1,255}"
ECS_NAME_WORDS = "1 to 255 letters, digits, hyphens and underscores"
# 2 to 256 characters: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html, in the
# grammar of https://github.com/distribution/reference/blob/main/regexp.go, in which the host of another registry fits.
_WORDS = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
REPOSITORY = rf"(?=.{{2,256}}$)(?:[a-z0-9.-]+:[0-9]+/)?{_WORDS}(?:/{_WORDS})*"
REPOSITORY_WORDS = "2 to 256 of a-z, 0-9 and . _ - / between them, and no tag: deploying says which image runs"
_FIELD = r"\{([^{}]*)\}"


class Naming(NamedTuple):
    """The patterns of `[naming]`. Fields: `{project}`, `{env}` and, but in `cluster`, `{service}`.

    Attributes:
        cluster: the ECS cluster of an environment.
        service: the ECS service of a service in an environment.
        repository: the ECR repository of a service's image.
    """

    cluster: str = "{project}-{env}-cluster"
    service: str = "{service}-{env}"
    repository: str = "{service}"

    @classmethod
    def parse(cls, table: Table) -> "Naming":
        """Read `[naming]`."""
        table.refuse_unknown(cls._fields)
        return cls(**{key: pattern(table, key, FIELDS[:2] if key == "cluster" else FIELDS) for key in table.values})


def pattern(table: Table, key: str, fields: tuple[str, ...] = FIELDS) -> str:
    """Read a pattern that holds no other fields than these."""
    value = table.values[key]
    if not isinstance(value, str) or not value:
        raise table.wrong(key, ": it must be a text that is not empty")
    for field in re.findall(_FIELD, value):
        if field not in fields:
            raise table.wrong(key, f": unknown field {shown(field)}{hint(field, fields)}")
    if set("{}") & set(re.sub(_FIELD, "", value)):
        raise table.wrong(key, f": a brace stands alone; fields are {', '.join(f'{{{field}}}' for field in fields)}")
    return value


def expand(text: str, **fields: str) -> str:
    """The pattern with its fields filled in; a field that is not given stays as it is."""
    return re.sub(_FIELD, lambda field: fields.get(field[1], field[0]), text)
