"""The DynamoDB client, and its failures as hop errors.

One call fails within about 6 seconds (2 attempts of 1 s to connect and 2 s to read, plus a pause), well
inside this function's own 12: the innermost hop gives up first. See docs/query-api.md for the whole
chain.
"""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from query_result.errors import HopError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CALL_SECONDS = 7.0  # the longest that one call may take, retry and pause included
RETRY_AFTER_SECONDS = 1
CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
)
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
BUSY = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)


@cache
def client() -> "DynamoDBClient":
    """The client, made on first use and kept for the life of the execution environment."""
    return boto3.client("dynamodb", config=CONFIG)


def as_hop_error(error: BotoCoreError | ClientError) -> HopError:
    """What the caller may know of a failed call; the cause belongs in the log."""
    if isinstance(error, ClientError):
        if error.response.get("Error", {}).get("Code") in BUSY:
            return HopError(503, "DynamoDB is busy", retry_after=RETRY_AFTER_SECONDS)
        return HopError(502, "DynamoDB refused the query")
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):
        return HopError(504, "DynamoDB did not answer in time")
    if isinstance(error, EndpointConnectionError):
        return HopError(503, "DynamoDB cannot be reached", retry_after=RETRY_AFTER_SECONDS)
    return HopError(502, "the query of DynamoDB failed")
