"""The alarms that a deployment watches: by name, and each once."""

from collections.abc import Sequence

from aws_cdk import aws_ecs as ecs

from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.values import is_token

_LONGEST_NAME = 255  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html


def watch(service: ecs.FargateService, alarms: Sequence[str], *, rollback: bool) -> None:
    """Let the deployments of `service` watch them; without any the template says nothing of alarms."""
    if alarms:
        behavior = ecs.AlarmBehavior.ROLLBACK_ON_ALARM if rollback else ecs.AlarmBehavior.FAIL_ON_ALARM
        service.enable_deployment_alarms(list(alarms), behavior=behavior)


def refuse_alarms(alarms: Sequence[str]) -> None:
    """Refuse names that no alarm has; tokens pass unchecked.

    Raises:
        InvalidDeploymentError: it is no list of names, or names an alarm twice.
    """
    if isinstance(alarms, str):
        raise InvalidDeploymentError(f"deployment alarms {alarms!r} is one text: write a list of names")
    if not isinstance(alarms, Sequence):
        raise InvalidDeploymentError(f"deployment alarms = {alarms!r} is no list of names")
    if is_token(alarms):
        return
    for name in alarms:
        if is_token(name):
            continue
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
            raise InvalidDeploymentError(f"deployment alarm {name!r} is no name of 1 to {_LONGEST_NAME} characters")
        if name.startswith("arn:"):
            raise InvalidDeploymentError(f"deployment alarm {name!r} is an ARN: ECS takes alarms by name")
    if len(set(alarms)) < len(alarms):
        raise InvalidDeploymentError(f"deployment names an alarm twice: {', '.join(alarms)}")
