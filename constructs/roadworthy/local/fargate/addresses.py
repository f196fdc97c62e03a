"""Loopback addresses for tasks: what stands in for the subnet's network interfaces.

Each task listens on its container's port, so two tasks of one service need two addresses. Linux routes all of
127.0.0.0/8 to the loopback interface; the middle of the address is the emulator's port, so that two emulators on one
machine never meet.
"""

import threading

_FIRST, _LAST = 10, 254


class NoAddressError(RuntimeError):
    """All addresses are in use."""


class Addresses:
    """The addresses 127.x.y.10 to 127.x.y.254, where x.y is the emulator's port in two bytes."""

    def __init__(self, port: int) -> None:
        self._prefix = f"127.{port >> 8}.{port & 255}."
        self._used: set[int] = set()
        self._next = _FIRST
        self._lock = threading.Lock()

    def take(self) -> str:
        """The next free address; one that was given back is used again as late as possible.

        Raises:
            NoAddressError: 245 tasks run already.
        """
        with self._lock:
            for step in range(_LAST - _FIRST + 1):
                number = _FIRST + (self._next - _FIRST + step) % (_LAST - _FIRST + 1)
                if number not in self._used:
                    self._used.add(number)
                    self._next = number + 1
                    return f"{self._prefix}{number}"
        raise NoAddressError(f"the subnet has no free addresses: {len(self._used)} tasks run")

    def give_back(self, address: str) -> None:
        """The task at `address` has ended."""
        with self._lock:
            self._used.discard(int(address.rsplit(".", 1)[1]))
