"""Times as callers give them."""

from datetime import UTC, datetime
from typing import Any


def seconds(given: Any) -> float | None:
    """Seconds since 1970; without a zone it is UTC, as botocore sends it."""
    if given is None or isinstance(given, int | float):
        return given
    if isinstance(given, str):
        given = datetime.fromisoformat(given)
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    return float(aware.timestamp())
