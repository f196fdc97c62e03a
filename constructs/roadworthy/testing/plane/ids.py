"""Identifiers that look like those of ECS and come from counters: the same script gets the same ones."""

import hashlib
from collections import Counter


class Ids:
    """Counters, one for each kind of thing."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def task(self) -> str:
        """32 hexadecimal digits."""
        return self._digest("task")

    def service_deployment(self) -> str:
        """21 letters and digits."""
        return self._digest("service-deployment")[:21]

    def service_revision(self) -> str:
        """19 digits."""
        return self._digits("service-revision")

    def deployment(self) -> str:
        """The id of an entry in DescribeServices' `deployments`."""
        return f"ecs-svc/{self._digits('deployment')}"

    def event(self) -> str:
        """The id of a service's event, a UUID."""
        text = self._digest("event")
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def hook(self, kind: str) -> str:
        """The id of a lifecycle hook that waits or runs; `kind` is "pause" or "lambda".

        The form: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
        """
        return f"ecs-{kind}-{self._digest('hook')[:16]}"

    def execution(self) -> str:
        """The id of one invocation of a hook, a UUID."""
        return f"{self._digest('execution')[:8]}-0000-4000-8000-000000000000"

    def address(self) -> str:
        """The private address of a task's network interface."""
        number = self._next("address")
        return f"10.0.{number // 250 % 250}.{number % 250 + 4}"

    def _next(self, kind: str) -> int:
        self._count[kind] += 1
        return self._count[kind]

    def _digest(self, kind: str) -> str:
        return hashlib.md5(f"{kind} {self._next(kind)}".encode(), usedforsecurity=False).hexdigest()

    def _digits(self, kind: str) -> str:
        return str(10**18 + int(self._digest(kind), 16) % (9 * 10**18))
