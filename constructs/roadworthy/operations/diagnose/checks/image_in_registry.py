"""Does ECR have the image, for the processor of the task?"""

from collections.abc import Iterable

from roadworthy.operations.diagnose.by_rules import online
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "image-in-registry",
    step=Step.IMAGE,
    stage=Stage.IMAGE,
    fact="its images in ECR exist, for its processor",
)
def find(live: Live) -> Iterable[Problem | Skipped]:
    """Report tags, digests and platforms that ECR does not have."""
    return online(live, "image-tag-missing", "image-platform-mismatch")
