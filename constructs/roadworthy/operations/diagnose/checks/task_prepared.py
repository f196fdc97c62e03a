"""Did ECS get what a task needs before it starts: secrets, log groups, file systems, and the permissions for them?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "task-prepared",
    step=Step.START,
    stage=Stage.PREPARATION,
    fact="no task lacked a secret, a log group or a permission",
)
def find(live: Live) -> Iterable[Problem]:
    """Report what tasks lacked."""
    return observed(live, Stage.PREPARATION)
