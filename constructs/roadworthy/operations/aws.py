"""The one place where operations talk to AWS: clients, retries, time limits, and errors told in one line."""

import re
import threading
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

from roadworthy.aws.trouble import (
    DENIED,
    EXPIRED,
    INVALID,
    NO_CREDENTIALS,
    THROTTLED,
    UNREACHABLE,
    code_of,
    is_a,
    message_of,
    reason_of,
    refusal,
)
from roadworthy.operations.errors import (
    AccessDeniedError,
    NoAwsError,
    NotFoundError,
    OperationError,
    RefusedError,
    UnreachableError,
)
from roadworthy.operations.parallel import each

Item = TypeVar("Item")
Result = TypeVar("Result")

CONCURRENCY = 32  # calls at a time
CONNECT_TIMEOUT = 5  # seconds
READ_TIMEOUT = 30  # seconds
ATTEMPTS = 10
ATTEMPTS_TO_REACH = 4  # of a client that AWS has never answered
SERVER_FAULT = 500  # HTTP statuses from here on: AWS's own trouble, botocore tried again already
# boto3's name of a service where IAM has another.
IAM_PREFIXES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
_LACKING = re.compile(r"not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?")


class Aws:
    """An AWS account in a region, to be asked from many threads at once.

    Attributes:
        region: where.
        session: the `boto3.Session`.
    """

    def __init__(self, session: Any, region: str) -> None:
        self.session = session
        self.region = region
        self._clients: dict[str, Any] = {}
        self._reached = False
        self._lock = threading.Lock()

    def call(self, service: str, method: str, /, **parameters: Any) -> dict[str, Any]:
        """AWS's answer to a call.

        Args:
            service: boto3's name of the service, "ecs".
            method: boto3's name of the call, "describe_services".
            parameters: the call's; those that are None are left out.

        Raises:
            OperationError: AWS refuses, or cannot be asked.
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        try:
            answer = getattr(self._client(service), method)(**given)
        except Exception as error:
            raise self._meaning(error, service, method) from error
        self._reached = True
        return dict(answer)

    def pages(self, service: str, method: str, key: str, /, **parameters: Any) -> list[Any]:
        """All of a list that AWS answers in pages; `key` names it in the answer."""
        found: list[Any] = []
        token: str | None = None
        while True:
            answer = self.call(service, method, nextToken=token, **parameters)
            found += answer.get(key, [])
            token = answer.get("nextToken")
            if not token:
                return found

    def parameters_of(self, service: str, method: str) -> set[str]:
        """The names of the parameters that a call takes."""
        client = self._client(service)
        operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
        return set(operation.input_shape.members)

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The results of `function` on each item, in order; the calls run at the same time.

        Raises:
            OperationError: of the first that fails; what has not begun then is left out.
        """
        return each(function, list(items), CONCURRENCY)

    @cached_property
    def account(self) -> str:
        """The caller's account, 12 digits. It needs no permission."""
        return str(self.call("sts", "get_caller_identity")["Account"])

    @cached_property
    def caller(self) -> str:
        """The caller's ARN. It needs no permission."""
        return str(self.call("sts", "get_caller_identity")["Arn"])

    def _client(self, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - `--help` needs no boto3

        with self._lock:  # boto3's sessions make clients in one thread at a time
            if service not in self._clients:
                config = Config(
                    retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                    max_pool_connections=CONCURRENCY,
                )
                client = self.session.client(service, region_name=self.region, config=config)
                client.meta.events.register_first("needs-retry", self._give_up_early)
                self._clients[service] = client
            return self._clients[service]

    def _give_up_early(self, attempts: int, caught_exception: Exception | None, **_: Any) -> None:
        """What never was reached is a wrong region or no network: that is told in seconds. Later ones are waited out.

        Source: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html; botocore's `needs-retry`.
        """
        if self._reached or attempts < ATTEMPTS_TO_REACH or caught_exception is None:
            return
        if is_a(caught_exception, {"EndpointConnectionError", "ConnectTimeoutError"}):
            raise caught_exception

    def _meaning(self, error: Exception, service: str, method: str) -> OperationError:
        code = code_of(error)
        if code in DENIED:
            return _denied(error, service, method)
        if code.endswith(("NotFoundException", "NotFound", "NotFoundFault")):
            return NotFoundError(f"{message_of(error)} ({code}, {self.region})")
        unasked = _unasked(error, _action(service, method))
        return unasked or RefusedError(
            f"AWS refuses {_action(service, method)}: {message_of(error)} ({reason_of(error)})", code
        )


def _unasked(error: Exception, action: str) -> NoAwsError | None:
    """What kept AWS from doing what it was asked for; None where it refused."""
    code = code_of(error)
    if is_a(error, UNREACHABLE):
        return UnreachableError(refusal(error))
    if code in EXPIRED | INVALID or is_a(error, NO_CREDENTIALS):
        return NoAwsError(refusal(error))
    if code in THROTTLED:
        return NoAwsError(f"AWS throttles {action} still after {ATTEMPTS} attempts: try later")
    if _status(error) >= SERVER_FAULT:
        return UnreachableError(f"AWS fails at {action} ({reason_of(error)}): try later")
    return None


def _status(error: Exception) -> int:
    """The HTTP status of AWS's answer; 0 without one."""
    response = getattr(error, "response", None) or {}
    return int((response.get("ResponseMetadata") or {}).get("HTTPStatusCode") or 0)


def _denied(error: Exception, service: str, method: str) -> AccessDeniedError:
    lacking = _LACKING.search(message_of(error))
    action, resource = lacking.groups() if lacking else (_action(service, method), None)
    on = f" on {resource}" if resource else ""
    return AccessDeniedError(
        f"the credentials lack {action}{on}: allow it; `roadworthy permissions` prints policies", action
    )


def _action(service: str, method: str) -> str:
    """The IAM action of a call: ("ecs", "update_service") -> "ecs:UpdateService"."""
    return f"{IAM_PREFIXES.get(service, service)}:{''.join(word.capitalize() for word in method.split('_'))}"
