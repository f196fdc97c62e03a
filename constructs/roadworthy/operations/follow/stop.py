"""Asking ECS to roll a deployment back.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
"""

from roadworthy.operations.errors import NoAwsError, OperationError
from roadworthy.operations.follow.events import Noted
from roadworthy.operations.follow.start import Started

HOPELESS = 5  # refusals after which it is not asked again


def ask_to_roll_back(started: Started, why: str) -> tuple[int, Noted]:
    """Ask; the answer is how far that is from HOPELESS (0: ECS accepted it), and what to tell of it.

    A deployment that has just ended is none to roll back; an AWS that cannot be reached is asked again.
    """
    if started.deployment is None:
        return HOPELESS, Noted(started.target, f"{why}, but ECS names no deployment that could be rolled back", "error")
    aws = started.target.cluster.aws
    try:
        aws.call("ecs", "stop_service_deployment", serviceDeploymentArn=started.deployment, stopType="ROLLBACK")
    except OperationError as error:
        refusals = 1 if isinstance(error, NoAwsError) else HOPELESS
        return refusals, Noted(started.target, f"{why}, but it cannot be rolled back: {error}", "error")
    return 0, Noted(started.target, f"{why}: ECS was asked to roll back", "warning")
