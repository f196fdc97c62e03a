"""Are the targets healthy, in the load balancer's eyes?

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
"""

from collections.abc import Iterator

from roadworthy.operations.causes import Cause, cause_of_target
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live, Raw
from roadworthy.operations.diagnose.problem import ERROR, WARNING, Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step


@check(
    "targets-healthy",
    step=Step.HEALTH,
    stage=Stage.HEALTH,
    fact="its targets are healthy, or on their way",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report targets that are not, with the reason codes explained."""
    arns = live.service.target_groups
    if not arns:
        yield Skipped("it has no load balancer")
        return
    answers = live.aws.each(lambda arn: _targets(live, arn), arns)
    for arn, targets in zip(arns, answers, strict=True):
        yield from _of(live, _name(arn), targets)
    if not any(answers) and live.is_steady and live.service.running:
        names = ", ".join(f"`{_name(arn)}`" for arn in arns)
        yield Problem(
            "targets-missing",
            f"tasks run, but target group {names} has no target",
            "See that nobody but ECS changes the target group, and that its role may register targets",
        )


def _targets(live: Live, arn: str) -> list[Raw]:
    answer = live.aws.call("elbv2", "describe_target_health", TargetGroupArn=arn)
    return list(answer.get("TargetHealthDescriptions", []))


def _of(live: Live, name: str, targets: list[Raw]) -> Iterator[Problem]:
    causes = [cause for each in targets if (cause := cause_of_target(name, each.get("TargetHealth") or {}))]
    for cause in dict.fromkeys(causes):
        what = f"{cause.what}: {causes.count(cause)} of {len(targets)} targets"
        yield Problem(cause.kind, what, cause.next_step, _severity(live, cause), cause.evidence)


def _severity(live: Live, cause: Cause) -> str:
    """Within the grace period ECS takes no notice of it either."""
    if not live.primary or live.primary.state != "IN_PROGRESS" or not live.primary.created:
        return ERROR
    grace = float(live.service.raw.get("healthCheckGracePeriodSeconds") or 0)
    young = live.clock.now() - live.primary.created.timestamp() < grace
    return WARNING if young and cause.kind == "target-unhealthy" else ERROR


def _name(arn: str) -> str:
    return arn.partition(":targetgroup/")[2].partition("/")[0] or arn
