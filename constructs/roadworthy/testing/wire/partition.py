"""The partition of a region, which is the second field of its ARNs."""

import re

from roadworthy.testing.wire.models import LOADER

EVERYWHERE = "aws"


def partition_of(region: str) -> str:
    """The partition, by botocore's list: "cn-north-1" -> "aws-cn"; "aws" when no partition claims the region."""
    partitions = LOADER.load_data("partitions")["partitions"]
    mine = (str(partition["id"]) for partition in partitions if re.match(partition["regionRegex"], region))
    return next(mine, EVERYWHERE)
