"""Container health checks: the task definition's command, run for real.

Lack: ministack keeps `healthCheck` as a record.
Effect: a health check that can never pass is noticed only in AWS.
Shim: the command runs in the container's folder with the container's variables; `retries` failures in a row make it
    UNHEALTHY. Task-health asks here.
Faithful: CMD and CMD-SHELL, exit code, timeout and retries. `localhost` and `127.0.0.1` in it become the task's
    address, since a process has no network namespace of its own. The programs are this machine's: a `curl` that the
    image lacks may be found here, and the other way round. Intervals run ten times faster; the checks begin when the
    image's port is open, at the latest after 30 s.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""

import re
import socket
import subprocess
import threading
import time
from types import TracebackType
from typing import Any, Self

from roadworthy.local.clock import SPEED, STARTUP_SECONDS

_LOOPBACK = re.compile(r"\b(localhost|127\.0\.0\.1)\b|\[::1\]")


class ContainerHealth:
    """The health of a task's containers; checks run while it is open.

    Attributes:
        statuses: per container UNKNOWN (it has no check), PENDING, HEALTHY or UNHEALTHY.
    """

    def __init__(self, containers: list[tuple[dict[str, Any], Any]]) -> None:
        self._containers = containers
        self.statuses = ["PENDING" if _command(one) else "UNKNOWN" for one, _process in containers]
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        for index, (definition, process) in enumerate(self._containers):
            if _command(definition):
                arguments = (index, definition, process)
                threading.Thread(target=self._check, args=arguments, name="container-health", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()

    @property
    def status(self) -> str:
        """The task's: the worst of its containers'."""
        return next((one for one in ("UNHEALTHY", "PENDING", "HEALTHY") if one in self.statuses), "UNKNOWN")

    def _check(self, index: int, definition: dict[str, Any], process: Any) -> None:
        settings = definition["healthCheck"]
        interval, retries = float(settings.get("interval") or 30) / SPEED, int(settings.get("retries") or 3)
        self._wait_for_port(definition, process.address)
        failures = 0
        while not self._closed.is_set():
            failures = 0 if _passes(definition, process) else failures + 1
            if failures == 0:
                self.statuses[index] = "HEALTHY"
            elif failures >= retries:
                self.statuses[index] = "UNHEALTHY"
            self._closed.wait(interval)

    def _wait_for_port(self, definition: dict[str, Any], address: str) -> None:
        ports = [int(one["containerPort"]) for one in definition.get("portMappings") or []]
        end = time.monotonic() + STARTUP_SECONDS
        while ports and time.monotonic() < end and not self._closed.wait(0.1):
            with socket.socket() as probe:
                if probe.connect_ex((address, ports[0])) == 0:
                    return


def _command(definition: dict[str, Any]) -> list[str]:
    """The words to run; empty when there is no check."""
    words = list((definition.get("healthCheck") or {}).get("command") or [])
    if not words or words[0] == "NONE":
        return []
    return ["/bin/sh", "-c", *words[1:]] if words[0] == "CMD-SHELL" else words[words[0] == "CMD" :]


def _passes(definition: dict[str, Any], process: Any) -> bool:
    words = [_LOOPBACK.sub(process.address, word) for word in _command(definition)]
    timeout = float(definition["healthCheck"].get("timeout") or 5)
    try:
        done = subprocess.run(
            words, cwd=process.cwd, env=process.environment, timeout=timeout, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
