"""What an AWS call that fails means: the thing is not there, the caller may not ask, or nobody can tell.

What AWS's error codes mean in general is told in `roadworthy.aws.trouble`.
"""

from typing import Any

from roadworthy.aws.trouble import DENIED, EXPIRED, INVALID, NO_CREDENTIALS, code_of, is_a, reason_of, refusal
from roadworthy.online.errors import OnlineError
from roadworthy.online.operations import Operation


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
    code = code_of(error)
    if not own and code in operation.absent | DENIED:
        return Elsewhere(code)
    if code in operation.absent:
        return Absent(code)
    if code in DENIED:
        return Denied(_action(error, operation), resource)
    if code in EXPIRED or (code in INVALID and at_home) or is_a(error, NO_CREDENTIALS):
        return OnlineError(refusal(error))
    if is_a(error, {"ConnectionError"}) and at_home:
        return OnlineError(refusal(error))
    return Unanswered(operation.action, resource, reason_of(error))


def _action(error: Exception, operation: Operation[Any]) -> str:
    """The IAM action that is lacking; a secret's key may be what refuses."""
    return "kms:Decrypt" if "Access to KMS is not allowed" in str(error) else operation.action
