"""Names and ARNs, in the shapes in which the API takes them."""

import re
from collections.abc import Mapping
from typing import Any


def last(name_or_arn: str) -> str:
    """The name at the end of an ARN; a plain name as it is."""
    return name_or_arn.rpartition("/")[2]


def family_and_revision(name: str) -> tuple[str, int | None]:
    """`family`, `family:7` or the ARN of either; the revision is None when it is not given."""
    family, _, revision = last(name).partition(":")
    return family, int(revision) if re.fullmatch(r"[0-9]{1,9}", revision) else None


def target_group_name(arn: str) -> str:
    """The name in a target group's ARN."""
    return arn.split("/")[1] if arn.count("/") > 1 else arn


def image_name(container: Mapping[str, Any]) -> str:
    """The image of a container definition."""
    return str(container.get("image", ""))
