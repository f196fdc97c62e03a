"""What to answer before a step: go on, or hold until the time at this stop is over.

What was held so far is kept in the answer's details, which ECS hands back to the same hook in the same deployment:
the stop, and since when. So nothing is stored anywhere.
"""

from collections.abc import Mapping
from typing import Any

from deployment_hook import hook
from deployment_hook.hook import Answer, Invocation
from deployment_steps.settings import Settings, in_tenths

_HUNDRED = 100
_AT, _SINCE = "heldAt", "heldSince"


def answer(invocation: Invocation, chosen: Settings, now: float) -> Answer:
    """Before a step whose deployment has come to a stop: hold there; at any other step: go on."""
    weight = invocation.production_weights.get(invocation.revision, 0)
    reached = in_tenths(weight) if 0 < weight < _HUNDRED else 0
    if reached not in chosen.stops:
        return hook.succeeded()
    since = _held_since(invocation.details, reached, now)
    left = since + chosen.hold_seconds - now
    if left <= 0:
        return hook.succeeded()
    delay = max(1, min(chosen.poll_seconds, round(left)))
    return hook.again(delay, {_AT: reached, _SINCE: since})


def _held_since(details: Mapping[str, Any], reached: int, now: float) -> float:
    """When this stop was first seen: now, unless the details say so of this stop."""
    since = details.get(_SINCE)
    if details.get(_AT) != reached or isinstance(since, bool) or not isinstance(since, int | float):
        return now
    return since if 0 < since <= now else now
