"""Lists in pages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from roadworthy.testing.wire.backend import AwsError

Item = TypeVar("Item")
MOST = 100  # of most lists of ECS


def page(items: Sequence[Item], parameters: Mapping[str, Any], *, usual: int = MOST) -> tuple[list[Item], str | None]:
    """The items of the page that is asked for, and the token of the next one; None when it is the last.

    Raises:
        AwsError: InvalidParameterException, for a page of no item or more than 100, or an unknown token.
    """
    size, token = parameters.get("maxResults") or usual, parameters.get("nextToken")
    if not 1 <= size <= MOST:
        raise AwsError("InvalidParameterException", f"maxResults must be between 1 and {MOST}.")
    start = _start(token, len(items)) if token else 0
    following = start + size
    return list(items[start:following]), f"page-{following}" if following < len(items) else None


def _start(token: str, count: int) -> int:
    _, _, number = token.partition("page-")
    if not number.isdecimal() or int(number) > count:
        raise AwsError("InvalidParameterException", "Invalid token.")
    return int(number)


def at_most(items: Sequence[object], most: int, what: str) -> None:
    """Refuse a call that names too much.

    Raises:
        AwsError: InvalidParameterException.
    """
    if not items:
        raise AwsError("InvalidParameterException", f"{what.capitalize()} cannot be empty.")
    if len(items) > most:
        raise AwsError("InvalidParameterException", f"{what} can have at most {most} items.")
