"""10 -> 50 -> 100 on a simulated ECS: the traffic that green has, second by second, and that it is taken back."""

import collections

import pytest
from deployment_steps import handler

from roadworthy.testing import FakeEcs, faults
from tests.unit.lambdas.support.events import Context

ROLE = "arn:aws:iam::111122223333:role/any"
FINAL = {"SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}


@pytest.fixture
def fake(monkeypatch):
    fake = FakeEcs()
    for name, value in {"STOPS": "10,50", "HOLD_SECONDS": "120", "POLL_SECONDS": "15"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(handler.time, "time", fake.clock.now)
    arn = fake.add_function("steps", lambda event, _: handler.handler(event, Context()))
    hook = {"hookTargetArn": arn, "roleArn": ROLE, "lifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"]}
    linear = {"strategy": "LINEAR", "step_percent": 10.0, "step_bake_minutes": 0}
    fake.add_service("shop", "api", image="api:1", hooks=[hook], **linear)
    return fake


def deploy(fake):
    """How it ended, and for how many seconds green had each part of the traffic."""
    ecs = fake.session().client("ecs")
    service = ecs.update_service(cluster="shop", service="api", forceNewDeployment=True)["service"]
    seconds = collections.Counter()
    while True:
        fake.clock.sleep(1)
        (found,) = ecs.describe_service_deployments(serviceDeploymentArns=[service["currentServiceDeployment"]])[
            "serviceDeployments"
        ]
        seconds[found["targetServiceRevision"].get("requestedProductionTrafficWeight", 0)] += 1
        if found["status"] in FINAL:
            return found["status"], seconds


def test_green_has_each_part_for_its_time_and_passes_the_others(fake):
    status, seconds = deploy(fake)
    assert status == "SUCCESSFUL"
    assert {part for part, time in seconds.items() if 0 < part < 100 and time >= 120} == {10, 50}
    assert max(seconds[part] for part in (20, 30, 40, 60, 70, 80, 90)) < 60


def test_a_deployment_that_fails_when_all_traffic_is_moved_goes_back(fake):
    fake.script("api", faults.hook_failure("POST_PRODUCTION_TRAFFIC_SHIFT"))
    status, seconds = deploy(fake)
    assert status == "ROLLBACK_SUCCESSFUL"
    assert seconds[100] > 0
