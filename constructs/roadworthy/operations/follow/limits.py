"""How long and how closely a deployment is followed."""

from dataclasses import dataclass

TIMEOUT = 15 * 60.0  # seconds; the time limit of a deployment unless told otherwise
POLL = 3.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long, how often, and what is done when it does not go well.

    Attributes:
        timeout: seconds from a deployment's start until it has taken too long.
        poll: seconds between two looks.
        rolls_back: whether a deployment that takes too long is rolled back.
        fail_fast: roll back after so many tasks failed in the same way; None: leave it to ECS.
    """

    timeout: float = TIMEOUT
    poll: float = POLL
    rolls_back: bool = True
    fail_fast: int | None = None
