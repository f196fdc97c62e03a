"""Asking the versions over HTTP. No proxy is used, whatever the environment names: they are on the host itself."""

import http.client
import socket
from dataclasses import dataclass
from typing import Protocol

GOOD = range(200, 400)
TIMEOUT = 2.0  # seconds until a question counts as not answered


class Web(Protocol):
    """Who can be asked."""

    def status(self, port: int, path: str) -> int | None:
        """The status of the answer to GET; None: there was none."""

    def listens(self, port: int) -> bool:
        """Whether anybody takes connections."""


@dataclass(frozen=True)
class Address:
    """A host.

    Attributes:
        host: its name or address.
        timeout: seconds until a question counts as not answered.
    """

    host: str = "127.0.0.1"
    timeout: float = TIMEOUT

    def status(self, port: int, path: str) -> int | None:
        """The status of the answer to GET; None: there was none."""
        connection = http.client.HTTPConnection(self.host, port, timeout=self.timeout)
        try:
            connection.request("GET", path, headers={"User-Agent": "roadworthy", "Connection": "close"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError):  # ValueError: a status line that is none
            return None
        finally:
            connection.close()

    def listens(self, port: int) -> bool:
        """Whether anybody takes connections."""
        try:
            with socket.create_connection((self.host, port), self.timeout):
                return True
        except OSError:
            return False
