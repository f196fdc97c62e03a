"""What can go wrong: on the side of AWS, which the client is told, and in the test, which is told by an assertion."""

from collections.abc import Mapping
from typing import Any


class AwsError(Exception):
    """What AWS answers instead: an error code, a message, and an HTTP status.

    `fields` are the members of the modelled exception beside its message, for example `{"resourceIds": [...]}`.
    """

    def __init__(self, code: str, message: str, status: int = 400, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})


class NotPlayedError(AssertionError):
    """The code under test asks AWS something that nobody plays. No request leaves the process."""


class ShapeError(AssertionError):
    """A handler answers what AWS cannot answer: an unknown member, a wrong type, a value that the enumeration lacks."""
