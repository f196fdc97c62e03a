"""Doing many things at a time, such that Ctrl-C ends it at once and the first error keeps the rest from starting.

The executors of `concurrent.futures` do neither: they wait for what has begun, also when the process is to end, and a
call to an AWS that cannot be reached takes minutes.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

SLICE = 0.2  # seconds until Ctrl-C is noticed, whichever thread the system tells of it


def each(function: Callable[[Item], Result], items: Sequence[Item], workers: int) -> list[Result]:
    """The results of `function` on each item, in order; at most `workers` of them go on at a time.

    Raises:
        Exception: of the first item that failed. No item is begun afterwards; those that go on are waited for.
    """
    if len(items) < 2:  # noqa: PLR2004 - one needs no thread
        return [function(item) for item in items]
    return _Work(function, items).done_by(min(workers, len(items)))


class _Work(Generic[Item, Result]):
    """Items, their results, and what went wrong."""

    def __init__(self, function: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._function = function
        self._todo = iter(enumerate(items))
        self._results: dict[int, Result] = {}
        self._errors: dict[int, BaseException] = {}
        self._ended = False
        self._lock = threading.Lock()

    def done_by(self, workers: int) -> list[Result]:
        """All results, by so many threads; a process that ends waits for none of them."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(SLICE)
        finally:
            self._ended = True
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._results[number] for number in sorted(self._results)]

    def _work(self) -> None:
        while (task := self._next()) is not None:
            number, item = task
            try:
                self._results[number] = self._function(item)
            except BaseException as error:  # it is raised where the results are waited for
                self._errors[number] = error
                self._ended = True

    def _next(self) -> tuple[int, Item] | None:
        with self._lock:
            return None if self._ended else next(self._todo, None)
