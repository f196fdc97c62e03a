"""The stages of a blue/green, canary or linear deployment.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from roadworthy.local.clock import BAKE_SECONDS_PER_MINUTE
from roadworthy.local.deployments import hooks
from roadworthy.local.deployments.groups import ALL, shift
from roadworthy.local.shims.internals import ecs

if TYPE_CHECKING:
    from roadworthy.local.deployments.rollout import Rollout


def go_through(rollout: "Rollout") -> None:
    """Bring green up beside blue, and give it the traffic; a minute of bake time is a second."""
    record = rollout.record
    if record.blue:
        shift(record, "production", 0.0)
        shift(record, "test", 0.0)
    _stage(rollout, "PRE_SCALE_UP")
    _scale_up(rollout)
    _stage(rollout, "POST_SCALE_UP")
    shift(record, "test", ALL)
    _stage(rollout, "TEST_TRAFFIC_SHIFT")
    _stage(rollout, "POST_TEST_TRAFFIC_SHIFT")
    for percent in _steps(record.configuration) if record.blue else [ALL]:
        _stage(rollout, "PRE_PRODUCTION_TRAFFIC_SHIFT")
        shift(record, "production", percent)
        _stage(rollout, "PRODUCTION_TRAFFIC_SHIFT")
        if percent < ALL:
            rollout.wait(BAKE_SECONDS_PER_MINUTE * _step_minutes(record.configuration))
    _stage(rollout, "POST_PRODUCTION_TRAFFIC_SHIFT")
    record.stage = "BAKE_TIME"
    rollout.wait(BAKE_SECONDS_PER_MINUTE * float(record.configuration.get("bakeTimeInMinutes", 0)))
    record.stage, record.may_finish = "CLEAN_UP", True
    ecs._complete_service_deployment(rollout.cluster, record.key)


def go_back(rollout: "Rollout") -> None:
    """Give blue all of the traffic."""
    shift(rollout.record, "production", 0.0)
    shift(rollout.record, "test", 0.0)


def _stage(rollout: "Rollout", stage: str) -> None:
    rollout.record.stage = stage
    hooks.call_all(rollout, stage)


def _scale_up(rollout: "Rollout") -> None:
    record = rollout.record
    record.stage, record.may_start = "SCALE_UP", True
    ecs._reconcile_service_tasks(rollout.cluster, record.key)
    rollout.until(lambda: _healthy(record.entry["id"]) >= ecs._services[record.key]["desiredCount"])


def _healthy(deployment: str) -> int:
    """How many tasks of a deployment have passed their health checks."""
    mine = (task for task in list(ecs._tasks.values()) if task.get("_deployment_id") == deployment)
    return sum(task.get("lastStatus") == "RUNNING" and bool(task.get("_startup_stable")) for task in mine)


def _steps(configuration: Mapping[str, Any]) -> Iterator[float]:
    """Green's share of the traffic after each step, in percent."""
    strategy = configuration.get("strategy")
    if strategy == "CANARY":
        yield float((configuration.get("canaryConfiguration") or {}).get("canaryPercent", 5))
    step = float((configuration.get("linearConfiguration") or {}).get("stepPercent", 10))
    share = step
    while strategy == "LINEAR" and share < ALL:
        yield share
        share += step
    yield ALL


def _step_minutes(configuration: Mapping[str, Any]) -> float:
    canary, linear = (configuration.get(f"{name}Configuration") or {} for name in ("canary", "linear"))
    if configuration.get("strategy") == "CANARY":
        return float(canary.get("canaryBakeTimeInMinutes", 10))
    return float(linear.get("stepBakeTimeInMinutes", 6))
