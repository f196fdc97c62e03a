"""An event, and what ECS says of it -> the notice."""

from deployment_notifier.events import AlarmEvent, DeploymentEvent
from deployment_notifier.notice import Mood, Notice
from deployment_notifier.rollout import Rollout

TITLES = {
    "SERVICE_DEPLOYMENT_IN_PROGRESS": (Mood.INFO, "deployment started"),
    "SERVICE_DEPLOYMENT_COMPLETED": (Mood.GOOD, "deployed"),
    "SERVICE_DEPLOYMENT_FAILED": (Mood.BAD, "deployment failed"),
}
# ECS sends the same events for the deployment that brings the old version back; none of them is a success.
BACKWARDS = {
    "SERVICE_DEPLOYMENT_IN_PROGRESS": "rolling back",
    "SERVICE_DEPLOYMENT_COMPLETED": "rolled back",
    "SERVICE_DEPLOYMENT_FAILED": "deployment failed, rolling back",
}
STATES = {"ALARM": (Mood.BAD, "alarm"), "OK": (Mood.GOOD, "alarm is over")}


def of_deployment(event: DeploymentEvent, rollout: Rollout | None, *, environment: str) -> Notice:
    """What is told of a deployment; without `rollout` (ECS was not to be asked) all but the images."""
    mood, title = TITLES.get(event.name, (Mood.INFO, event.name.lower().replace("_", " ")))
    if (rollout is not None and rollout.goes_back) or "rolling back" in event.reason:
        mood, title = Mood.BAD, BACKWARDS.get(event.name, title)
    if rollout is not None and rollout.status == "ROLLBACK_FAILED":
        title = "rollback failed"
    return Notice(
        id=event.id,
        mood=mood,
        title=title,
        subject=event.service,
        environment=environment,
        reason=event.reason,
        time=event.time,
        link=event.link,
        images=rollout.images if rollout else (),
    )


def of_alarm(event: AlarmEvent, *, environment: str) -> Notice:
    """What is told of an alarm."""
    mood, title = STATES.get(event.state, (Mood.INFO, f"alarm has {event.state.lower().replace('_', ' ')}"))
    return Notice(
        id=event.id,
        mood=mood,
        title=title,
        subject=event.name,
        environment=environment,
        reason=event.reason,
        time=event.time,
        link=event.link,
    )
