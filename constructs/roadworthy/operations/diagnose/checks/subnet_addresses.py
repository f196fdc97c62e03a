"""Do the subnets have an address for each task that a deployment starts?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import online
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "subnet-addresses",
    step=Step.NETWORK,
    stage=Stage.PLACEMENT,
    fact="its subnets have addresses for another deployment",
)
def find(live: Live) -> Iterable[Problem | Skipped]:
    """Report subnets that have not."""
    return online(live, "subnet-ip-exhaustion")
