"""Pages of a long answer."""

from collections.abc import Sequence
from typing import TypeVar

from roadworthy.testing.wire.errors import AwsError

Item = TypeVar("Item")
PREFIX = "page-from-"


def page(items: Sequence[Item], size: int, token: str | None, refusal: AwsError) -> tuple[list[Item], str | None]:
    """The items of one page, and the token of the next one; None after the last.

    Raises:
        AwsError: `refusal`, for a token that was never given.
    """
    start = _start(token, refusal)
    end = start + size
    return list(items[start:end]), f"{PREFIX}{end}" if end < len(items) else None


def _start(token: str | None, refusal: AwsError) -> int:
    if token is None:
        return 0
    number = token.removeprefix(PREFIX)
    if not token.startswith(PREFIX) or not (number.isascii() and number.isdecimal()):
        raise refusal
    return int(number)
