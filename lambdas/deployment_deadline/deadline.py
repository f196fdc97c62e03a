"""A deployment that goes forward has a schedule until its end; what is over, or goes back, has none.

Each event only says that something has changed, so that it does not matter how often it comes or in which order.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deployment_deadline import deployments, events
from deployment_deadline.deployments import Deployment
from deployment_deadline.events import Changed
from deployment_deadline.schedule import Schedules

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

EARLIER = timedelta(hours=1)  # deployments older than their time and this have no schedule any more
SOON = timedelta(seconds=5)  # a schedule needs a moment to be made
MARGIN = timedelta(minutes=1)  # the Scheduler is exact to the minute
FRESH = timedelta(minutes=2)  # an event can be there before ECS lists its deployment
AROUND = timedelta(minutes=5)

logger = logging.getLogger(__name__)


class NotListedError(Exception):
    """A deployment has just begun, but ECS does not list it yet; Lambda calls again after a minute."""


@dataclass(frozen=True)
class Deadline:
    """`length` is how long a deployment may take. The methods raise botocore's exceptions."""

    ecs: "ECSClient"
    schedules: Schedules
    length: timedelta
    now: datetime

    def changed(self, event: Changed) -> None:
        """Bring the schedules of a service up to date; raises NotListedError."""
        found = list(
            deployments.since(
                self.ecs,
                service=event.service,
                cluster=event.cluster,
                time=event.time - self.length - EARLIER,
            )
        )
        for deployment in found:
            self._follow(deployment)
        is_listed = any(not each.is_over or each.began >= event.time - AROUND for each in found)
        if event.name == events.BEGAN and not is_listed and self.now < event.time + FRESH:
            raise NotListedError(f"ECS does not list the deployment of {event.service} that began at {event.time}")

    def expired(self, arn: str) -> None:
        """Roll a deployment back that is not over, unless a person is to decide: that gets the same time anew."""
        deployment = deployments.find(self.ecs, arn)
        if not deployment or not deployment.goes_on:
            logger.info("%s is %s: nothing to do", arn, deployment.status if deployment else "unknown to ECS")
        elif deployment.waits:
            end = self._end(deployment, self.now + MARGIN)
            self.schedules.make(deployment, end)
            logger.warning("%s waits for a decision: it has time until %s", arn, end)
        else:
            self._roll_back(deployment)

    def _follow(self, deployment: Deployment) -> None:
        end = self._end(deployment, self.now)
        if not deployment.goes_on:
            if self.schedules.delete(deployment, end):
                logger.info("%s is %s: its schedule is deleted", deployment.arn, deployment.status)
        elif self.now + SOON < deployment.began + self.length:
            self.schedules.make(deployment, end)
            logger.info("%s has time until %s", deployment.arn, end)
        else:
            self.expired(deployment.arn)

    def _end(self, deployment: Deployment, now: datetime) -> datetime:
        """The end of its time; or, when that has passed, the end of the time that it was given anew."""
        rounds = max((now - deployment.began) // self.length, 0)
        return deployment.began + (rounds + 1) * self.length

    def _roll_back(self, deployment: Deployment) -> None:
        stopped = deployments.roll_back(self.ecs, deployment.arn)
        if not stopped:
            logger.info("%s was over in the meantime", deployment.arn)
            return
        minutes = (self.now - deployment.began).total_seconds() / 60
        there_is = "there is no version to go back to" if deployment.first else "ECS rolls it back"
        logger.error("%s is not over after %.0f min: %s", deployment.arn, minutes, there_is)
