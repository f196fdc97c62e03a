"""One container of a task as a local process, in the shape of the Docker SDK's container.

https://docker-py.readthedocs.io/en/stable/containers.html#container-objects
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

# Between leaving the load balancer and SIGTERM: requests on their way arrive. ECS waits the target group's
# deregistration delay here (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html).
_DRAIN_SECONDS = 0.3


class Container:
    """A running or ended process, with what it wrote.

    Attributes:
        id: 64 hexadecimal digits, as Docker's.
        address: the loopback address that it listens on.
        environment: the variables that it was started with.
        attrs: Docker's inspection document, as far as ECS reads it.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        environment: Mapping[str, str],
        address: str,
        stop_timeout: float,
        on_end: Callable[["Container"], None],
    ) -> None:
        """Start the process.

        Raises:
            OSError: the command or the folder does not exist.
        """
        self.id = (uuid.uuid4().hex + uuid.uuid4().hex)[:64]
        self.address = address
        self.environment = dict(environment)
        self.cwd = cwd
        self.attrs: dict[str, Any] = {"NetworkSettings": {"Networks": {"awsvpc": {"IPAddress": address}}}, "State": {}}
        self._stop_timeout = stop_timeout
        self._on_end = on_end
        self._lines: list[bytes] = []
        self._ended = False
        self._news = threading.Condition()
        # A session of its own, so that a stop reaches the workers that the command may fork.
        self._process = subprocess.Popen(
            argv, cwd=cwd, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.group = self._process.pid

    def begin(self) -> None:
        """Collect the output and wait for the end from now on; called once its owner has registered it."""
        threading.Thread(target=self._collect, daemon=True).start()
        threading.Thread(target=self._wait_for_end, daemon=True).start()

    def _collect(self) -> None:
        output = self._process.stdout
        assert output is not None
        for line in output:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _wait_for_end(self) -> None:
        self._process.wait()
        self._signal(signal.SIGKILL)  # what it forked ends with it, as a container's processes do
        self._on_end(self)

    @property
    def status(self) -> str:
        """`running` or `exited`."""
        return "running" if self._process.poll() is None else "exited"

    def reload(self) -> None:
        """Bring `attrs` up to date."""
        code = self._process.poll()
        self.attrs["State"] = {"Running": code is None, "ExitCode": _exit_code(code), "Status": self.status}

    def wait(self, **_: Any) -> dict[str, int]:
        """Wait for the end; a process that a signal ended counts 128 + its number, as in Docker."""
        return {"StatusCode": _exit_code(self._process.wait())}

    def logs(self, *, stream: bool = False, tail: int | str = "all", **_: Any) -> bytes | Iterator[bytes]:
        """What the process wrote: all of it, its last `tail` lines, or a stream that ends with the process."""
        if stream:
            return self._follow()
        with self._news:
            return b"".join(self._lines[-tail:] if isinstance(tail, int) else self._lines)

    def _follow(self) -> Iterator[bytes]:
        seen = 0
        while True:
            with self._news:
                self._news.wait_for(lambda: len(self._lines) > seen or self._ended)  # noqa: B023 - called at once
                fresh, seen, ended = self._lines[seen:], len(self._lines), self._ended
            yield from fresh
            if ended and not fresh:
                return

    def stop(self, *, drain: bool = True, **_: Any) -> None:
        """SIGTERM, then SIGKILL after the container's stop timeout (ECS: 30 s unless `stopTimeout` says otherwise).

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
        """
        if self._process.poll() is not None:
            return
        if drain:
            time.sleep(_DRAIN_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(self._stop_timeout)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def remove(self, **_: Any) -> None:
        """Docker's removal of a stopped container: nothing is left to remove."""

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.group, number)


def _exit_code(code: int | None) -> int:
    if code is None:
        return 0
    return 128 - code if code < 0 else code
