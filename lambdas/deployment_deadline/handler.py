"""Lambda `deployment-deadline`: rolls back what is not over in time.

EventBridge calls it when a deployment begins: it arranges with EventBridge Scheduler to be called again at the
deployment's end, unless an event says before that it is over. Whether a new version never starts, a hook never answers
or an approval is forgotten, no deployment hangs for the 24 hours that ECS gives each of its stages. A service's first
deployment is ended as well: there is nothing to go back to, but its creation fails at once rather than after hours.

What goes wrong is raised: Lambda tries again, and then puts the event into the dead-letter queue.
"""

import logging
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from deployment_deadline import events, settings
from deployment_deadline.deadline import Deadline
from deployment_deadline.events import Changed
from deployment_deadline.schedule import Schedules
from deployment_hook.options import Options

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

CONFIG = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})

logging.getLogger("deployment_deadline").setLevel(logging.INFO)


def handler(event: object, context: Any) -> None:
    """Take note of a deployment's change, or of the end of its time."""
    called_with = events.parse(event)
    chosen = settings.parse(Options(os.environ))
    deadline = Deadline(
        ecs(),
        Schedules(scheduler(), chosen, context.invoked_function_arn),
        timedelta(seconds=chosen.deadline_seconds),
        datetime.now(UTC),
    )
    if isinstance(called_with, Changed):
        deadline.changed(called_with)
    else:
        deadline.expired(called_with.deployment)


@cache
def ecs() -> "ECSClient":
    """The ECS client, made on first use and kept for the life of the execution environment."""
    return boto3.client("ecs", config=CONFIG)


@cache
def scheduler() -> Any:
    """The Scheduler client."""
    return boto3.client("scheduler", config=CONFIG)
