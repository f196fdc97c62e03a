"""Do the log groups exist that the containers write to?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import online
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check("log-groups-exist", step=Step.START, stage=Stage.PREPARATION, fact="its log groups exist")
def find(live: Live) -> Iterable[Problem | Skipped]:
    """Report those that do not."""
    return online(live, "log-group-missing")
