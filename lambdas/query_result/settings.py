"""The function's settings, read from the environment once."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    """`notification_table` is the name of the table `notification-records` (variable NOTIFICATION_TABLE)."""

    notification_table: str


@cache
def settings() -> Settings:
    """Parse the environment; raises RuntimeError that names the variable which is missing."""
    table = os.environ.get("NOTIFICATION_TABLE", "").strip()
    if not table:
        raise RuntimeError("environment variable NOTIFICATION_TABLE is missing: set it to the table's name")
    return Settings(notification_table=table)
