"""Did the application start, and go on?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step


@check("application-started", step=Step.START, stage=Stage.START, fact="no container ended by itself")
def find(live: Live) -> Iterable[Problem]:
    """Report containers that ended, with their last lines."""
    return observed(live, Stage.START)
