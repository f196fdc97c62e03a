"""Was the image pulled?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.observed import observed
from roadworthy.operations.diagnose.problem import Problem
from roadworthy.operations.diagnose.stage import Stage, Step


@check("image-pulled", step=Step.IMAGE, stage=Stage.IMAGE, fact="no task failed to pull its image")
def find(live: Live) -> Iterable[Problem]:
    """Report why tasks could not pull."""
    return observed(live, Stage.IMAGE)
