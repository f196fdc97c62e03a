"""Why a target is not healthy.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
"""

from collections.abc import Mapping

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.families.health import HEALTH
from roadworthy.operations.causes.values import values_of
from roadworthy.operations.causes.wording import cause_of_text

# The others are healthy, or on their way to be or to go.
SICK = ("unhealthy", "unused", "unavailable")
UNCHECKED = "Target.HealthCheckDisabled"


def cause_of_target(target_group: str, health: Mapping[str, str]) -> Cause | None:
    """Why the target does not get traffic; None when it does, and while it comes or goes.

    Args:
        target_group: its name.
        health: the `TargetHealth` of DescribeTargetHealth: `State`, `Reason`, `Description`.
    """
    reason, description = health.get("Reason", ""), health.get("Description", "")
    if health.get("State") not in SICK or reason == UNCHECKED:
        return None
    text = f"{health['State']} in {target_group}: {reason} {description}".strip()
    return cause_of_text(text, (HEALTH,), values_of(text, {"target_group": target_group}))
