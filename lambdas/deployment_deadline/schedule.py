"""One-time schedules of EventBridge Scheduler, which call this function again when a deployment's time is over.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
A schedule's name comes from the deployment and from its end, so that making it twice makes one, and whoever wants to
delete it need not have kept anything.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from deployment_deadline.deployments import Deployment
from deployment_deadline.settings import Settings
from deployment_hook.troubles import code

KEY = "expiredServiceDeployment"  # what the function is called with: {KEY: the deployment's ARN}
_NAME_LENGTH = 64


@dataclass(frozen=True)
class Schedules:
    """`client` is the Scheduler's, `function` the ARN that it calls. The methods raise botocore's exceptions."""

    client: Any
    settings: Settings
    function: str

    def make(self, deployment: Deployment, end: datetime) -> None:
        """Have the function called at the end of a deployment's time; nothing happens when that is arranged."""
        try:
            self.client.create_schedule(
                Name=name(deployment, end),
                GroupName=self.settings.schedule_group,
                Description=f"Rolls {deployment.arn} back"[:512],
                ScheduleExpression=f"at({end.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self.function,
                    "RoleArn": self.settings.scheduler_role,
                    "Input": json.dumps({KEY: deployment.arn}),
                    "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600},
                },
            )
        except ClientError as error:
            if code(error) != "ConflictException":
                raise

    def delete(self, deployment: Deployment, end: datetime) -> bool:
        """Delete a schedule that is no longer needed; whether there was one."""
        try:
            self.client.delete_schedule(Name=name(deployment, end), GroupName=self.settings.schedule_group)
        except ClientError as error:
            if code(error) != "ResourceNotFoundException":
                raise
            return False
        return True


def name(deployment: Deployment, end: datetime) -> str:
    """`deadline-<service>-<digest>`; a schedule's name has at most 64 characters."""
    digest = hashlib.sha256(f"{deployment.arn} {end.timestamp():.0f}".encode()).hexdigest()[:16]
    service = deployment.arn.split("/")[-2]
    return f"deadline-{service[: _NAME_LENGTH - len('deadline--') - len(digest)]}-{digest}"
