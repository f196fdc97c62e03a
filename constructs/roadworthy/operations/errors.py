"""Why an operation cannot be done: each kind has its own exit code, and one line that says what to do."""

from typing import ClassVar

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.errors import RoadworthyError


class OperationError(RoadworthyError):
    """It cannot be done; the message says why, and what to do."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


class NotFoundError(OperationError):
    """No such service, cluster, deployment, task or image."""

    exit_code = ExitCode.NOT_FOUND


class AccessDeniedError(OperationError):
    """The caller lacks a permission.

    Attributes:
        action: the IAM action, such as "ecs:UpdateService".
    """

    exit_code = ExitCode.ACCESS_DENIED

    def __init__(self, message: str, action: str) -> None:
        super().__init__(message)
        self.action = action


class NoAwsError(OperationError):
    """AWS cannot be asked: credentials, network, or throttled after many attempts."""

    exit_code = ExitCode.NO_AWS


class UnreachableError(NoAwsError):
    """No answer came: AWS may or may not have done what it was asked for."""


class NotYetError(OperationError):
    """It has to wait for something: it is to be tried again."""


class BusyError(OperationError):
    """Another deployment of the service is in progress, or ECS takes no further one."""

    exit_code = ExitCode.BUSY


class DeclinedError(OperationError):
    """Nobody said yes."""

    exit_code = ExitCode.DECLINED


class CancelledError(OperationError):
    """Ctrl-C between two steps."""

    exit_code = ExitCode.INTERRUPTED


class RefusedError(OperationError):
    """AWS refuses the request; the message has AWS's own words.

    Attributes:
        code: AWS's error code, such as "InvalidParameterException".
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
