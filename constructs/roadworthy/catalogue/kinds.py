"""The kinds of services, and which keys each takes."""

from typing import NamedTuple

_EVERY = ("name", "cluster", "repository", "container", "cpu", "memory", "active")
_SEVERAL = ("desired", "min", "max")


class Kind(NamedTuple):
    """One kind of service.

    Attributes:
        takes: the keys that it takes beside `kind` and `environments`.
        requires: those of them that have no default.
        tasks: how many tasks run where nothing says it.
    """

    takes: tuple[str, ...]
    requires: tuple[str, ...] = ()
    tasks: int = 1


KINDS = {
    # Answers HTTP behind a load balancer.
    "http": Kind((*_EVERY, *_SEVERAL, "port", "health_path"), requires=("port",), tasks=2),
    # Works without being called.
    "worker": Kind((*_EVERY, *_SEVERAL)),
    # Must never run twice: one task, always.
    "singleton": Kind(_EVERY),
    # Listens on a port that is not HTTP.
    "tcp": Kind((*_EVERY, *_SEVERAL, "port"), requires=("port",), tasks=2),
    # Runs at its times and ends: no task is kept running.
    "scheduled": Kind((*_EVERY, "schedule"), requires=("schedule",), tasks=0),
}


def kinds_taking(key: str) -> list[str]:
    """The kinds that take this key."""
    return [name for name, kind in KINDS.items() if key in kind.takes]
