"""AWS clients and the webhook's URL, got on first use and kept for the life of the execution environment."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from deployment_notifier.settings import required

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ecs import ECSClient

CONFIG = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})
# The images are worth less than the notice: three questions must leave time to send it.
HASTY = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})


@cache
def ecs() -> "ECSClient":
    """The ECS client."""
    return boto3.client("ecs", config=HASTY)


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    return boto3.client("dynamodb", config=CONFIG)


@cache
def sns() -> Any:
    """The SNS client."""
    return boto3.client("sns", config=CONFIG)


@cache
def secrets() -> Any:
    """The Secrets Manager client."""
    return boto3.client("secretsmanager", config=CONFIG)


@cache
def webhook() -> str:
    """The Slack webhook's URL: the secret as it is, or the key `url` of its JSON object; never to be logged."""
    text: str = secrets().get_secret_value(SecretId=required("SLACK_WEBHOOK_SECRET_ARN"))["SecretString"]
    try:
        return str(json.loads(text)["url"])
    except (ValueError, KeyError, TypeError):
        return text.strip()
