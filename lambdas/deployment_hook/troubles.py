"""Which errors of AWS may be over in a moment, so that the same call is worth another try."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

AWS_ERRORS = (ClientError, BotoCoreError)
DENIAL_SECONDS = 30  # a role's policy may be seconds old, and IAM's changes take seconds to reach every server

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
}


def code(error: Exception) -> str:
    """AWS's name of an error; empty when it did not come from AWS."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def may_pass(error: Exception, age: float = DENIAL_SECONDS) -> bool:
    """Whether to try again; `age` is for how many seconds it has been tried, which bears with denials at first."""
    if isinstance(error, HTTPClientError | NoConnectionError) or code(error) in _THROTTLED:
        return True
    if code(error) == "AccessDeniedException":
        return age < DENIAL_SECONDS
    status = (
        error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) if isinstance(error, ClientError) else 0
    )
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR  # ServerException of ECS, InternalServerError of DynamoDB
