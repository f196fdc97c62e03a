"""Names and ARNs, in the shapes in which the API takes them."""

import re


def last(name_or_arn: str) -> str:
    """The name at the end of an ARN; a plain name as it is."""
    return name_or_arn.rpartition("/")[2]


def family_and_revision(name: str) -> tuple[str, int | None]:
    """`family`, `family:7` or the ARN of either; the revision is None when it is not given."""
    family, colon, revision = last(name).partition(":")
    if not colon:
        return family, None
    return (family, int(revision)) if re.fullmatch(r"[0-9]{1,9}", revision) else (last(name), None)
