import pytest

from roadworthy.operations.causes import cause_of_event, cause_of_task
from roadworthy.operations.ecs.task import Task

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:4f1c2ab"


@pytest.fixture
def stopped():
    """A task that stopped: its stop code, its reason, and what its container has besides."""

    def build(stop_code, stopped_reason, *others, **container):
        api = {"name": "api", "image": IMAGE, "lastStatus": "STOPPED", **container}
        raw = {
            "lastStatus": "STOPPED",
            "stopCode": stop_code,
            "stoppedReason": stopped_reason,
            "containers": [api, *others],
        }
        return Task.parse(raw)

    return build


@pytest.fixture
def start(stopped):
    """(kind, what, next step) of a task that never started, by its reason."""

    def cause(reason):
        found = cause_of_task(stopped("TaskFailedToStart", reason))
        return found and (found.kind, found.what, found.next_step)

    return cause


@pytest.fixture
def event():
    """(kind, what, next step) of a service's event."""

    def cause(message):
        found = cause_of_event(message)
        return found and (found.kind, found.what, found.next_step)

    return cause
