"""Are the deployment's alarms there, and not red? One that is red when a deployment starts is ignored throughout.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from collections.abc import Iterator

from roadworthy.operations.diagnose.by_rules import online
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "deployment-alarms",
    step=Step.LIMITS,
    stage=Stage.AFTERMATH,
    fact="its deployment alarms exist, and none is red",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report alarms that are red, or that do not exist."""
    configuration = live.service.raw.get("deploymentConfiguration") or {}
    if not (configuration.get("alarms") or {}).get("alarmNames"):
        yield Skipped("it has no deployment alarms")
        return
    yield from online(live, "deployment-alarm-in-alarm", "deployment-alarm-unknown")
