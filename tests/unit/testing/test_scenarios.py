"""A small pipeline meets everything that can go wrong: restart services, follow the deployment, tell the truth."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from roadworthy.testing import FakeEcs, faults
from tests.unit.testing.plane_lab import HOUR, IMAGE, LIVE, Lab

ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})


def restart(ecs, clock, service, cluster="shop", timeout=900):
    """Start a deployment, follow that one, and roll it back when it takes too long; returns its last status."""
    answer = ecs.update_service(cluster=cluster, service=service, forceNewDeployment=True)["service"]
    arn, deadline, asked = answer["currentServiceDeployment"], clock.now() + timeout, False
    while (status := status_of(ecs, arn)) in LIVE:
        if clock.now() > deadline and not asked:
            ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
            asked = True
        clock.sleep(5)
    return "TIMED_OUT" if asked else status


def status_of(ecs, arn):
    return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]["status"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.none(), "SUCCESSFUL"),
        (faults.slow_start(300), "SUCCESSFUL"),
        (faults.crash_loop(tasks=2), "SUCCESSFUL"),
        (faults.pull_error(), "ROLLBACK_SUCCESSFUL"),
        (faults.crash_loop(), "ROLLBACK_SUCCESSFUL"),
        (faults.failed_health_checks("Target.ResponseCodeMismatch"), "ROLLBACK_SUCCESSFUL"),
        (faults.secret_missing(), "ROLLBACK_SUCCESSFUL"),
        (faults.rolled_back(after=20), "ROLLBACK_SUCCESSFUL"),
        (faults.crash_loop() & faults.rollback_fails(), "ROLLBACK_FAILED"),
        (faults.replaced(after=10), "STOPPED"),
        (faults.stopped(after=10), "STOPPED"),
        (faults.never_starts(), "TIMED_OUT"),
        (faults.crash_loop() & faults.no_circuit_breaker(), "TIMED_OUT"),
    ],
)
def test_each_outcome_is_told_apart(fault, outcome):
    lab = Lab(fault)
    assert restart(lab.ecs, lab.fake.clock, "api") == outcome
    assert lab.service()["status"] == "ACTIVE"


def test_waiting_for_a_stable_service_would_call_a_rollback_a_success():
    lab = Lab(faults.crash_loop())
    assert lab.deploy()["status"] == "ROLLBACK_SUCCESSFUL"
    lab.ecs.get_waiter("services_stable").wait(cluster="shop", services=["api"])


def test_the_cause_is_known_while_the_deployment_still_runs():
    lab = Lab(faults.pull_error(after=12))
    arn = lab.update()
    lab.sleep(20)
    assert lab.deployment(arn)["status"] == "IN_PROGRESS"
    assert "CannotPullContainerError" in lab.failed()[0]["stoppedReason"]


def test_of_ten_services_three_fail_and_the_rest_go_on():
    fake = FakeEcs()
    names = [f"svc-{number}" for number in range(10)]
    for name in names:
        fake.add_service("shop", name, image=IMAGE)
    for name in ("svc-2", "svc-5", "svc-7"):
        fake.script(name, faults.crash_loop())
    ecs = fake.session().client("ecs")
    outcomes = {name: restart(ecs, fake.clock, name) for name in names}
    assert [name for name in names if outcomes[name] != "SUCCESSFUL"] == ["svc-2", "svc-5", "svc-7"]


def test_services_are_restarted_at_the_same_time():
    fake = FakeEcs()
    names = [f"svc-{number}" for number in range(16)]
    for name in names:
        fake.add_service("shop", name, image=IMAGE)
    ecs = fake.session().client("ecs")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda name: restart(ecs, fake.clock, name, timeout=HOUR), names))
    assert outcomes == ["SUCCESSFUL"] * 16
    assert all(one.steady for one in fake.plane.services())


def test_a_pile_up_is_seen_before_it_is_made_worse():
    lab = Lab(faults.five_active_deployments(count=4))
    busy = lab.ecs.list_service_deployments(cluster="shop", service="api", status=["PENDING", "IN_PROGRESS"])
    assert len(busy["serviceDeployments"]) == 1
    assert len(lab.service()["deployments"]) == 4


def test_a_pile_up_is_cancelled():
    lab = Lab(faults.five_active_deployments(count=4, released_after=300))
    busy = lab.service()["currentServiceDeployment"]
    lab.ecs.stop_service_deployment(serviceDeploymentArn=busy)
    assert lab.follow(busy)["status"] == "ROLLBACK_SUCCESSFUL"
    assert restart(lab.ecs, lab.fake.clock, "api") == "SUCCESSFUL"


def test_a_missing_permission_is_named():
    lab = Lab()
    lab.fake.aws.deny("ecs:UpdateService")
    with pytest.raises(ClientError, match="is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:"):
        restart(lab.ecs, lab.fake.clock, "api")


def test_a_third_of_the_calls_is_throttled_the_same_ones_each_time():
    def refused():
        lab = Lab()
        lab.fake.aws.throttle(rate=0.3, seed=7, action="ecs:Describe*")
        ecs = lab.fake.session().client("ecs", config=ONCE)
        for _ in range(50):
            with contextlib.suppress(ecs.exceptions.ClientError):
                ecs.describe_clusters(clusters=["shop"])
        return [number for number, call in enumerate(lab.fake.calls) if call.error == "ThrottlingException"]

    assert refused() == refused()
    assert 10 <= len(refused()) <= 20


def test_throttled_calls_are_retried_by_boto3():
    lab = Lab()
    lab.fake.aws.throttle(rate=0.5, seed=36, action="ecs:Describe*")
    ecs = lab.fake.session().client("ecs", config=Config(retries={"mode": "standard", "total_max_attempts": 10}))
    assert [status_of(ecs, lab.update()) for _ in range(3)] == ["PENDING"] * 3
    assert "ThrottlingException" in [call.error for call in lab.fake.calls]


def test_a_dropped_connection_is_an_error_of_the_connection():
    lab = Lab()
    lab.fake.aws.reset_connections(count=1)
    ecs = lab.fake.session().client("ecs", config=ONCE)
    with pytest.raises(ConnectionClosedError):
        ecs.list_clusters()
    assert ecs.list_clusters()["clusterArns"] == [lab.service()["clusterArn"]]


def test_an_unknown_service_is_not_found():
    lab = Lab()
    with pytest.raises(lab.ecs.exceptions.ServiceNotFoundException):
        restart(lab.ecs, lab.fake.clock, "apy")
