"""Asking ECS to roll a deployment back.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
"""

from roadworthy.operations.errors import OperationError
from roadworthy.operations.follow.events import Noted
from roadworthy.operations.follow.start import Started


def ask_to_roll_back(started: Started, why: str) -> Noted:
    """Ask; the answer is what to tell of it. A deployment that has just ended is none to roll back."""
    if started.deployment is None:
        return Noted(started.target, f"{why}, but ECS names no deployment that could be rolled back", "error")
    aws = started.target.cluster.aws
    try:
        aws.call("ecs", "stop_service_deployment", serviceDeploymentArn=started.deployment, stopType="ROLLBACK")
    except OperationError as error:
        return Noted(started.target, f"{why}, but it cannot be rolled back: {error}", "error")
    return Noted(started.target, f"{why}: ECS was asked to roll back", "warning")
