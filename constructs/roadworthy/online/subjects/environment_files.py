"""The environment files that containers get from S3.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
"""

import re
from typing import NamedTuple

from roadworthy.online.arn import Arn, parse_arn
from roadworthy.online.declared import BUCKET
from roadworthy.online.deployment import Deployment
from roadworthy.template.model.container import Container
from roadworthy.template.node import Node

# The bucket of the CDK's bootstrap stack: `cdk deploy` uploads the file just before it deploys the stack.
ASSETS = re.compile(r"cdk-[a-z0-9]+-assets-\d{12}-[a-z0-9-]+")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class EnvironmentFile(NamedTuple):
    """A file of environment variables in S3."""

    place: Node
    assumed: frozenset[str]
    container: Container
    bucket: str
    key: str
    region: str
    arn: Arn


def environment_files(deployment: Deployment) -> list[EnvironmentFile]:
    """The environment files of all containers that the deployment does not bring along."""
    found = []
    for container in deployment.model.containers:
        for entry in container.node.all_items("EnvironmentFiles"):
            for known in deployment.texts(entry, "Value"):
                arn = parse_arn(known.value)
                bucket, _, key = arn.resource.partition("/") if arn and arn.service == "s3" else ("", "", "")
                if arn and key and _exists_before(bucket, entry, deployment):
                    region = deployment.target(entry).region
                    found.append(EnvironmentFile(known.at, known.assumed, container, bucket, key, region, arn))
    return found


def _exists_before(bucket: str, at: Node, deployment: Deployment) -> bool:
    named = BUCKET_NAME.fullmatch(bucket) and not ASSETS.fullmatch(bucket)
    return bool(named) and not deployment.declares(BUCKET, bucket, at)
