"""Lambda `image-gate`: the provider of a CloudFormation custom resource that stands for an image in ECR.

Properties: `RepositoryName`, `RepositoryUri`, and `ImageTag` or `ImageDigest`. Attribute: `ImageDigest`. Every request
is answered, whatever happens: an unanswered one holds the stack for an hour.
"""

import logging
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from image_gate import gate, response
from image_gate.gate import Image, ImageMissingError
from image_gate.response import Result

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

CONFIG = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
NOT_CREATED = "image-gate-not-created"
DENIALS, PAUSE_SECONDS = 4, 3.0  # IAM's changes reach every server within seconds

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one custom resource request (Create, Update or Delete)."""
    result = _judge(event)
    logger.info("%s %s: %s", event["RequestType"], result.physical_id, result.reason or "in ECR")
    response.send(event, result)


def _judge(event: Mapping[str, Any]) -> Result:
    known_id = event.get("PhysicalResourceId") or NOT_CREATED
    if event["RequestType"] == "Delete":
        return Result(succeeded=True, physical_id=known_id, reason="nothing to delete")
    try:
        image = gate.parse(event["ResourceProperties"])
        digest = _find_digest(image)
    except (ImageMissingError, ValueError) as error:
        return Result(succeeded=False, physical_id=known_id, reason=str(error))
    except Exception as error:  # whatever it is, the stack must hear of it
        logger.exception("cannot ask ECR")
        return Result(succeeded=False, physical_id=known_id, reason=f"cannot ask ECR for the image: {error}")
    return Result(succeeded=True, physical_id=str(image), data={"ImageDigest": digest})


def _find_digest(image: Image) -> str:
    """Ask ECR; a denial is asked again, since the role's policy is seconds old on a first deployment."""
    for _ in range(DENIALS):
        try:
            return gate.find_digest(ecr(), image)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "AccessDeniedException":
                raise
        time.sleep(PAUSE_SECONDS)
    return gate.find_digest(ecr(), image)


@cache
def ecr() -> "ECRClient":
    """The ECR client, made on first use and kept for the life of the execution environment."""
    return boto3.client("ecr", config=CONFIG)
