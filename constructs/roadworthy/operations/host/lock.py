"""One update of a service at a time on a host."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from roadworthy.operations.errors import BusyError, OperationError

try:
    import fcntl
except ImportError:  # Windows, where containers have no `--network host` to roll on
    fcntl = None  # type: ignore[assignment]


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Hold the service's lock. It goes with the process, however that ends.

    Raises:
        BusyError: another process holds it.
        OperationError: the lock's file cannot be opened.
    """
    descriptor = _open(os.path.join(tempfile.gettempdir(), f"roadworthy-rolling-update-{name}.lock"))
    try:
        _lock(descriptor, name)
        yield
    finally:
        os.close(descriptor)


def _open(file: str) -> int:
    """Open the file to read, which another user's file allows too; a link is not followed."""
    try:
        return os.open(file, os.O_RDONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OperationError(f"{file}: {why}: it keeps two updates apart, and must be a file to read") from None


def _lock(descriptor: int, name: str) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BusyError(f"another rolling update of {name} is in progress on this host: wait for its end") from None
