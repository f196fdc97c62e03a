"""What an AWS call that fails means: the thing is not there, the caller may not ask, or nobody can tell.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

from typing import Any

from roadworthy.online.errors import OnlineError
from roadworthy.online.operations import Operation
from roadworthy.report.words import shown

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "403", "Forbidden"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
# Also the answer of a region that the account has not enabled, so that they are fatal only in the session's region.
INVALID = {
    "AuthFailure",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
# botocore's exceptions by name, because importing them would import botocore.
NO_CREDENTIALS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "InvalidConfigError",
    "SSOError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    "LoginError",
}
UNREACHABLE = {"HTTPClientError", "ConnectionError"}


class Absent(Exception):  # noqa: N818 - an answer, not an error
    """AWS says that it does not exist; `code` is AWS's error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Elsewhere(Exception):  # noqa: N818 - an answer, not an error
    """Another account does not tell whether it exists: AWS says that it does not, or that the caller may not ask."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Denied(Exception):  # noqa: N818 - an answer, not an error
    """The caller may not ask: it lacks `action` on `resource`, an ARN."""

    def __init__(self, action: str, resource: str) -> None:
        super().__init__(f"{action} on {resource}")
        self.action, self.resource = action, resource


class Unanswered(Exception):  # noqa: N818 - an answer, not an error
    """AWS answered with something else than a yes or a no: still throttled after many attempts, or out of order."""

    def __init__(self, action: str, resource: str, why: str) -> None:
        super().__init__(why)
        self.action, self.resource, self.why = action, resource, why


def meaning(error: Exception, operation: Operation[Any], resource: str, *, at_home: bool, own: bool) -> Exception:
    """The exception that says what `error`, one of botocore's, means.

    Args:
        error: what the call raised.
        operation: what was asked.
        resource: the ARN that was asked about.
        at_home: whether it was asked in the session's own region: trouble elsewhere does not end the run.
        own: whether the resource is in the caller's account.
    """
    code = _code(error)
    if not own and code in operation.absent | DENIED:
        return Elsewhere(code)
    if code in operation.absent:
        return Absent(code)
    if code in DENIED:
        return Denied(_action(error, operation), resource)
    if code in EXPIRED or (code in INVALID and at_home) or _is(error, NO_CREDENTIALS):
        return OnlineError(refusal(error))
    if _is(error, {"ConnectionError"}) and at_home:
        return OnlineError(refusal(error))
    return Unanswered(operation.action, resource, _reason(error))


def refusal(error: Exception) -> str:
    """Why nothing can be asked, and what to do, in one line."""
    code = _code(error)
    if code in EXPIRED:
        return f"the AWS credentials have expired ({code}): log in again"
    if code in INVALID:
        return f"AWS does not accept the credentials ({code}): check them, or name others with --profile"
    if _is(error, NO_CREDENTIALS):
        return f"no usable AWS credentials ({_reason(error)}): log in, or name a profile with --profile"
    if _is(error, UNREACHABLE):
        return f"AWS cannot be reached ({_reason(error)}): check the network and --region"
    return f"AWS cannot be asked ({_reason(error)}): check --profile and --region"


def _action(error: Exception, operation: Operation[Any]) -> str:
    """The IAM action that is lacking; a secret's key may be what refuses."""
    return "kms:Decrypt" if "Access to KMS is not allowed" in str(error) else operation.action


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    details = response.get("Error") if isinstance(response, dict) else None
    return str(details.get("Code", "")) if isinstance(details, dict) else ""


def _is(error: Exception, names: set[str]) -> bool:
    return any(base.__name__ in names for base in type(error).__mro__ if base.__module__.startswith("botocore"))


def _reason(error: Exception) -> str:
    """The error in one line that a terminal can show."""
    return _code(error) or shown(" ".join(str(error).split())) or type(error).__name__
