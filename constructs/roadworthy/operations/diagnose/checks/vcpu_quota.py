"""Does the account's quota of vCPUs on Fargate hold a deployment of this service?

Other services are not counted, so that it can be too small all the same; then events of ECS say so.
Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
"""

from collections.abc import Iterator

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step

ON_DEMAND, SPOT = "L-3032A538", "L-36FBB829"  # vCPUs that run on Fargate at the same time
UNITS = 1024  # of CPU are a vCPU


@check(
    "vcpu-quota",
    step=Step.LIMITS,
    stage=Stage.PLACEMENT,
    fact="the quota of vCPUs is large enough for a deployment",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report a service that alone needs more than the account may run."""
    needed, code = _needed(live), _quota(live)
    if code is None or not needed:
        yield Skipped("it does not run on Fargate alone" if code is None else "its tasks have no size")
        return
    answer = live.aws.call("service-quotas", "get_service_quota", ServiceCode="fargate", QuotaCode=code)
    value = float(answer["Quota"]["Value"])
    if needed > value:
        yield Problem(
            "quota-reached",
            f"a deployment of the service needs {needed:g} vCPUs, and the account's quota is {value:g}",
            f"Raise quota {code} of Fargate in Service Quotas, or run fewer tasks",
        )


def _needed(live: Live) -> float:
    """The most vCPUs that a deployment of the service runs at the same time."""
    configuration = live.service.raw.get("deploymentConfiguration") or {}
    rolling = live.service.strategy == "ROLLING"
    percent = configuration.get("maximumPercent", 200) if rolling else 200
    tasks = max(live.service.desired * percent // 100, live.service.desired)
    units = str(live.definition.get("cpu") or "")
    return tasks * int(units) / UNITS if units.isdecimal() else 0.0


def _quota(live: Live) -> str | None:
    strategy = live.service.raw.get("capacityProviderStrategy") or []
    providers = {each.get("capacityProvider") for each in strategy} or {live.service.raw.get("launchType")}
    return {"FARGATE": ON_DEMAND, "FARGATE_SPOT": SPOT}.get(providers.pop() or "") if len(providers) == 1 else None
