import pytest

from roadworthy.operations.diagnose.verdict import Status
from roadworthy.testing import faults


def test_a_healthy_service_passes_every_check(account, diagnosed):
    diagnosis = diagnosed(account(alarms=["api-5xx"]))
    assert {verdict.check.id: verdict.status for verdict in diagnosis.verdicts if verdict.status is not Status.OK} == {}
    assert diagnosis.well


def test_a_deployment_under_way_is_nothing_wrong(account, diagnosed):
    fake = account()
    fake.deploy(seconds=25)
    assert diagnosed(fake).well


def test_what_failed_before_the_last_success_is_over(account, diagnosed):
    fake = account()
    fake.deploy(faults.crash_loop())
    fake.deploy()
    assert diagnosed(fake).well


def test_a_worker_has_no_targets_to_look_at(account, diagnosed):
    diagnosis = diagnosed(account(load_balancer=False, port=None))
    skips = {verdict.check.id: verdict.skips[0].why for verdict in diagnosis.verdicts if verdict.skips}
    assert skips["targets-healthy"] == skips["network-path"] == "it has no load balancer"
    assert diagnosis.well


def test_a_task_that_was_scaled_in_is_no_failure(account, diagnosed):
    fake = account(desired=3)
    fake.session().client("ecs").update_service(cluster="shop", service="api", desiredCount=1)
    fake.clock.sleep(120)
    assert diagnosed(fake).well


@pytest.mark.parametrize("seconds", [1, 10, 19])
def test_tasks_that_start_after_a_scale_out_are_nothing_wrong(account, diagnosed, seconds):
    fake = account()
    fake.session().client("ecs").update_service(cluster="shop", service="api", desiredCount=9)
    fake.clock.sleep(seconds)
    assert diagnosed(fake).well


def test_a_service_that_starts_for_the_first_time_is_nothing_wrong(account, diagnosed):
    fake = account(deployed=False)
    fake.clock.sleep(10)
    assert diagnosed(fake).well


def test_fargate_spot_takes_the_place_of_the_launch_type(account, diagnosed):
    fake = account()
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 4}, {"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
    fake.session().client("ecs").update_service(cluster="shop", service="api", capacityProviderStrategy=spot)
    fake.clock.sleep(600)
    assert diagnosed(fake).well


def test_tasks_that_start_in_the_place_of_ones_that_crashed_are_missing(account, found):
    fake = account()
    fake.deploy(faults.crash_loop(after=200), seconds=235)
    looks = ("error", "tasks-missing", "0 of 2 tasks run, 2 are starting", "Look at why tasks stopped")
    assert found(fake, "running-tasks") == [looks]
