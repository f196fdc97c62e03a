"""Does the service's log of events tell of trouble with deployments?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "service-events",
    step=Step.DEPLOYMENTS,
    stage=Stage.DEPLOYMENT,
    fact="no event tells of a deployment that is stuck",
)
def find(live: Live) -> Iterable[Problem]:
    """Report what keeps a deployment from going on."""
    return observed(live, Stage.DEPLOYMENT)
