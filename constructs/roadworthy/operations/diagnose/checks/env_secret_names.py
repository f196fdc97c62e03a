"""Is each name in `environment` or in `secrets` once? ECS refuses the next task definition otherwise."""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import by_rules
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step

RULES = frozenset({"duplicate-environment-name", "env-secret-collision", "secret-entry-form"})


@check(
    "env-secret-names",
    step=Step.DEFINITION,
    stage=Stage.CONFIGURATION,
    fact="each name is in environment or in secrets, once",
)
def find(live: Live) -> Iterable[Problem]:
    """Report names that are there twice."""
    return by_rules(live, RULES.__contains__)
