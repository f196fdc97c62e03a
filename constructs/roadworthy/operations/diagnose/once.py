"""Questions that are asked once, whoever asks them, and from however many threads."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Once:
    """The answers so far, failures too."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def __call__(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question; who comes later waits for who asked first.

        Raises:
            Exception: what `ask` raised, each time.
        """
        with self._lock:
            first = question not in self._answers
            future: Future[Answer] = self._answers.setdefault(question, Future())
        if first:
            try:
                future.set_result(ask())
            except Exception as error:
                future.set_exception(error)
        return future.result()
