"""Do the container's health check, the target group's, the grace period and the port fit together?"""

from collections.abc import Iterator

from roadworthy.operations.diagnose.by_rules import by_rules
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step
from roadworthy.operations.errors import AccessDeniedError

RULES = frozenset(
    {
        "grace-period-too-short",
        "health-check-matcher",
        "health-check-path-mismatch",
        "health-check-port-mismatch",
        "health-check-timing-invalid",
        "healthcheck-cannot-fail",
        "healthcheck-command-form",
        "healthcheck-port-not-exposed",
        "healthcheck-range",
        "healthcheck-timeout-exceeds-interval",
        "healthcheck-tool-missing",
        "lb-container-name-mismatch",
        "lb-container-port-mismatch",
        "lb-target-container-not-essential",
        "port-env-mismatch",
        "target-group-protocol-suspect",
        "target-type-not-ip",
    }
)


@check(
    "health-checks-agree",
    step=Step.HEALTH_CHECKS,
    stage=Stage.CONFIGURATION,
    fact="container, target group and grace period agree",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report paths, ports and times that contradict each other."""
    yield from by_rules(live, RULES.__contains__)
    try:
        _ = live.target_groups
    except AccessDeniedError as error:
        yield Skipped(f"its target groups are not known: the credentials lack {error.action}", error.action)
