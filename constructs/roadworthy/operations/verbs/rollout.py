"""`rollout continue` and `reject`: the answer for which a deployment waits at a pause.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
"""

from functools import partial

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service_deployment import LIVE, Hook, ServiceDeployment
from roadworthy.operations.errors import NotFoundError, OperationError
from roadworthy.operations.follow.drive import Start
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.follow.start import Started, found
from roadworthy.operations.place import Target

CONTINUE, ROLLBACK = "CONTINUE", "ROLLBACK"


def live_deployment(target: Target) -> ServiceDeployment:
    """The deployment that goes on, with its stage and hooks.

    Raises:
        NotFoundError: none does.
    """
    listed = target.cluster.deployments_of(target.name, *LIVE)
    deployments = target.cluster.deployments([each.arn for each in listed[:1]])
    if not deployments:
        raise NotFoundError(f"{target.words}: no deployment is in progress; `roadworthy history` lists those that were")
    return next(iter(deployments.values()))


def answer(target: Target, clock: Clock, action: str) -> Start:
    """Answer the pause of a service's deployment, to be driven on.

    Raises:
        NotFoundError: no deployment is in progress, or it waits for nobody.
    """
    deployment = live_deployment(target)
    hook = deployment.paused
    if hook is None:
        raise NotFoundError(
            f"{target.words}: deployment {deployment.id} waits for no answer: it is in {deployment.stage}"
        )
    wanted = Outcome.SUCCEEDED if action == CONTINUE else Outcome.ROLLED_BACK
    return Start(target, partial(_answer, target, clock, deployment, hook, action), wanted=wanted)


def _answer(target: Target, clock: Clock, deployment: ServiceDeployment, hook: Hook, action: str) -> Started:
    aws = target.cluster.aws
    aws.call("ecs", "continue_service_deployment", serviceDeploymentArn=deployment.arn, hookId=hook.id, action=action)
    started = found(target, target.cluster.service(target.name), deployment, clock)
    if started is None:
        raise OperationError("ECS names no deployment of it")
    return started
