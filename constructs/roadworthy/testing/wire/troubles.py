"""The troubles of the wire, scripted: throttling, missing permissions, reset connections, latency, an expired token."""

import random
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from roadworthy.errors import RoadworthyError
from roadworthy.testing.wire.errors import AwsError
from roadworthy.testing.wire.permissions import Permission

# Query and EC2 have older names for what the JSON protocols call ThrottlingException and the like.
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
THROTTLED = {
    "query": ("Throttling", "Rate exceeded", 400),
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
}
DENIED = {"query": ("AccessDenied", 403), "ec2": ("UnauthorizedOperation", 403)}
EXPIRED = {"query": ("ExpiredToken", 403), "ec2": ("RequestExpired", 400)}


class Asked(NamedTuple):
    """What a trouble is decided by: the protocol, "ecs:UpdateService", who asks, and what he must be allowed."""

    protocol: str
    action: str
    caller: str
    permissions: Sequence[Permission]


class Troubles:
    """What AWS does to a call before it looks at it. Each method can be called several times; `calm` ends them all."""

    def __init__(self) -> None:
        self.calm()

    def calm(self) -> None:
        """End all troubles."""
        self._rate, self._throttled, self._random = 0.0, "*", random.Random(0)  # noqa: S311 - a repeatable script
        self._denied: list[str] = []
        self._resets = 0
        self._latency = 0.0
        self._expired = False

    def throttle(self, rate: float = 1.0, *, seed: int = 7, action: str = "*") -> None:
        """Answer this share of the calls (0 to 1) with "Rate exceeded"; the seed makes it repeatable.

        `action` limits it to some, with wildcards: "ecs:Describe*".

        Raises:
            RoadworthyError: the rate is no share, or the action none.
        """
        if not 0 <= rate <= 1:
            raise RoadworthyError(f"throttle: rate is {rate}; pass the share of the calls, 0 to 1")
        _refuse_action(action)
        self._rate, self._throttled, self._random = rate, action, random.Random(seed)  # noqa: S311 - repeatable

    def deny(self, *actions: str) -> None:
        """Refuse IAM actions, for example "ecs:UpdateService", "ecs:*" or "iam:PassRole", as without a policy.

        Raises:
            RoadworthyError: it is no action.
        """
        for action in actions:
            _refuse_action(action)
        self._denied.extend(actions)

    def reset_connections(self, count: int = 1) -> None:
        """Drop the connection of the next calls without an answer."""
        self._resets = count

    def latency(self, seconds: float) -> None:
        """Let each call take this long, in seconds of the wall: calls at the same time wait at the same time."""
        self._latency = seconds

    def expire_token(self) -> None:
        """Refuse every call, as when the temporary credentials have run out."""
        self._expired = True

    def wait(self) -> None:
        """Take the time that the network takes; called outside the lock."""
        if self._latency:
            time.sleep(self._latency)

    def meet(self, asked: Asked) -> None:
        """Raise what befalls this call, if anything.

        Raises:
            ConnectionResetError: the connection is dropped.
            AwsError: AWS refuses the call.
        """
        self._meet_reset()
        self._meet_expiry(asked)
        self._meet_denial(asked)
        self._meet_throttle(asked)

    def _meet_reset(self) -> None:
        if self._resets:
            self._resets -= 1
            raise ConnectionResetError("scripted: the connection is dropped")

    def _meet_expiry(self, asked: Asked) -> None:
        if self._expired:
            code, status = EXPIRED.get(asked.protocol, ("ExpiredTokenException", 400))
            raise AwsError(code, "The security token included in the request is expired", status)

    def _meet_denial(self, asked: Asked) -> None:
        for permission in asked.permissions:
            if any(fnmatchcase(permission.action, action) for action in self._denied):
                code, status = DENIED.get(asked.protocol, ("AccessDeniedException", 400))
                before = "You are not authorized to perform this operation. " if asked.protocol == "ec2" else ""
                raise AwsError(code, before + _denial(asked.caller, permission), status)

    def _meet_throttle(self, asked: Asked) -> None:
        if fnmatchcase(asked.action, self._throttled) and self._random.random() < self._rate:
            raise AwsError(*THROTTLED.get(asked.protocol, ("ThrottlingException", "Rate exceeded", 400)))


def _refuse_action(action: str) -> None:
    """What matches nothing would leave the test without its trouble."""
    if action != "*" and ":" not in action:
        raise RoadworthyError(f"{action!r} is no IAM action; write it with its service, as in 'ecs:{action}'")


def _denial(caller: str, permission: Permission) -> str:
    """The sentence of AWS, which names the action that the policy lacks.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    return (
        f"User: {caller} is not authorized to perform: {permission.action} on resource: {permission.resource}"
        f" because no identity-based policy allows the {permission.action} action"
    )
