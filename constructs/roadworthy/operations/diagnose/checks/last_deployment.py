"""Did the last deployment succeed?

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from collections.abc import Iterator

from roadworthy.operations.causes import cause_of_deployment, cause_of_event
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import ERROR, WARNING, Problem, Skipped
from roadworthy.operations.diagnose.stage import Stage, Step
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.errors import OperationError

FAILED, ECS = "FAILED", "ECS"
FAILED_WORDS = "the last deployment failed"
# What is told of one that did not end as it was meant to.
STATUSES = {
    "ROLLBACK_SUCCESSFUL": "the last deployment was rolled back",
    "ROLLBACK_IN_PROGRESS": "the deployment is being rolled back",
    "ROLLBACK_REQUESTED": "the deployment is about to be rolled back",
    "ROLLBACK_FAILED": "the last deployment failed, and ECS could not roll it back",
    "STOP_REQUESTED": "the deployment is being stopped",
    "STOPPED": "the last deployment was stopped",
}


@check(
    "last-deployment",
    step=Step.DEPLOYMENTS,
    stage=Stage.DEPLOYMENT,
    fact="the last deployment succeeded, or goes on",
)
def find(live: Live) -> Iterator[Problem | Skipped]:
    """Report a deployment that failed, was rolled back or stopped, or waits for somebody."""
    told: list[Problem] = []
    try:
        told += _of(live.deployment) if live.service.controller == ECS and live.deployment else []
    except OperationError:
        yield from _of_rollout(live)
        raise
    yield from told or _of_rollout(live)
    if live.service.controller != ECS:
        yield Skipped(f"{live.service.controller} deploys the service")


def _of_rollout(live: Live) -> Iterator[Problem]:
    """What DescribeServices tells of the newest deployment, which is less."""
    if live.primary and live.primary.state == FAILED and (cause := cause_of_event(live.primary.reason)):
        yield Problem(cause.kind, f"{FAILED_WORDS}: {cause.what}", cause.next_step, evidence=cause.evidence)


def _of(deployment: ServiceDeployment) -> Iterator[Problem]:
    if hook := deployment.paused:
        yield Problem(
            "deployment-paused",
            f"the deployment waits for an approval, hook `{hook.id}`",
            "Continue or reject it: `roadworthy rollout --help`",
            WARNING,
        )
    cause = cause_of_deployment(deployment)
    if cause and cause.kind != "replaced":
        status = STATUSES.get(deployment.status, f"the deployment is {deployment.status}")
        what = status if cause.kind == "rollback-failed" else f"{status}: {cause.what}"
        severity = WARNING if deployment.status in {"STOPPED", "STOP_REQUESTED"} else ERROR
        yield Problem(cause.kind, what, cause.next_step, severity, cause.evidence)
