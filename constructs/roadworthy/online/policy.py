"""The permissions that the online checks need, as an IAM policy: `python -m roadworthy.online.policy`."""

import json
from typing import Any

from roadworthy.online.operations import (
    BATCH_GET_IMAGE,
    DESCRIBE_ALARMS,
    DESCRIBE_CERTIFICATE,
    DESCRIBE_IMAGES,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_PULL_THROUGH_CACHE_RULES,
    DESCRIBE_SECRET,
    DESCRIBE_SUBNETS,
    GET_DOWNLOAD_URL_FOR_LAYER,
    GET_PARAMETERS,
    GET_SECRET_VALUE,
    HEAD_OBJECT,
    Operation,
)

DESCRIBES: tuple[Operation[Any], ...] = (
    DESCRIBE_ALARMS,
    DESCRIBE_CERTIFICATE,
    DESCRIBE_IMAGES,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_PULL_THROUGH_CACHE_RULES,
    DESCRIBE_SECRET,
    DESCRIBE_SUBNETS,
)
# These also let the caller read what is inside: name your own repositories, secrets and so on instead of *.
READS: tuple[Operation[Any], ...] = (
    BATCH_GET_IMAGE,
    GET_DOWNLOAD_URL_FOR_LAYER,
    GET_PARAMETERS,
    GET_SECRET_VALUE,
    HEAD_OBJECT,
)
# Without it S3 does not tell a missing file from a forbidden one.
# Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
LIST_BUCKET = "s3:ListBucket"


def policy() -> dict[str, Any]:
    """The smallest identity-based policy with which no online check is skipped; sts:GetCallerIdentity needs none."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow("RoadworthyDescribes", [operation.action for operation in DESCRIBES]),
            _allow("RoadworthyReads", [LIST_BUCKET, *(operation.action for operation in READS)]),
        ],
    }


def _allow(sid: str, actions: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": "*"}


if __name__ == "__main__":
    print(json.dumps(policy(), indent=2))  # noqa: T201
