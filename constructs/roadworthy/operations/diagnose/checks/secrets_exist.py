"""Do the secrets and parameters exist that the containers get?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import online
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "secrets-exist",
    step=Step.START,
    stage=Stage.PREPARATION,
    fact="its secrets and parameters exist",
)
def find(live: Live) -> Iterable[Problem | Skipped]:
    """Report those that do not; no value is read."""
    return online(live, "secret-or-parameter-missing")
