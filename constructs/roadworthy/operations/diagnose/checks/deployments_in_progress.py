"""Is one deployment at most in progress? Several pile up: ECS starts none beside five.

Source: https://github.com/aws/containers-roadmap/issues/2836
"""

from collections.abc import Iterator

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import WARNING, Problem
from roadworthy.operations.diagnose.stage import Stage, Step
from roadworthy.operations.ecs.service_deployment import FORWARD
from roadworthy.operations.errors import OperationError

MOST = 5  # unfinished deployments of a service


@check(
    "deployments-in-progress",
    step=Step.DEPLOYMENTS,
    stage=Stage.DEPLOYMENT,
    fact="no deployments pile up",
)
def find(live: Live) -> Iterator[Problem]:
    """Report deployments that are unfinished beside each other."""
    rollouts = live.service.rollouts
    moving = [each for each in rollouts if each.state == "IN_PROGRESS"]
    if len(rollouts) >= MOST:
        yield Problem(
            "deployment-pile-up",
            f"{len(rollouts)} deployments of the service are unfinished, and ECS starts no further one",
            "Wait until the older ones have stopped their tasks, or end the tasks' scale-in protection",
        )
    elif len(moving) > 1 and not _goes_back(live):
        names = ", ".join(f"`{each.task_definition.rpartition('/')[2]}`" for each in moving)
        yield Problem(
            "several-deployments",
            f"{len(moving)} deployments are in progress at the same time, of {names}",
            "Wait for the newest to end, and start no other meanwhile",
        )
    elif len(rollouts) == MOST - 1:
        yield Problem(
            "deployment-pile-up",
            f"{len(rollouts)} deployments of the service are unfinished, and ECS stops at {MOST}",
            "Wait until the older ones have stopped their tasks",
            WARNING,
        )


def _goes_back(live: Live) -> bool:
    """Whether a deployment is being stopped or rolled back: the one that brings the old back runs beside it."""
    try:
        return live.deployment is not None and live.deployment.status not in FORWARD
    except OperationError:
        return False
