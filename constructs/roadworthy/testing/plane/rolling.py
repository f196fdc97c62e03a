"""A rolling deployment: new tasks come up and old ones go, as the percentages let them."""

from roadworthy.testing.plane import monitors
from roadworthy.testing.plane.process import Steps
from roadworthy.testing.plane.rollout import Rollout
from roadworthy.testing.plane.scheduler import settled

LONGEST = 30 * 24 * 3600.0  # seconds: "a deployment can take up to 30 days"


def deploy(rollout: Rollout) -> Steps:
    """Replace the tasks, then watch the alarms for the bake time."""
    service, configuration = rollout.service, rollout.record.configuration
    rollout.scheduler.reconcile(service)
    yield from rollout.until(lambda: settled(service), LONGEST)
    if monitors.alarm_names(configuration):
        yield from rollout.sleep(60.0 * configuration.get("bakeTimeInMinutes", 0))
