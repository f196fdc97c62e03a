"""The function's settings, read from the environment once."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    """Names from NOTIFICATION_TABLE (`notification-records`) and DEAD_LETTER_QUEUE_URL (for poison)."""

    notification_table: str
    dead_letter_queue_url: str


@cache
def settings() -> Settings:
    """Parse the environment; raises RuntimeError that names the variable which is missing."""
    return Settings(
        notification_table=_required("NOTIFICATION_TABLE", "the table's name"),
        dead_letter_queue_url=_required("DEAD_LETTER_QUEUE_URL", "the URL of the SQS queue for poison records"),
    )


def _required(name: str, meaning: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise RuntimeError(f"environment variable {name} is missing: set it to {meaning}")
    return value
