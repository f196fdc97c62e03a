"""Amazon Resource Names.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import re
from typing import NamedTuple

REGION = re.compile(r"[a-z]{2,5}(-[a-z]+)+-\d{1,2}")  # us-east-1, us-gov-west-1, eusc-de-east-1
ACCOUNT = re.compile(r"\d{12}")
FIELDS = 6  # arn:partition:service:region:account:resource


class Arn(NamedTuple):
    """An ARN. `region` and `account` are empty where the service has none, as S3's buckets."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(["arn", *self])


def parse_arn(text: str) -> Arn | None:
    """Read an ARN; None when it is none."""
    fields = text.split(":", FIELDS - 1)
    if len(fields) != FIELDS or fields[0] != "arn" or not fields[5]:
        return None
    return Arn(*fields[1:])


def regional_arn(text: str, service: str) -> Arn | None:
    """Read an ARN of a service that has regions; None when it is none, or has a placeholder for region or account."""
    arn = parse_arn(text)
    whole = arn and arn.service == service and REGION.fullmatch(arn.region) and ACCOUNT.fullmatch(arn.account)
    return arn if whole else None
