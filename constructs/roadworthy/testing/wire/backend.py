"""What stands behind the wire: who plays which operation, what was asked, and what was answered.

A handler is a plain function, parameters -> answer:

    backend = Backend(now=clock.now, region="eu-west-1", account="111122223333")
    backend.register("ecs", "ListClusters", lambda parameters: {"clusterArns": []})
    backend.answer("ecs", "ListClusters", {})

Handlers run one at a time, under `backend.lock`: that of the virtual clock, which moves the state too. Each answer is
checked against botocore's output shape and copied, so it may be made of live state.
"""

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

from roadworthy.testing.wire.contract import checked
from roadworthy.testing.wire.errors import AwsError, NotPlayedError, ShapeError
from roadworthy.testing.wire.models import error_members, operation_model, service_model
from roadworthy.testing.wire.partition import partition_of
from roadworthy.testing.wire.permissions import Permission, iam_action, needed
from roadworthy.testing.wire.troubles import Asked, Troubles

__all__ = ["AwsError", "Backend", "Call", "Handler"]

Lock = AbstractContextManager[Any]
Handler = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """A call that AWS received.

    `service` is boto3's name ("elbv2"), `parameters` are as the caller gave them, `at` is the virtual time in seconds
    since 1970, and `error` the code of the error that was answered, if one was ("ConnectionReset" for a dropped one).
    `permissions` are what the caller must be allowed: the operation's own action first, perhaps iam:PassRole.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    at: float
    error: str = ""
    permissions: tuple[Permission, ...] = ()

    @property
    def action(self) -> str:
        """The IAM action that the call needs, for example "elasticloadbalancing:DescribeTargetHealth"."""
        return iam_action(self.service, self.operation)


class Backend:
    """The operations that are played, and what befell their callers."""

    def __init__(self, *, now: Callable[[], float], region: str, account: str, lock: Lock | None = None) -> None:
        """`now` tells the virtual time, in seconds since 1970; `lock` is that of the clock, and can be re-entered."""
        self.now = now
        self.region = region
        self.account = account
        self.partition = partition_of(region)
        self.caller = f"arn:{self.partition}:iam::{account}:user/roadworthy"
        self.lock: Lock = lock or threading.RLock()
        self.calls: list[Call] = []
        self.troubles = Troubles()
        self._requests = itertools.count(1)
        self._handlers: dict[tuple[str, str], Handler] = {}

    def request_id(self) -> str:
        """The id of the next reply, counted up."""
        return f"00000000-0000-4000-8000-{next(self._requests):012d}"

    def arn(self, service: str, resource: str) -> str:
        """An ARN here: ("ecs", "cluster/shop") -> "arn:aws:ecs:eu-west-1:111122223333:cluster/shop"."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def register(self, service: str, operation: str, handler: Handler) -> None:
        """Let a handler play an operation of a boto3 service: ("elbv2", "DescribeRules", handler).

        Raises:
            NotPlayedError: botocore knows no such service or operation.
        """
        try:
            operation_model(service, operation)
        except (UnknownServiceError, OperationNotFoundError):
            raise NotPlayedError(
                f"boto3 has no operation `{operation}` of `{service}`, so it cannot be played"
            ) from None
        self._handlers[service, operation] = handler

    def register_all(self, service: str, handlers: Mapping[str, Handler]) -> None:
        """Let handlers play several operations of one service, operation -> handler."""
        for operation, handler in handlers.items():
            self.register(service, operation, handler)

    @property
    def services(self) -> list[str]:
        """The boto3 names of the services that are played."""
        return sorted({service for service, _ in self._handlers})

    def operations(self, service: str) -> list[str]:
        """The operations of a service that are played."""
        return sorted(operation for name, operation in self._handlers if name == service)

    def answer(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one call; threads may call at the same time.

        Raises:
            AwsError: AWS answers an error.
            ConnectionResetError: the connection is dropped, as scripted.
            NotPlayedError: nobody plays this operation.
            ShapeError: the handler answers what AWS cannot answer.
        """
        self.troubles.wait()
        with self.lock:
            permissions = tuple(needed(service, operation, parameters, self.arn))
            call = Call(service, operation, parameters, self.now(), permissions=permissions)
            self.calls.append(call)
            try:
                return self._answered(call)
            except AwsError as error:
                self._failed(call, error.code)
                raise
            except ConnectionResetError:
                self._failed(call, "ConnectionReset")
                raise

    def _answered(self, call: Call) -> dict[str, Any]:
        handler = self._handler(call.service, call.operation)
        protocol = service_model(call.service).resolved_protocol
        self.troubles.meet(Asked(protocol, call.action, self.caller, call.permissions))
        try:
            answer = handler(call.parameters)
        except AwsError as error:
            raise _checked_error(call.service, error) from None
        shape = operation_model(call.service, call.operation).output_shape
        whole: dict[str, Any] = checked(answer, shape, f"{call.service} {call.operation}")
        return whole

    def _failed(self, call: Call, code: str) -> None:
        """Note the error of a call, unless the test has emptied the list meanwhile."""
        for place in reversed(range(len(self.calls))):
            if self.calls[place] is call:
                self.calls[place] = replace(call, error=code)
                return

    def _handler(self, service: str, operation: str) -> Handler:
        if handler := self._handlers.get((service, operation)):
            return handler
        played = _listed(self.operations(service)) or f"none of {service}, only of {_listed(self.services)}"
        raise NotPlayedError(f"nobody plays {service} {operation}: register a handler for it; played are {played}")


def _checked_error(service: str, error: AwsError) -> AwsError:
    """The error, when its fields are those of the modelled exception. Codes that no model has are let through."""
    members = error_members(service, error.code)
    if unknown := error.fields.keys() - members:
        raise ShapeError(f"{service} {error.code} has no member {', '.join(sorted(unknown))}; see botocore's model")
    return error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
