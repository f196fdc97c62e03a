"""The same answers over HTTP on loopback, for the packaged command and other programs.

    with serve(backend, advance=clock.sleep, speed=50) as url:
        subprocess.run([...], env=environment(backend, url))

While it serves, virtual time runs `speed` times as fast as the wall's.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.listener import LOOPBACK, Server
from roadworthy.testing.wire.session import ACCESS_KEY, SECRET_KEY

TICK = 0.01  # seconds of the wall between two steps of the clock

Advance = Callable[[float], object]


@contextlib.contextmanager
def serve(backend: Backend, advance: Advance, speed: float = 50.0) -> Iterator[str]:
    """Serve on a free port; yields the URL, for example `http://127.0.0.1:40123`.

    `advance` moves the virtual clock by so many seconds. When the block ends, the port is closed, every connection is
    dropped, and what a handler, a hook or the wire found wrong with the test meanwhile is raised.

    Raises:
        NotPlayedError, ShapeError: something was asked that nobody plays, or answered that AWS cannot answer.
    """
    server = Server(backend)
    driver = _Driver(advance, speed, server.faults)
    with _running(server.serve_forever, TICK), _running(driver.run):
        try:
            yield server.url
        finally:
            driver.stop()
            server.stop()
    if server.faults:
        raise server.faults[0]


def environment(backend: Backend, url: str) -> dict[str, str]:
    """The environment for a subprocess: this process's, without its AWS settings, and with those of the fake."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **mine,
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": backend.region,
        "AWS_DEFAULT_REGION": backend.region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }


@contextlib.contextmanager
def _running(target: Callable[..., None], *arguments: float) -> Iterator[None]:
    """A thread that has ended when the block has."""
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


class _Driver:
    """Moves the virtual clock along with the wall's."""

    def __init__(self, advance: Advance, speed: float, faults: list[Exception]) -> None:
        self._advance, self._speed, self._faults = advance, speed, faults
        self._stopped = threading.Event()

    def run(self) -> None:
        """Until stopped, or until a job of the clock fails."""
        before = time.monotonic()
        while not self._stopped.wait(TICK):
            now = time.monotonic()
            try:
                self._advance((now - before) * self._speed)
            except Exception as fault:
                self._faults.append(fault)
                return
            before = now

    def stop(self) -> None:
        """Stop after the step that it takes."""
        self._stopped.set()
