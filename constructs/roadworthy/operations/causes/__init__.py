"""Why a task stopped, an event was written or a deployment failed: ECS's words -> the cause, and what to do about it.

Nothing here asks AWS. Texts that nobody knows are told in ECS's own words; what is normal has no cause.
"""

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.deployment import cause_of_deployment
from roadworthy.operations.causes.event import cause_of_event
from roadworthy.operations.causes.target import cause_of_target
from roadworthy.operations.causes.task import cause_of_task

__all__ = ["Cause", "cause_of_deployment", "cause_of_event", "cause_of_target", "cause_of_task"]
