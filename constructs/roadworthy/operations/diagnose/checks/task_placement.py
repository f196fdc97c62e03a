"""Does ECS find room, addresses and roles for the tasks?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "task-placement",
    step=Step.TASKS,
    stage=Stage.PLACEMENT,
    fact="ECS finds room for its tasks",
)
def find(live: Live) -> Iterable[Problem]:
    """Report why tasks were not placed, or were taken away."""
    return observed(live, Stage.PLACEMENT)
