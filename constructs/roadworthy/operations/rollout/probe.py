"""Asking a service all the time while it is rolled out: how long was it away?"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

EVERY = 0.25  # seconds between two questions
TIMEOUT = 2.0  # seconds until a question counts as not answered


@dataclass(frozen=True)
class Answered:
    """What was found.

    Attributes:
        asked: how many questions.
        failed: how many of them nobody answered well.
        downtime: the longest time without a good answer, in seconds: from the first bad answer to the next good one.
    """

    asked: int
    failed: int
    downtime: float


class Meter:
    """Counts answers, and the time between them. Pure: it is told what came and when."""

    def __init__(self) -> None:
        self._asked = self._failed = 0
        self._longest = 0.0
        self._down_since: float | None = None
        self._last = 0.0

    def take(self, at: float, *, well: bool) -> None:
        """An answer to a question that was asked `at` seconds."""
        self._asked += 1
        self._last = at
        if well:
            self._close(at)
        else:
            self._failed += 1
            self._down_since = at if self._down_since is None else self._down_since

    def result(self) -> Answered:
        """What was found so far; a service that is still away is so until the last question."""
        longest = max(self._longest, self._last - self._down_since) if self._down_since is not None else self._longest
        return Answered(self._asked, self._failed, longest)

    def _close(self, at: float) -> None:
        if self._down_since is not None:
            self._longest = max(self._longest, at - self._down_since)
            self._down_since = None


class Probe:
    """Asks from a thread of its own while it is entered."""

    def __init__(self, ask: Callable[[], bool], every: float = EVERY) -> None:
        """Ask by `ask`, which answers whether all is well, `every` so many seconds."""
        self._ask = ask
        self._every = every
        self._meter = Meter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="roadworthy-probe", daemon=True)

    def __enter__(self) -> "Probe":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._over.set()
        self._thread.join(TIMEOUT + self._every)

    def result(self) -> Answered:
        """What was found so far."""
        return self._meter.result()

    def _run(self) -> None:
        while not self._over.is_set():
            at = time.monotonic()
            self._meter.take(at, well=self._ask())
            self._over.wait(max(0.0, self._every - (time.monotonic() - at)))


def http(url: str) -> Callable[[], bool]:
    """A question: does the URL answer with a status below 500?

    Raises:
        ValueError: it is no http or https URL.
    """
    import http.client  # noqa: PLC0415 - slow to import, and seldom needed
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no http or https URL")
    request = urllib.request.Request(url, headers={"User-Agent": "roadworthy-probe"})  # noqa: S310 - see above

    def ask() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - see above
                return int(answer.status) < 500  # noqa: PLR2004
        except urllib.error.HTTPError as error:
            return error.code < 500  # noqa: PLR2004
        except (OSError, http.client.HTTPException):
            return False

    return ask
