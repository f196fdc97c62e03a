"""What makes ECS give a deployment up: its circuit breaker and its alarms."""

from collections.abc import Mapping
from math import ceil
from typing import Any

LEAST, MOST = 3, 200  # failed tasks, of a threshold that is bounded
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html


def breaker_threshold(configuration: Mapping[str, Any], desired: int) -> int | None:
    """How many failed tasks trigger the circuit breaker; None: there is none.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
    """
    breaker = configuration.get("deploymentCircuitBreaker", {})
    if not breaker.get("enable"):
        return None
    threshold = breaker.get("thresholdConfiguration", {})
    kind, value = threshold.get("type", "BOUNDED_PERCENT"), int(threshold.get("value", 50))
    if kind == "COUNT":
        return max(1, value)
    count = ceil(desired * value / 100)
    return max(1, count) if kind == "UNBOUNDED_PERCENT" else min(MOST, max(LEAST, count))


def breaker_rolls_back(configuration: Mapping[str, Any]) -> bool:
    """Whether the circuit breaker brings the last completed deployment back."""
    return bool(configuration.get("deploymentCircuitBreaker", {}).get("rollback"))


def alarm_names(configuration: Mapping[str, Any]) -> list[str]:
    """The alarms that are watched; none when they are not enabled."""
    alarms = configuration.get("alarms", {})
    return list(alarms.get("alarmNames", [])) if alarms.get("enable") else []


def alarms_roll_back(configuration: Mapping[str, Any]) -> bool:
    """Whether an alarm brings the last completed deployment back."""
    return bool(configuration.get("alarms", {}).get("rollback"))
