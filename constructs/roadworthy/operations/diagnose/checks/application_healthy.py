"""Do the containers pass their own health checks, and the load balancer's?"""

from collections.abc import Iterable, Iterator

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import also, observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step

UNHEALTHY = "UNHEALTHY"


@check(
    "application-healthy",
    step=Step.HEALTH,
    stage=Stage.HEALTH,
    fact="no task was stopped because it was unhealthy, and none is",
)
def find(live: Live) -> Iterable[Problem]:
    """Report tasks that are unhealthy, or were stopped for it."""
    return also(observed(live, Stage.HEALTH), list(_sick(live)))


def _sick(live: Live) -> Iterator[Problem]:
    names = [each.name for task in live.running for each in task.containers if each.health == UNHEALTHY]
    for name in dict.fromkeys(names):
        yield Problem(
            "container-unhealthy",
            f"the health check of container `{name}` fails",
            "Run the health check's command in the container, and read its log",
            evidence=UNHEALTHY,
            times=names.count(name),
        )
